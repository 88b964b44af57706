"""Extensions: asked with a reason, decided above by somebody else, without effect until the complainant is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.models.accounts import Account, Grant
from app.models.cases import Case, CaseApproval, CaseBar
from app.models.evidence import Notice
from app.queries.case_approvals import count_approvals, list_approvals, open_approval
from app.queries.case_detail import read_case
from app.services.case_extensions import ask_extension, decide_extension, notice_extension
from app.services.case_handling import add_new_facts, classify
from tests.cast import EAST, EAST_CITY, HEAD, NOW, PEOPLE, actor
from tests.services.casework import make_case
from tests.services.test_case_handling import DAY, HOUR, TOLD, do

CLERK, MANAGER = PEOPLE["clerk_city"][0], PEOPLE["manager"][0]


def complex_case(session: Session, **values: Any) -> Case:
    """A complaint of the branch below, received ten days ago and complex."""
    received = NOW - 10 * DAY
    values = {"branch_id": EAST_CITY, "handler_id": CLERK, "received_at": received, "now": received + DAY, **values}
    case = make_case(session, actor(session, "clerk_city"), **values)
    do(session, classify, case, who="clerk_city", reason="须鉴定", at=NOW - DAY)
    return case


def ask(session: Session, case: Case, *, who: str = "clerk_city", authority: str = "superior", **values: Any) -> int:
    """Ask for an extension."""
    approval: int = do(
        session, ask_extension, case, who=who, **{"reason": "鉴定机构排期", "authority": authority, **values}
    )
    return approval


def decide(session: Session, case: Case, who: str = "manager", *, approved: bool = True, answer: str = "同意") -> None:
    """Decide on it."""
    do(session, decide_extension, case, who=who, approved=approved, answer=answer)


def tell(session: Session, case: Case, **values: Any) -> None:
    """Tell the complainant."""
    version = case.version
    telling = replace(TOLD, **values)
    notice_extension(session, actor(session, "clerk_city"), case.id, telling=telling, version=version, now=NOW)


def head_manager(session: Session) -> None:
    """A manager at the head office."""
    session.add(
        Account(
            id=199,
            username="manager_head",
            full_name="负责总",
            branch_id=HEAD,
            track="business",
            state="active",
            created_at=NOW,
        )
    )
    session.flush()
    session.add(Grant(account_id=199, track="business", role="manager", branch_id=HEAD, valid_from=NOW - 100 * DAY))
    session.flush()
    PEOPLE.setdefault("manager_head", (199, "负责总", "manager", HEAD))


@pytest.fixture(autouse=True)
def _leave_the_cast_alone() -> Any:
    yield
    PEOPLE.pop("manager_head", None)


def test_an_extension_is_asked_approved_above_and_works_once_told(session: Session) -> None:
    case = complex_case(session)
    assert case.due_on == date(2026, 12, 12)

    ask(session, case)
    told = session.scalars(select(Notice).where(Notice.kind == "case_extension_asked")).all()
    waiting = list_approvals(session, actor(session, "manager")).items
    decide(session, case)
    assert (case.due_on, case.is_extended) == (date(2026, 12, 12), False)
    tell(session, case)

    approval = session.scalars(select(CaseApproval)).one()
    answered = session.scalars(select(Notice).where(Notice.kind == "case_extension_approved")).all()
    assert (case.due_on, case.is_extended) == (date(2027, 1, 11), True)
    assert [notice.account_id for notice in told] == [MANAGER]
    assert [(row.number, row.about, row.asker) for row in waiting] == [(case.number, "extension", "业务乙")]
    assert (approval.branch_id, approval.authority, approval.decided_by) == (EAST, "superior", MANAGER)
    assert [notice.account_id for notice in answered] == [CLERK]
    assert count_approvals(session, actor(session, "manager")) == 0


def test_a_refused_extension_changes_nothing_and_may_be_asked_again(session: Session) -> None:
    case = complex_case(session)
    ask(session, case, at=NOW - 3 * HOUR)

    decide(session, case, approved=False, answer="理由不足")

    assert case.due_on == date(2026, 12, 12)
    with pytest.raises(WrongState, match=r"clock\.extension_not_approved"):
        tell(session, case)
    ask(session, case, at=NOW)


def test_an_extension_needs_a_complex_case(session: Session) -> None:
    plain = make_case(session, actor(session, "clerk_city"), branch_id=EAST_CITY, handler_id=CLERK)

    with pytest.raises(WrongState, match=r"clock\.extension_before_complex"):
        ask(session, plain)


def test_a_request_says_why_and_to_whom(session: Session) -> None:
    case = complex_case(session)

    with pytest.raises(Invalid, match="reason"):
        ask(session, case, reason=" ")
    with pytest.raises(Invalid, match="authority"):
        ask(session, case, authority="friend")
    ask(session, case)
    with pytest.raises(WrongState, match=r"clock\.extension_open"):
        ask(session, case)


def test_nobody_decides_on_his_own_request_or_case(session: Session) -> None:
    head_manager(session)
    case = complex_case(session)
    ask(session, case, who="manager", authority="head_office")
    assert open_approval(session, actor(session, "manager"), case.id, "extension").may_decide is False  # type: ignore[union-attr]

    with pytest.raises(NotAllowed):
        decide(session, case, "manager")
    case.handler_id = 199
    session.flush()
    with pytest.raises(WrongState, match=r"case\.own_approval"):
        decide(session, case, "manager_head")
    assert list_approvals(session, actor(session, "manager_head")).items == []


def test_a_request_to_the_branch_above_is_not_decided_by_the_asker(session: Session) -> None:
    head_manager(session)
    case = complex_case(session)

    with pytest.raises(WrongState, match=r"case\.nobody_decides"):
        ask(session, case, who="manager")


def test_the_head_office_decides_what_is_asked_of_it(session: Session) -> None:
    head_manager(session)
    case = complex_case(session)
    ask(session, case, authority="head_office")

    with pytest.raises(NotAllowed):
        decide(session, case, "manager")
    decide(session, case, "manager_head")

    assert session.scalars(select(CaseApproval.decided_by)).one() == 199


def test_where_nobody_may_decide_nothing_is_asked(session: Session) -> None:
    case = complex_case(session)
    session.add(CaseBar(case_id=case.id, account_id=MANAGER, relation="interest", barred_by=None, barred_at=NOW))
    session.flush()

    for authority in ("superior", "head_office"):
        with pytest.raises(WrongState, match=r"case\.nobody_decides"):
            ask(session, case, authority=authority)


def test_a_manager_who_is_barred_finds_nothing_to_decide(session: Session) -> None:
    case = complex_case(session)
    ask(session, case)
    session.add(CaseBar(case_id=case.id, account_id=MANAGER, relation="relative", barred_by=None, barred_at=NOW))
    session.flush()

    with pytest.raises(NotFound):
        decide(session, case)
    assert list_approvals(session, actor(session, "manager")).items == []
    assert count_approvals(session, actor(session, "manager")) == 0


def test_a_clerk_decides_nothing_and_a_decision_says_why(session: Session) -> None:
    case = complex_case(session)
    ask(session, case)

    with pytest.raises((NotAllowed, NotFound)):
        decide(session, case, "clerk")
    with pytest.raises(Invalid, match="answer"):
        decide(session, case, answer="")


def test_an_extension_told_without_proof_does_not_work(session: Session) -> None:
    case = complex_case(session)
    ask(session, case)
    decide(session, case)

    with pytest.raises(Invalid, match="told_proof"):
        tell(session, case, proof="")

    assert not case.is_extended


def test_new_facts_make_an_open_request_needless(session: Session) -> None:
    case = complex_case(session)
    ask(session, case, at=NOW - 3 * HOUR)

    do(session, add_new_facts, case, who="clerk_city", reason="新录音")

    with pytest.raises(WrongState, match=r"case\.nothing_asked"):
        decide(session, case)


def test_an_extension_that_comes_too_late_is_kept_and_changes_nothing(session: Session) -> None:
    case = complex_case(session)
    ask(session, case)
    decide(session, case)
    later = NOW + timedelta(days=40)

    telling = replace(TOLD, told_at=later)
    notice_extension(session, actor(session, "clerk_city"), case.id, telling=telling, version=case.version, now=later)

    assert (case.is_extended, case.due_on) == (False, date(2026, 12, 12))
    assert read_case(session, actor(session, "clerk_city"), case.id, now=later).progress.extension == "told"
