"""Deciding complaints: drafts, the proposal, who may approve it, telling and arrival, root cause and remedies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.case_outcomes import Findings, PlannedRemedy, remedies_text
from app.domain.cases import CaseStep
from app.domain.deadlines import DeclineGround, Event, EventKind
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.models.accounts import Grant
from app.models.cases import CaseApproval, CaseBar, CaseFile, CaseNotification, CaseRemedy
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.ports import StoredBlob
from app.queries.case_outcome import read_outcome
from app.services import case_decisions as services
from app.services import case_remedies as mending
from app.services.case_notifications import Telling
from app.services.case_steps import statement_of, take_step
from tests.cast import HEAD, NOW, PEOPLE, actor
from tests.services.casework import make_case
from tests.services.deciding import LATER, accepted, decided, notified, plain_proposal, proposed, traced

TODAY = date(2026, 11, 22)
CLERK, MANAGER = PEOPLE["clerk"][0], PEOPLE["manager"][0]
LETTER = StoredBlob("a" * 64, "b" * 64, 1234)


def make_manager(session: Session, account: str, branch_id: int) -> None:
    """Let somebody manage a branch."""
    session.add(
        Grant(account_id=PEOPLE[account][0], track="business", role="manager", branch_id=branch_id, valid_from=NOW)
    )
    session.flush()


def test_findings_are_kept_and_the_trail_names_only_the_fields(session: Session) -> None:
    case = accepted(session)

    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "case_findings_written")).one()
    assert statement_of(session, case).finding.startswith("录音证实")
    assert entry.after == {"fields": "finding opinion"}


def test_a_stale_page_overwrites_no_findings(session: Session) -> None:
    case = accepted(session)

    with pytest.raises(WrongState, match=r"case\.changed"):
        services.save_findings(
            session, actor(session, "clerk"), case.id, Findings("旧"), version=case.version - 1, now=NOW
        )

    assert statement_of(session, case).finding.startswith("录音证实")


def test_mediation_is_not_told_of_without_its_course(session: Session) -> None:
    case = accepted(session)

    with pytest.raises(Invalid) as refused:
        services.save_findings(
            session, actor(session, "clerk"), case.id, Findings("x", is_mediated=True), version=case.version, now=NOW
        )

    assert refused.value.problems == {"mediation": ["outcome.mediation_missing"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": " "}, "decision"),
        ({"decision_basis": ""}, "decision_basis"),
        ({"outcome": "upheld"}, "outcome"),
        ({"remedies": "可以调解、仲裁、诉讼。"}, "remedies"),
        ({"remedies": "向某公司申请核查，可以调解、仲裁、诉讼。"}, "remedies"),
    ],
)
def test_a_proposal_says_all_that_the_letter_must_say(session: Session, changes: dict[str, str], field: str) -> None:
    case = accepted(session)

    with pytest.raises(Invalid) as refused:
        services.propose(
            *(session, actor(session, "clerk"), case.id, plain_proposal(session, case, **changes)),
            version=case.version,
            now=NOW,
        )

    assert list(refused.value.problems) == [field]
    assert case.state == "accepted"


def test_a_proposal_needs_findings(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), handler_id=CLERK)

    with pytest.raises(Invalid) as refused:
        services.propose(
            *(session, actor(session, "clerk"), case.id, plain_proposal(session, case)), version=case.version, now=NOW
        )

    assert refused.value.problems == {"finding": ["outcome.finding_missing"]}


def test_the_remedies_name_the_superior_and_the_days() -> None:
    text = remedies_text("complaint", "保档总公司")

    assert "30日内" in text
    assert "保档总公司" in text
    assert all(way in text for way in ("核查", "调解", "仲裁", "诉讼"))
    assert "核查" not in remedies_text("review", "保档总公司")
    assert "核查" not in remedies_text("complaint", "")


def test_a_proposal_goes_to_the_manager_who_is_told(session: Session) -> None:
    case = proposed(session)

    approval = session.scalars(select(CaseApproval).where(CaseApproval.case_id == case.id)).one()
    told = session.scalars(select(Notice.account_id).where(Notice.kind == "case_to_decide")).all()
    assert (case.state, approval.branch_id, list(told)) == ("proposed", case.branch_id, [MANAGER])
    assert read_outcome(session, actor(session, "clerk"), case.id, now=NOW).approval is not None


def test_the_handler_never_approves_himself(session: Session) -> None:
    """Where the only manager handles the case, the branch above decides; where nobody is above, nobody does."""
    case = make_case(session, actor(session, "manager"), handler_id=MANAGER)
    services.save_findings(
        session, actor(session, "manager"), case.id, Findings("查明。"), version=case.version, now=NOW
    )
    proposal = plain_proposal(session, case)

    with pytest.raises(WrongState, match="nobody_approves"):
        services.propose(session, actor(session, "manager"), case.id, proposal, version=case.version, now=NOW)
    make_manager(session, "archivist_head", HEAD)
    services.propose(session, actor(session, "manager"), case.id, proposal, version=case.version, now=NOW)

    approval = session.scalars(select(CaseApproval).where(CaseApproval.case_id == case.id)).one()
    assert approval.branch_id == HEAD
    with pytest.raises(WrongState, match="own_proposal"):
        services.decide(session, actor(session, "manager"), case.id, version=case.version, now=NOW)
    services.decide(session, actor(session, "archivist_head"), case.id, version=case.version, now=NOW)
    assert case.state == "decided"


def test_a_barred_manager_is_neither_asked_nor_let_in(session: Session) -> None:
    case = accepted(session)
    session.add(CaseBar(case_id=case.id, account_id=MANAGER, relation="relative", barred_at=NOW))
    make_manager(session, "archivist_head", HEAD)
    services.propose(
        *(session, actor(session, "clerk"), case.id, plain_proposal(session, case)), version=case.version, now=NOW
    )

    told = session.scalars(select(Notice.account_id).where(Notice.kind == "case_to_decide")).all()
    assert list(told) == [PEOPLE["archivist_head"][0]]
    with pytest.raises(NotFound):
        services.decide(session, actor(session, "manager"), case.id, version=case.version, now=NOW)


def test_a_clerk_approves_nothing(session: Session) -> None:
    case = proposed(session)

    with pytest.raises(NotAllowed):
        services.decide(session, actor(session, "clerk"), case.id, version=case.version, now=NOW)


def test_what_is_returned_can_be_proposed_again(session: Session) -> None:
    case = proposed(session)
    with pytest.raises(Invalid):
        services.return_proposal(session, actor(session, "manager"), case.id, " ", version=case.version, now=NOW)

    services.return_proposal(session, actor(session, "manager"), case.id, "补依据", version=case.version, now=NOW)
    assert case.state == "accepted"
    services.propose(
        *(session, actor(session, "clerk"), case.id, plain_proposal(session, case)), version=case.version, now=LATER
    )

    lines = read_outcome(session, actor(session, "manager"), case.id, now=NOW).approvals
    assert [(line.approved, line.answer) for line in lines] == [(False, "补依据"), (None, "")]


def test_the_decision_is_told_with_its_letter_kept(session: Session) -> None:
    case = decided(session)
    telling = Telling("post", NOW, proof="EMS 1001")

    services.notify_outcome(
        session, actor(session, "clerk"), case.id, telling, LETTER, pages=2, version=case.version, now=NOW
    )

    record = session.scalars(select(CaseNotification).where(CaseNotification.case_id == case.id)).one()
    paper = session.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).one()
    assert (case.state, case.clock_state, record.channel) == ("notified", "met", "post")
    assert (paper.kind, paper.pages, paper.name) == ("decision", 2, f"处理决定告知书{case.number}.pdf")


def test_nobody_is_told_before_it_is_decided(session: Session) -> None:
    case = decided(session)
    early = Telling("phone", NOW - timedelta(hours=1), proof="录音 1")

    with pytest.raises(Invalid) as refused:
        services.notify_outcome(session, actor(session, "clerk"), case.id, early, None, version=case.version, now=NOW)

    assert refused.value.problems == {"told_at": ["outcome.told_before_decided"]}


def test_a_letter_starts_the_right_when_it_arrives(session: Session) -> None:
    later = NOW + timedelta(days=3)
    case = notified(session, channel="post")
    before = read_outcome(session, actor(session, "clerk"), case.id, now=later)

    services.deliver(
        session, actor(session, "clerk"), case.id, date(2026, 11, 25), "回证 1", version=case.version, now=later
    )

    after = read_outcome(session, actor(session, "clerk"), case.id, now=later)
    assert (before.review_until, before.review_state) == (None, "not_started")
    assert (after.review_until, after.review_state) == (date(2026, 12, 25), "running")
    assert after.delivered_on == date(2026, 11, 25)


def test_a_letter_does_not_arrive_before_it_was_sent(session: Session) -> None:
    case = notified(session, channel="post")

    with pytest.raises(Invalid):
        services.deliver(
            session, actor(session, "clerk"), case.id, date(2026, 11, 20), "回证", version=case.version, now=NOW
        )


def test_a_declined_complaint_ends_when_it_is_told(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk, handler_id=CLERK)
    event = Event(EventKind.DECLINED, NOW, exception=DeclineGround.NOT_OURS, reason="他司产品")
    take_step(session, clerk, case, CaseStep.DECLINE, now=NOW, event=event)

    services.notify_outcome(
        session, clerk, case.id, Telling("message", NOW, proof="短信 1"), None, version=case.version, now=NOW
    )

    assert (case.state, case.closed_at) == ("closed", NOW)


def test_a_complaint_is_not_closed_without_root_cause_and_remedies(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = notified(session)
    with pytest.raises(WrongState, match="without_root_cause"):
        mending.close_case(session, clerk, case.id, "已当场改正", version=case.version, now=NOW)

    other = traced(session)
    with pytest.raises(Invalid):
        mending.close_case(session, clerk, other.id, version=other.version, now=NOW)
    mending.close_case(session, clerk, other.id, "个案，已当场改正", version=other.version, now=NOW)

    assert (case.state, other.state) == ("notified", "closed")


def test_a_remedy_is_done_by_its_owner_and_checked_by_another(session: Session) -> None:
    clerk, manager = actor(session, "clerk"), actor(session, "manager")
    case = traced(session)
    owner = PEOPLE["clerk_city"][0]
    planned = PlannedRemedy("重新培训", owner, date(2026, 12, 1))
    remedy_id = mending.add_remedy(session, clerk, case.id, planned, version=case.version, now=NOW, today=TODAY)

    with pytest.raises(WrongState, match="before_checked"):
        mending.close_case(session, clerk, case.id, version=case.version, now=NOW)
    with pytest.raises(NotFound):
        mending.finish_remedy(session, actor(session, "clerk_west"), remedy_id, "好了", None, now=NOW, today=TODAY)
    mending.finish_remedy(session, actor(session, "clerk_city"), remedy_id, "已培训", None, now=NOW, today=TODAY)
    mending.check_done(session, manager, remedy_id, passed=True, now=NOW)
    mending.close_case(session, clerk, case.id, version=case.version, now=NOW)

    remedy = session.get_one(CaseRemedy, remedy_id)
    assert (remedy.done_on, remedy.checked_by, case.state) == (TODAY, MANAGER, "closed")


def test_nobody_checks_his_own_remedy(session: Session) -> None:
    manager = actor(session, "manager")
    case = traced(session)
    planned = PlannedRemedy("改制度", MANAGER, TODAY)
    remedy_id = mending.add_remedy(
        session, actor(session, "clerk"), case.id, planned, version=case.version, now=NOW, today=TODAY
    )
    mending.finish_remedy(session, manager, remedy_id, "已改", None, now=NOW, today=TODAY)

    with pytest.raises(WrongState, match="own_remedy"):
        mending.check_done(session, manager, remedy_id, passed=True, now=NOW)


def test_what_was_sent_back_is_open_again(session: Session) -> None:
    case = traced(session)
    planned = PlannedRemedy("重新培训", CLERK, TODAY)
    remedy_id = mending.add_remedy(
        session, actor(session, "clerk"), case.id, planned, version=case.version, now=NOW, today=TODAY
    )
    mending.finish_remedy(session, actor(session, "clerk"), remedy_id, "已培训", None, now=NOW, today=TODAY)

    mending.check_done(session, actor(session, "manager"), remedy_id, passed=False, reason="无签到表", now=NOW)

    remedy = session.get_one(CaseRemedy, remedy_id)
    assert remedy.done_on is None
    assert "无签到表" in remedy.result


def test_a_barred_person_owns_no_remedy(session: Session) -> None:
    case = traced(session, accused_name=PEOPLE["clerk_city"][1])
    planned = PlannedRemedy("整改", PEOPLE["clerk_city"][0], TODAY)

    with pytest.raises(Invalid) as refused:
        mending.add_remedy(
            session, actor(session, "clerk"), case.id, planned, version=case.version, now=NOW, today=TODAY
        )

    assert list(refused.value.problems) == ["owner_id"]


def test_the_cases_of_another_branch_are_not_decided_here(session: Session) -> None:
    case = proposed(session)

    with pytest.raises(NotFound):
        services.decide(session, actor(session, "manager_west"), case.id, version=case.version, now=NOW)
