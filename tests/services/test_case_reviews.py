"""核查: who takes it, within which days, who may neither handle nor see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.case_outcomes import Findings
from app.domain.cases import CaseStep
from app.domain.deadlines import EventKind
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.policy import Action
from app.models.accounts import Grant
from app.models.cases import Case, CaseApproval, CaseBar
from app.models.evidence import Notice
from app.queries.case_outcome import read_outcome
from app.queries.clocks import events_of, standings_of
from app.services.case_bars import add_bar
from app.services.case_decisions import decide, deliver, notify_outcome, propose, save_findings
from app.services.case_notifications import Telling
from app.services.case_reviews import Application, ask_review
from app.services.case_steps import load_case, statement_of, take_step
from tests.cast import EAST, HEAD, NOW, PEOPLE, actor
from tests.services.casework import make_case
from tests.services.deciding import HANDLER, decided, notified, plain_proposal

APPLICATION = Application(NOW, "不服处理结果", "金额过低", "核查申请书 1")


def ask(session: Session, case: Case, application: Application = APPLICATION, days: int = 0) -> Case:
    """Register an application as the clerk, `days` after the telling, and return the new case."""
    now = NOW + timedelta(days=days)
    number = ask_review(session, actor(session, "clerk"), case.id, application, version=case.version, now=now)
    return session.scalars(select(Case).where(Case.number == number)).one()


def later(days: int) -> Application:
    """An application that comes some days after the telling."""
    return Application(NOW + timedelta(days=days), "不服处理结果", "", "核查申请书 1")


def test_the_branch_above_takes_the_review_with_its_own_clock(session: Session) -> None:
    case = notified(session)

    review = ask(session, case)

    assert (review.kind, review.branch_id, review.parent_id) == ("review", HEAD, case.id)
    assert (review.accused_branch_id, review.number) == (EAST, "HC2026-000001")
    assert review.due_on == date(2026, 12, 22)
    assert statement_of(session, review).name == statement_of(session, case).name
    for holder in (case, review):
        kinds = [event.kind for event in events_of(session, "case", holder.id)]
        assert EventKind.REVIEW_ASKED in kinds


def test_who_handled_or_decided_neither_handles_nor_sees_the_review(session: Session) -> None:
    accused = PEOPLE["clerk_city"]
    case = notified(session, accused_name=accused[1])

    review = ask(session, case)

    bars = {
        bar.account_id: bar.relation for bar in session.scalars(select(CaseBar).where(CaseBar.case_id == review.id))
    }
    assert bars == {HANDLER: "interest", PEOPLE["manager"][0]: "interest", accused[0]: "accused"}
    for name in ("clerk", "manager", "clerk_city"):
        with pytest.raises(NotFound):
            load_case(session, actor(session, name), review.id, Action.CASE_VIEW)
    assert read_outcome(session, actor(session, "clerk"), case.id, now=NOW).reviews == []


def test_the_managers_above_are_told(session: Session) -> None:
    who = PEOPLE["archivist_head"][0]
    session.add(Grant(account_id=who, track="business", role="manager", branch_id=HEAD, valid_from=NOW))
    session.flush()

    review = ask(session, notified(session))

    told = session.scalars(select(Notice.account_id).where(Notice.kind == "case_review_to_assign")).all()
    assert list(told) == [who]
    head = actor(session, "archivist_head")
    assert read_outcome(session, head, review.id, now=NOW).parent is not None
    assert [line.number for line in read_outcome(session, head, review.parent_id or 0, now=NOW).reviews] == [
        review.number
    ]


@pytest.mark.parametrize("days", [0, 30])
def test_an_application_within_thirty_days_is_taken(session: Session, days: int) -> None:
    case = notified(session)

    assert ask(session, case, later(days), days).state == "registered"


def test_an_application_after_thirty_days_is_refused(session: Session) -> None:
    case = notified(session)

    with pytest.raises(WrongState, match=r"outcome\.review_late"):
        ask(session, case, later(31), 31)

    assert session.scalars(select(Case).where(Case.parent_id == case.id)).all() == []


def test_the_days_are_counted_from_the_arrival_of_the_letter(session: Session) -> None:
    case = notified(session, channel="post")
    arrived = NOW + timedelta(days=5)
    deliver(session, actor(session, "clerk"), case.id, date(2026, 11, 27), "回证", version=case.version, now=arrived)

    review = ask(session, case, later(35), 35)

    assert review.state == "registered"
    assert standings_of(session, "case", case.id, now=NOW + timedelta(days=36))["review_request"].state == "met"


def test_a_late_entry_of_a_timely_application_is_taken(session: Session) -> None:
    case = notified(session)

    assert ask(session, case, later(29), 40).state == "registered"


def test_there_is_one_review_of_a_decision(session: Session) -> None:
    case = notified(session)
    ask(session, case)

    with pytest.raises(WrongState, match=r"clock\.review_asked_twice"):
        ask(session, case)


def test_what_is_not_told_yet_is_not_reviewed(session: Session) -> None:
    case = decided(session)

    with pytest.raises(WrongState):
        ask(session, case)


def test_the_head_office_has_nobody_above(session: Session) -> None:
    case = notified(session)
    case.branch_id = HEAD
    session.flush()
    who = session.get_one(Grant, session.scalars(select(Grant.id).where(Grant.account_id == HANDLER)).one())
    assert who.role == "clerk"

    with pytest.raises(WrongState, match="no_superior"):
        ask(session, case)


@pytest.mark.parametrize("field", ["request", "proof"])
def test_an_application_says_what_it_asks_and_has_its_proof(session: Session, field: str) -> None:
    case = notified(session)
    values = {"request": "x", "proof": "y", field: " "}

    with pytest.raises(Invalid) as refused:
        ask(session, case, Application(NOW, values["request"], "", values["proof"]))

    assert list(refused.value.problems) == [field]


def test_a_review_is_decided_told_and_closed_and_the_parent_stays(session: Session) -> None:
    for name in ("clerk_west", "archivist_head"):
        role = "manager"
        session.add(Grant(account_id=PEOPLE[name][0], track="business", role=role, branch_id=HEAD, valid_from=NOW))
    session.flush()
    case = notified(session)
    review = ask(session, case)
    handler, head = actor(session, "clerk_west"), actor(session, "archivist_head")
    review.handler_id, review.declared_at = handler.account_id, NOW
    take_step(session, handler, review, CaseStep.ACCEPT, now=NOW)
    save_findings(session, handler, review.id, Findings("程序合规，金额有误。"), version=review.version, now=NOW)
    propose(session, handler, review.id, plain_proposal(session, review), version=review.version, now=NOW)
    decide(session, head, review.id, version=review.version, now=NOW)

    telling = Telling("phone", NOW, proof="录音 2")
    notify_outcome(session, handler, review.id, telling, None, version=review.version, now=NOW)

    assert (review.state, review.outcome, review.clock_state) == ("closed", "changed", "met")
    assert case.state == "notified"
    assert read_outcome(session, head, case.id, now=NOW).reviews[0].outcome == "changed"
    with pytest.raises(WrongState):
        ask_review(session, handler, review.id, APPLICATION, version=review.version, now=NOW)


def test_a_review_knows_no_pause_of_the_complaint(session: Session) -> None:
    review = ask(session, notified(session))

    assert standings_of(session, "case", review.id, now=NOW).keys() == {"review"}
    with pytest.raises(WrongState):
        take_step(session, actor(session, "manager"), review, CaseStep.PAUSE, now=NOW)


def test_a_registered_complaint_is_no_review(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), handler_id=HANDLER)

    with pytest.raises(WrongState):
        ask(session, case)


def test_who_is_barred_from_the_complaint_later_is_barred_from_its_review_too(session: Session) -> None:
    case = notified(session)
    review = ask(session, case)

    add_bar(session, actor(session, "manager"), case.id, "archivist", "relative", "投诉人的姐姐", now=NOW)

    barred = session.scalars(select(CaseBar.case_id).where(CaseBar.account_id == PEOPLE["archivist"][0])).all()
    assert set(barred) == {case.id, review.id}


def test_who_only_gave_more_time_may_take_the_review(session: Session) -> None:
    case = notified(session)
    given = CaseApproval(
        case_id=case.id,
        about="extension",
        asked_by=PEOPLE["clerk"][0],
        asked_at=NOW,
        branch_id=HEAD,
        approved=True,
        decided_by=PEOPLE["manager_west"][0],
        decided_at=NOW,
    )
    session.add(given)
    session.flush()

    review = ask(session, case)

    assert session.get(CaseBar, (review.id, PEOPLE["manager_west"][0])) is None
