"""Answers: once each, judged at once; what is bad becomes somebody's task; calls, letters and what was solved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.surveys import CallResult, Purpose
from app.models.cases import Case, CaseBar
from app.models.clocks import Clock, ServiceDuty
from app.models.evidence import Notice
from app.models.surveys import CallBack, FollowUp, SurveyAnswer, SurveyInvitation, SurveyValue
from app.queries.follow_ups import FollowUpFilter, list_follow_ups, read_follow_up
from app.queries.survey_invitations import Occasion
from app.services.call_backs import Call, enter_paper, note_call
from app.services.follow_ups import became_case, finish, take
from app.services.survey_answers import Given, give_answer
from app.services.survey_invitations import Asking, invite, locked
from app.services.survey_reminders import remind_of_follow_ups
from tests.cast import EAST_CITY, NOW, PEOPLE, actor
from tests.records import make_customer, make_policy
from tests.services.casework import make_case
from tests.services.surveys import DENIED, GOOD, LOW, make_survey

TODAY = date(2026, 11, 22)
MANAGER = PEOPLE["manager"][0]


def asked(session: Session, means: str = "link", **fields: object) -> SurveyInvitation:
    """Ask a customer of the east about a visit."""
    about = Occasion(make_customer(session, **fields))  # type: ignore[arg-type]
    invitation_id, _ = invite(session, actor(session, "clerk"), make_survey(session), Asking(means), about, now=NOW)
    return session.get_one(SurveyInvitation, invitation_id)


def new_policy(session: Session, means: str = "phone", **fields: object) -> SurveyInvitation:
    """Have the holder of a new policy called back until 26 November."""
    customer = make_customer(session, **fields)  # type: ignore[arg-type]
    about, survey = Occasion(customer, make_policy(session, customer)), make_survey(session, Purpose.NEW_POLICY)
    asking = Asking(means, date(2026, 11, 26))
    invitation_id, _ = invite(session, actor(session, "clerk"), survey, asking, about, now=NOW)
    return session.get_one(SurveyInvitation, invitation_id)


def low(session: Session) -> FollowUp:
    """A low score of a visitor, and what is to be done about it."""
    give_answer(session, None, asked(session), Given(LOW, 60), now=NOW)
    return session.scalars(select(FollowUp)).one()


def test_an_answer_is_kept_with_what_it_amounts_to(session: Session) -> None:
    invitation = asked(session)

    answer_id, reasons = give_answer(
        session, None, locked(session, invitation.id), Given(GOOD, 40, NOW - timedelta(seconds=40)), now=NOW
    )

    answer = session.get_one(SurveyAnswer, answer_id)
    assert (answer.score, answer.overall, answer.nps, answer.seconds) == (500, 5, 10, 40)
    assert (answer.is_valid, answer.entered_by, answer.branch_id) == (True, None, invitation.branch_id)
    values = {row.question: (row.number, row.choice, row.text) for row in session.scalars(select(SurveyValue))}
    assert values == {"read": (None, "yes", ""), "overall": (5, "", ""), "nps": (10, "", "")}
    assert (invitation.state, invitation.closed_at, reasons) == ("answered", NOW, ())
    assert session.scalar(select(FollowUp.id)) is None


def test_one_invitation_takes_one_answer(session: Session) -> None:
    invitation = asked(session)
    give_answer(session, None, invitation, Given(GOOD), now=NOW)

    with pytest.raises(WrongState) as refused:
        give_answer(session, None, invitation, Given(LOW), now=NOW)
    assert refused.value.code == "invitation.is_answered"


def test_after_its_time_only_staff_may_enter_an_answer(session: Session) -> None:
    invitation = asked(session, "paper")
    later = NOW + timedelta(days=31)

    with pytest.raises(WrongState) as refused:
        give_answer(session, None, invitation, Given(GOOD), now=later)
    assert refused.value.code == "invitation.is_expired"
    give_answer(session, actor(session, "clerk"), invitation, Given(GOOD), now=later)


def test_too_fast_an_answer_is_kept_and_does_not_count(session: Session) -> None:
    answer_id, _ = give_answer(session, None, asked(session), Given(GOOD, 3), now=NOW)

    answer = session.get_one(SurveyAnswer, answer_id)
    assert (answer.is_valid, answer.invalid_reason) == (False, "fast")


def test_a_low_score_is_due_in_three_working_days_and_the_manager_is_told(session: Session) -> None:
    follow_up = low(session)

    # 22 November 2026 is a Sunday.
    assert (follow_up.reason, follow_up.due_on, follow_up.owner_id) == ("low_score", date(2026, 11, 25), None)
    notice = session.scalars(select(Notice).where(Notice.kind == "follow_up_low_score")).one()
    assert notice.account_id == MANAGER
    assert set(notice.details) == {"number", "due_on"}


def test_a_branch_without_a_manager_tells_the_one_above(session: Session) -> None:
    survey, clerk = make_survey(session), actor(session, "clerk_city")
    about = Occasion(make_customer(session, branch_id=EAST_CITY))
    invitation_id, _ = invite(session, clerk, survey, Asking("link"), about, now=NOW)

    give_answer(session, None, locked(session, invitation_id), Given(LOW), now=NOW)

    assert session.scalars(select(Notice.account_id).where(Notice.kind == "follow_up_low_score")).all() == [MANAGER]


def test_a_low_score_on_a_complaint_reaches_nobody_who_is_barred_from_it(session: Session) -> None:
    manager = actor(session, "manager")
    case = make_case(session, manager)
    session.get_one(Case, case.id).state = "closed"
    session.flush()
    survey = make_survey(session, Purpose.COMPLAINT)
    invitation_id, _ = invite(session, manager, survey, Asking("link"), Occasion(case_id=case.id), now=NOW)
    session.add(CaseBar(case_id=case.id, account_id=MANAGER, relation="accused", reason="", barred_at=NOW))
    session.flush()

    give_answer(session, None, locked(session, invitation_id), Given(LOW), now=NOW)

    follow_up = session.scalars(select(FollowUp)).one()
    assert follow_up.case_id == case.id
    assert session.scalar(select(Notice.id).where(Notice.kind == "follow_up_low_score")) is None
    barred, wanted = actor(session, "manager"), FollowUpFilter()
    assert list_follow_ups(session, barred, wanted, today=TODAY).total == 0
    with pytest.raises(NotFound):
        read_follow_up(session, barred, follow_up.id)
    with pytest.raises(NotFound):
        take(session, barred, follow_up.id, version=1, now=NOW)
    assert list_follow_ups(session, actor(session, "archivist"), wanted, today=TODAY).total == 1


def test_a_follow_up_is_taken_done_and_then_closed(session: Session) -> None:
    follow_up, clerk = low(session), actor(session, "clerk")

    take(session, clerk, follow_up.id, version=1, now=NOW)
    mine = list_follow_ups(session, clerk, FollowUpFilter(whose="mine"), today=TODAY)
    assert [row.id for row in mine.items] == [follow_up.id]
    detail = read_follow_up(session, clerk, follow_up.id)
    assert [(line.answers, line.is_bad) for line in detail.lines][1] == (("1",), True)
    with pytest.raises(Invalid):
        finish(session, clerk, follow_up.id, "  ", version=2, now=NOW)
    with pytest.raises(WrongState) as refused:
        finish(session, clerk, follow_up.id, "已致歉", version=1, now=NOW)
    assert refused.value.code == "follow_up.changed"
    finish(session, clerk, follow_up.id, "已致歉", version=2, now=NOW)

    assert (follow_up.state, follow_up.result, follow_up.done_by) == ("done", "已致歉", clerk.account_id)
    with pytest.raises(WrongState):
        finish(session, clerk, follow_up.id, "再办", version=3, now=NOW)


def test_a_follow_up_that_became_a_complaint_is_closed_with_it(session: Session) -> None:
    follow_up, manager = low(session), actor(session, "manager")
    case = make_case(session, manager)

    became_case(session, manager, follow_up.id, case.id, now=NOW)

    assert (follow_up.state, follow_up.became_case_id) == ("done", case.id)
    assert case.number in follow_up.result


def test_other_branches_neither_see_nor_do_a_follow_up(session: Session) -> None:
    follow_up = low(session)

    for who in ("clerk_west", "manager_west", "clerk_city"):
        assert list_follow_ups(session, actor(session, who), FollowUpFilter(), today=TODAY).total == 0
        with pytest.raises(NotFound):
            take(session, actor(session, who), follow_up.id, version=1, now=NOW)


def test_follow_ups_that_fall_due_are_told_of_once_a_day(session: Session) -> None:
    follow_up = low(session)
    take(session, actor(session, "clerk"), follow_up.id, version=1, now=NOW)

    told = []
    for days in range(6):
        now = NOW + timedelta(days=days)
        told.append((remind_of_follow_ups(session, now=now), remind_of_follow_ups(session, now=now)))

    # 24, 25 and, with the manager, 26 November
    assert told == [(0, 0), (0, 0), (1, 0), (1, 0), (2, 0), (0, 0)]


def test_a_call_that_reached_the_customer_is_an_answer(session: Session) -> None:
    invitation, clerk = new_policy(session), actor(session, "clerk")

    note_call(session, clerk, invitation.id, Call(CallResult.NO_ANSWER), now=NOW)
    assert invitation.state == "open"
    reached = Call(CallResult.DONE, "LY-1", answers=GOOD)
    assert note_call(session, clerk, invitation.id, reached, now=NOW + timedelta(hours=1)) is CallResult.DONE

    calls = session.scalars(select(CallBack).order_by(CallBack.called_at)).all()
    assert [(call.result, call.within_cooling_off) for call in calls] == [("no_answer", None), ("done", True)]
    answer = session.scalars(select(SurveyAnswer)).one()
    assert (answer.entered_by, invitation.state) == (clerk.account_id, "answered")
    with pytest.raises(WrongState):
        note_call(session, clerk, invitation.id, reached, now=NOW)


def test_a_call_after_the_cooling_off_period_is_marked_so(session: Session) -> None:
    invitation, late = new_policy(session), NOW + timedelta(days=5)

    note_call(session, actor(session, "clerk"), invitation.id, Call(CallResult.DONE, "LY-1", answers=GOOD), now=late)

    assert session.scalars(select(CallBack.within_cooling_off)).one() is False


def test_a_denied_confirmation_is_a_problem_with_fifteen_working_days(session: Session) -> None:
    invitation = new_policy(session)
    call = Call(CallResult.DONE, "LY-2", answers=DENIED)

    assert note_call(session, actor(session, "clerk"), invitation.id, call, now=NOW) is CallResult.PROBLEM

    assert session.scalars(select(FollowUp.reason)).one() == "problem"
    duty = session.scalars(select(ServiceDuty)).one()
    assert (duty.code, duty.policy_id, duty.due_on) == ("misleading_sale", invitation.policy_id, date(2026, 12, 11))
    assert session.scalars(select(Clock.code).where(Clock.holder_id == duty.id)).one() == "misleading_sale"


def test_a_problem_without_answers_ends_the_asking_and_is_followed_up(session: Session) -> None:
    invitation = new_policy(session)
    call = Call(CallResult.PROBLEM, "LY-3", "客户称代签名")

    note_call(session, actor(session, "clerk"), invitation.id, call, now=NOW)

    assert invitation.state == "failed"
    assert session.scalars(select(FollowUp.answer_id)).one() is None
    assert session.scalars(select(ServiceDuty.code)).one() == "misleading_sale"


def test_who_sold_neither_calls_nor_follows_up(session: Session) -> None:
    clerk = PEOPLE["clerk"][0]
    invitation = new_policy(session)
    invitation.agent_id = clerk
    session.flush()

    with pytest.raises(WrongState) as refused:
        note_call(session, actor(session, "clerk"), invitation.id, Call(CallResult.NO_ANSWER), now=NOW)
    assert refused.value.code == "call.seller"
    problem = Call(CallResult.PROBLEM, "LY-4", "代签名")
    note_call(session, actor(session, "archivist"), invitation.id, problem, now=NOW)
    follow_up = session.scalars(select(FollowUp)).one()
    with pytest.raises(WrongState) as refused:
        take(session, actor(session, "clerk"), follow_up.id, version=1, now=NOW)
    assert refused.value.code == "follow_up.seller"


@pytest.mark.parametrize(
    ("call", "problems"),
    [
        (Call(CallResult.DONE, answers=GOOD), {"recording": ["call.recording"]}),
        (Call(CallResult.DONE, "LY-5"), {"": ["call.answers"]}),
        (Call(CallResult.PROBLEM, "LY-5"), {"note": ["call.note"]}),
        (Call(CallResult.DONE, "LY-5", answers={"read": ["yes"]}), {"overall": ["answer.missing"]}),
        (Call(CallResult.NO_ANSWER, note="长" * 501), {"note": ["call.note_long"]}),
    ],
)
def test_a_call_is_noted_whole(session: Session, call: Call, problems: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid) as refused:
        note_call(session, actor(session, "clerk"), new_policy(session).id, call, now=NOW)

    assert refused.value.problems == problems


def test_who_could_not_be_reached_is_written_to_and_answers_on_paper(session: Session) -> None:
    invitation, clerk = new_policy(session), actor(session, "clerk")

    note_call(session, clerk, invitation.id, Call(CallResult.LETTER), now=NOW)
    assert (invitation.means, invitation.state) == ("paper", "open")
    later = NOW + timedelta(days=40)
    enter_paper(session, clerk, invitation.id, Given(GOOD, answered_at=NOW + timedelta(days=9)), now=later)

    answer = session.scalars(select(SurveyAnswer)).one()
    assert answer.answered_at == NOW + timedelta(days=9)
    assert (answer.entered_by, invitation.state) == (clerk.account_id, "answered")


@pytest.mark.parametrize("days", [-1, 2])
def test_a_paper_is_of_a_day_between_asking_and_today(session: Session, days: int) -> None:
    given = Given(GOOD, answered_at=NOW + timedelta(days=days))

    with pytest.raises(Invalid) as refused:
        enter_paper(session, actor(session, "clerk"), asked(session, "paper").id, given, now=NOW + timedelta(days=1))

    assert refused.value.problems == {"answered_on": ["answer.day"]}


def test_who_refuses_is_asked_no_more(session: Session) -> None:
    invitation = new_policy(session)

    note_call(session, actor(session, "clerk"), invitation.id, Call(CallResult.REFUSED), now=NOW)

    assert invitation.state == "failed"
