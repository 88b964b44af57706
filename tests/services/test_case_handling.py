"""The steps of handling a complaint: who may take them, what they ask for, and what they do to the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.models.cases import Case, CaseApproval, CaseBar, CaseNotification, CaseStepRow
from app.models.clocks import Clock, ClockEvent
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.queries.case_detail import read_case
from app.services import case_handling as handling
from app.services.case_merging import merge
from app.services.case_notifications import Telling, tell
from app.services.case_pauses import pause, resume, strike_case_event
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor
from tests.services.casework import make_case

CLERK = PEOPLE["clerk"][0]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLD = Telling("phone", NOW - HOUR, "", "LY-20261122-07")
Step = Callable[..., Any]


def handled(session: Session, **values: Any) -> Case:
    """A complaint that the clerk handles, received ten days ago, accepted one day after."""
    values = {"received_at": NOW - 10 * DAY, **values}
    return make_case(session, actor(session, "clerk"), handler_id=CLERK, now=values["received_at"] + DAY, **values)


def do(
    session: Session, step: Step, case: Case, *, who: str = "clerk", at: datetime = NOW - HOUR, **values: Any
) -> Any:
    """Take a step as somebody who has just looked at the case."""
    return step(session, actor(session, who), case.id, at=at, version=case.version, now=NOW, **values)


def pause_it(session: Session, case: Case, **values: Any) -> None:
    """Pause for an appraisal."""
    fields = {"ground": "appraisal", "about": "", "proof": "JD-2026-12", "telling": TOLD, **values}
    do(session, pause, case, **fields)


def bar(session: Session, case: Case, username: str) -> None:
    """Bar somebody from a case."""
    session.add(
        CaseBar(case_id=case.id, account_id=PEOPLE[username][0], relation="interest", barred_by=None, barred_at=NOW)
    )
    session.flush()


def test_who_accepts_becomes_the_handler_and_declares_that_he_has_no_interest(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"))

    with pytest.raises(Invalid, match="declares"):
        do(session, handling.accept, case, declares=False)
    session.refresh(case)
    do(session, handling.accept, case, declares=True)

    assert (case.state, case.handler_id, case.declared_at) == ("accepted", CLERK, NOW)


def test_nobody_declares_for_the_handler(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"))
    case.handler_id = CLERK
    session.flush()

    with pytest.raises(WrongState, match=r"case\.handler_must_declare"):
        do(session, handling.accept, case, who="manager", declares=True)


def test_a_handler_who_has_not_declared_takes_no_step_before_he_does(session: Session) -> None:
    case = handled(session)
    case.declared_at = None
    session.flush()

    with pytest.raises(WrongState, match=r"case\.not_declared"):
        do(session, handling.classify, case, reason="涉及多方")
    handling.declare(session, actor(session, "clerk"), case.id, declares=True, version=case.version, now=NOW)
    do(session, handling.classify, case, reason="涉及多方")

    assert case.is_complex


def test_a_classification_in_time_gives_thirty_days_and_says_who_and_why(session: Session) -> None:
    case = handled(session)

    do(session, handling.classify, case, reason="须向三家机构核实")

    detail = read_case(session, actor(session, "clerk"), case.id, now=NOW)
    assert case.is_complex
    assert case.due_on == date(2026, 12, 12)
    assert (detail.history[0].step, detail.history[0].by, detail.history[0].note) == (
        "classify",
        "业务甲",
        "须向三家机构核实",
    )


def test_a_classification_that_comes_too_late_is_kept_and_changes_nothing(session: Session) -> None:
    case = handled(session, received_at=NOW - 20 * DAY)

    do(session, handling.classify, case, reason="现在才认定")

    assert not case.is_complex
    assert case.clock_state == "overdue"


def test_an_appraisal_pauses_and_the_report_resumes(session: Session) -> None:
    case = handled(session)
    due = case.due_on
    assert due is not None

    pause_it(session, case, at=NOW - 5 * DAY, telling=replace(TOLD, told_at=NOW - 5 * DAY))
    assert case.clock_state == "paused"
    do(session, resume, case, at=NOW - 2 * DAY, pause="appraisal|", proof="BG-7")

    told = session.scalars(select(CaseNotification)).one()
    begun = session.scalars(select(ClockEvent).where(ClockEvent.kind == "pause_begun")).one()
    assert case.clock_state == "running"
    assert case.due_on == due + 3 * DAY
    assert (told.about, told.receiver, told.proof) == ("pause", "申屠望舒", "LY-20261122-07")
    assert begun.notice


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ground": "supplement"}, "ground"),
        ({"ground": ""}, "ground"),
        ({"proof": "  "}, "proof"),
        ({"telling": Telling()}, "told_channel"),
        ({"telling": replace(TOLD, proof="")}, "told_proof"),
        ({"telling": replace(TOLD, told_at=NOW + HOUR)}, "told_at"),
        ({"telling": replace(TOLD, told_at=None)}, "told_at"),
        ({"telling": replace(TOLD, channel="unreachable", note="11-20 电话")}, "told_note"),
        ({"at": NOW + HOUR}, "moment"),
    ],
)
def test_a_pause_without_its_proofs_is_refused(session: Session, values: dict[str, Any], field: str) -> None:
    case = handled(session)

    with pytest.raises(Invalid) as refused:
        pause_it(session, case, **values)

    assert field in refused.value.problems


def test_mediation_needs_no_telling_and_two_tries_excuse_who_is_out_of_reach(session: Session) -> None:
    case = handled(session)

    pause_it(session, case, ground="mediation", telling=Telling(), at=NOW - 2 * HOUR)
    pause_it(session, case, telling=replace(TOLD, channel="unreachable", note="11-20 电话\n11-21 短信"))

    assert [row.channel for row in session.scalars(select(CaseNotification))] == ["unreachable"]


def test_what_does_not_run_is_not_resumed(session: Session) -> None:
    case = handled(session)

    with pytest.raises(Invalid, match="pause"):
        do(session, resume, case, pause="appraisal|", proof="BG-7")


def test_new_facts_begin_the_period_anew_and_undo_the_classification(session: Session) -> None:
    case = handled(session)
    do(session, handling.classify, case, reason="复杂", at=NOW - 2 * DAY)
    session.add(CaseApproval(id=9, case_id=case.id, about="extension", asked_by=CLERK, asked_at=NOW, branch_id=EAST))
    session.flush()

    do(session, handling.add_new_facts, case, reason="新交一段录音", at=NOW - DAY)

    asked = session.get_one(CaseApproval, 9)
    session.refresh(asked)
    assert not case.is_complex
    assert case.due_on == date(2026, 12, 6)
    assert (asked.approved, asked.decided_by) == (False, None)


def test_new_facts_are_not_older_than_the_decision_that_they_undo(session: Session) -> None:
    case = handled(session)
    case.decided_at = NOW - HOUR
    session.flush()

    with pytest.raises(Invalid, match="moment"):
        do(session, handling.add_new_facts, case, reason="录音", at=NOW - 2 * HOUR)


def test_a_day_is_agreed_within_reason(session: Session) -> None:
    case = handled(session)

    for day in (date(2026, 11, 1), date(2099, 1, 1)):
        with pytest.raises(Invalid, match="agreed_on"):
            do(session, handling.agree_notice, case, agreed_on=day, proof="YD-1")
    do(session, handling.agree_notice, case, agreed_on=date(2026, 11, 30), proof="YD-1")

    assert read_case(session, actor(session, "clerk"), case.id, now=NOW).history[0].agreed_on == date(2026, 11, 30)


def test_declining_needs_one_of_the_grounds(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"))

    with pytest.raises(Invalid, match="exception"):
        do(session, handling.decline, case, exception="too_hard", reason="不想办")
    do(session, handling.decline, case, exception="not_ours", reason="保单为他司所出")

    assert case.state == "declined"


def test_withdrawal_ends_the_procedure_the_same_day(session: Session) -> None:
    case = handled(session)

    with pytest.raises(Invalid, match="proof"):
        do(session, handling.withdraw, case, by="本人", proof="")
    do(session, handling.withdraw, case, by="本人", proof="CH-3", at=NOW - DAY)

    clock = session.scalars(select(Clock).where(Clock.holder_id == case.id, Clock.code == "complaint")).one()
    assert (case.state, clock.state, clock.ended_on) == ("withdrawn", "stopped", date(2026, 11, 21))


def test_a_transferred_case_is_the_other_branchs_and_its_clock_goes_on(session: Session) -> None:
    case = handled(session)
    due = case.due_on

    do(session, handling.transfer, case, branch_id=WEST, reason="业务发生在江西")

    clocks = session.scalars(select(Clock.branch_id).where(Clock.holder_id == case.id)).all()
    told = session.scalars(select(Notice.account_id).where(Notice.kind == "case_transferred")).all()
    assert (case.branch_id, case.handler_id, case.declared_at, case.due_on) == (WEST, None, None, due)
    assert set(clocks) == {WEST}
    assert told == [PEOPLE["manager_west"][0]]


def test_a_barred_manager_is_not_told_of_a_transfer(session: Session) -> None:
    case = handled(session)
    bar(session, case, "manager_west")

    do(session, handling.transfer, case, branch_id=WEST, reason="业务发生在江西")

    assert session.scalars(select(Notice).where(Notice.kind == "case_transferred")).all() == []


def test_a_case_is_not_transferred_to_where_it_is(session: Session) -> None:
    case = handled(session)

    for branch_id in (EAST, 0):
        with pytest.raises(Invalid, match="branch_id"):
            do(session, handling.transfer, case, branch_id=branch_id, reason="误收")


def test_the_same_complaint_made_again_joins_the_first(session: Session) -> None:
    first = handled(session)
    second = make_case(session, actor(session, "clerk"), received_at=NOW - DAY)

    goes_on = do(session, merge, second, direction="into", other=first.number, reason="同一诉求")

    detail = read_case(session, actor(session, "clerk"), first.id, now=NOW)
    steps = session.scalars(select(CaseStepRow.step).where(CaseStepRow.case_id == first.id)).all()
    assert goes_on == first.id
    assert (second.state, second.merged_into_id) == ("merged", first.id)
    assert [link.number for link in detail.joined] == [second.number]
    assert "merge_in" in steps


def test_another_case_comes_into_this_one_and_the_earliest_receipt_counts(session: Session) -> None:
    older = make_case(session, actor(session, "clerk"), received_at=NOW - 12 * DAY)
    case = handled(session)

    do(session, merge, case, direction="from", other=older.number.lower(), reason="同一诉求")

    assert older.merged_into_id == case.id
    assert case.due_on == date(2026, 11, 25)


def test_a_stranger_or_an_unseen_case_is_not_merged(session: Session) -> None:
    case = handled(session)
    stranger = make_case(session, actor(session, "clerk"), name="令狐冲", phone="13900000002")
    west = make_case(session, actor(session, "manager_west"), branch_id=WEST)
    barred = make_case(session, actor(session, "clerk"))
    bar(session, barred, "clerk")

    codes = []
    for other in (stranger.number, west.number, barred.number, case.number, "TS2026-999999"):
        with pytest.raises(Invalid) as refused:
            do(session, merge, case, direction="into", other=other, reason="同一诉求")
        codes += refused.value.problems["other"]

    assert codes == ["case.merge_other_person", *["case.merge_unknown"] * 4]


def test_who_is_barred_from_the_one_is_barred_from_both_after_a_merger(session: Session) -> None:
    case = handled(session)
    second = make_case(session, actor(session, "clerk"), received_at=NOW - DAY)
    bar(session, second, "archivist")

    do(session, merge, second, direction="into", other=case.number, reason="同一诉求")

    with pytest.raises(NotFound):
        read_case(session, actor(session, "archivist"), case.id, now=NOW)


def test_a_merger_does_not_leave_a_case_to_a_handler_who_is_barred_from_half_of_it(session: Session) -> None:
    case = handled(session)
    second = make_case(session, actor(session, "manager"), received_at=NOW - DAY)
    bar(session, second, "clerk")

    with pytest.raises(WrongState, match=r"case\.merge_handler_barred"):
        do(session, merge, second, who="manager", direction="into", other=case.number, reason="同一诉求")


def test_a_complaint_after_the_period_is_one_of_its_own(session: Session) -> None:
    case = handled(session, received_at=NOW - 30 * DAY)
    late = make_case(session, actor(session, "clerk"), received_at=NOW - DAY)

    with pytest.raises(WrongState, match=r"clock\.merged_outside_period"):
        do(session, merge, late, direction="into", other=case.number, reason="同一诉求")


def test_a_mistaken_pause_is_struck_out_and_stays_in_the_history(session: Session) -> None:
    case = handled(session)
    due = case.due_on
    pause_it(session, case)
    event = session.scalars(select(ClockEvent).where(ClockEvent.kind == "pause_begun")).one()
    clerk = actor(session, "clerk")

    with pytest.raises(Invalid, match="reason"):
        strike_case_event(session, clerk, case.id, event.id, reason=" ", version=case.version, now=NOW)
    strike_case_event(session, clerk, case.id, event.id, reason="登记在了别的案件", version=case.version, now=NOW)

    line = read_case(session, clerk, case.id, now=NOW).history[0]
    assert (case.clock_state, case.due_on) == ("running", due)
    assert (line.struck_by, line.struck_reason) == ("业务甲", "登记在了别的案件")


def test_what_moved_the_case_is_not_struck_out(session: Session) -> None:
    case, other = handled(session), handled(session)
    clerk = actor(session, "clerk")
    accepted = session.scalars(
        select(ClockEvent).where(ClockEvent.kind == "accepted", ClockEvent.holder_id == case.id)
    ).one()
    pause_it(session, other)
    elsewhere = session.scalars(select(ClockEvent).where(ClockEvent.kind == "pause_begun")).one()

    with pytest.raises(WrongState, match=r"case\.not_strikable"):
        strike_case_event(session, clerk, case.id, accepted.id, reason="误记", version=case.version, now=NOW)
    with pytest.raises(NotFound):
        strike_case_event(session, clerk, case.id, elsewhere.id, reason="误记", version=case.version, now=NOW)


def test_a_telling_of_its_own_is_written_once(session: Session) -> None:
    case = handled(session)
    clerk, version = actor(session, "clerk"), case.version

    tell(session, clerk, case.id, "accepted", TOLD, version=version, now=NOW)

    with pytest.raises(WrongState, match=r"case\.changed"):
        tell(session, clerk, case.id, "accepted", TOLD, version=version, now=NOW)
    with pytest.raises(Invalid, match="about"):
        tell(session, clerk, case.id, "decision", TOLD, version=case.version, now=NOW)


def test_who_saw_an_older_page_takes_no_step(session: Session) -> None:
    case = handled(session)

    with pytest.raises(WrongState, match=r"case\.changed"):
        handling.classify(
            session, actor(session, "clerk"), case.id, reason="复杂", at=NOW, version=case.version - 1, now=NOW
        )


@pytest.mark.parametrize(
    ("who", "error"), [("clerk_west", NotFound), ("manager_west", NotFound), ("archivist", NotAllowed)]
)
def test_handling_is_the_handlers_and_his_managers(session: Session, who: str, error: type[Exception]) -> None:
    case = handled(session)

    with pytest.raises(error):
        do(session, handling.classify, case, who=who, reason="复杂")
    do(session, handling.classify, case, who="manager", reason="复杂")


def test_who_is_barred_can_neither_see_nor_take_a_step(session: Session) -> None:
    case = handled(session)
    bar(session, case, "manager")

    with pytest.raises(NotFound):
        do(session, handling.classify, case, who="manager", reason="复杂")
    with pytest.raises(NotFound):
        read_case(session, actor(session, "manager"), case.id, now=NOW)
    with pytest.raises(NotFound):
        handling.reveal_case_field(session, actor(session, "manager"), case.id, "phone", "联系投诉人", now=NOW)


def test_a_masked_value_is_shown_for_a_reason_that_the_trail_keeps(session: Session) -> None:
    case = handled(session)
    clerk = actor(session, "clerk")

    with pytest.raises(Invalid, match="reason"):
        handling.reveal_case_field(session, clerk, case.id, "phone", " ", now=NOW)
    with pytest.raises(NotFound):
        handling.reveal_case_field(session, clerk, case.id, "decision", "联系投诉人", now=NOW)
    shown = handling.reveal_case_field(session, clerk, case.id, "phone", "联系投诉人", now=NOW)

    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "case_revealed")).one()
    assert shown == "13900000001"
    assert (entry.reason, "13900000001" in str(entry.after)) == ("联系投诉人", False)


def test_the_detail_masks_who_complains_and_says_what_may_be_done(session: Session) -> None:
    case = handled(session, branch_id=EAST, id_kind="resident_id", id_number="110101199003070011")

    mine = read_case(session, actor(session, "clerk"), case.id, now=NOW)
    looking = read_case(session, actor(session, "archivist"), case.id, now=NOW)

    assert (mine.said.name, mine.said.id_number, mine.said.phone) == ("申屠**", "110101********0011", "139****0001")
    assert mine.is_mine
    assert mine.may_handle
    assert "pause" in mine.steps
    assert (looking.may_handle, looking.steps) == (False, ())
    assert list(mine.standings) == ["complaint", "complaint_reply_warning", "review_request"]


def test_a_case_of_a_branch_below_is_its_upper_managers_too(session: Session) -> None:
    case = make_case(session, actor(session, "clerk_city"), branch_id=EAST_CITY)

    detail = read_case(session, actor(session, "manager"), case.id, now=NOW)

    assert (detail.may_handle, detail.may_assign, detail.is_mine) == (True, True, False)
