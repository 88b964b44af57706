"""Service duties: registered under a rule that fits, counted in working days, paused for an exam, done or void."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.office_time import first_moment
from app.models.clocks import CalendarDay, Clock, ServiceDuty
from app.models.policies import Policy
from app.queries.duties import DutyFilter, duties_of_policy, duty_rules, list_duties, owners_of, read_duty
from app.services.clock_judging import judge_thing
from app.services.duties import Progress, assign_duty, note_progress, open_duty, void_duty
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.records import make_customer, make_policy

TODAY = date(2026, 11, 22)
BEGUN = date(2026, 11, 16)  # a Monday


def duty_of(
    session: Session, code: str = "change_done", *, day: date = BEGUN, who: str = "clerk", policy_id: int = 0
) -> int:
    """A duty under a policy of the east."""
    policy_id = policy_id or make_policy(session)
    customer_id = customer_of(session, policy_id)
    return open_duty(
        session,
        actor(session, who),
        code,
        customer_id,
        policy_id,
        first_moment(day),
        PEOPLE["clerk"][0],
        "变更受益人",
        NOW,
    )


def customer_of(session: Session, policy_id: int) -> int:
    """Whose policy it is."""
    return session.get_one(Policy, policy_id).customer_id


def progress(session: Session, duty_id: int, kind: str, day: date, proof: str = "", who: str = "clerk") -> None:
    """Note what happened at the version of now."""
    version = session.get_one(ServiceDuty, duty_id).version
    note_progress(session, actor(session, who), duty_id, Progress(kind, day, proof), version=version, now=NOW)


def test_a_duty_is_due_by_its_rule_and_done_in_time(session: Session) -> None:
    duty_id = duty_of(session)
    due = session.get_one(ServiceDuty, duty_id).due_on

    progress(session, duty_id, "done", date(2026, 11, 20))

    detail = read_duty(session, actor(session, "clerk"), duty_id, now=NOW)
    assert due == date(2026, 11, 23)
    assert (detail.row.state, detail.standing.state, detail.steps) == ("done", "met", ())
    assert [event.kind for event in detail.happened] == ["done", "begun"]


def test_a_medical_exam_stops_the_days_with_its_proof(session: Session) -> None:
    duty_id = duty_of(session)
    with pytest.raises(WrongState) as unproved:
        progress(session, duty_id, "pause_begun", date(2026, 11, 17))

    progress(session, duty_id, "pause_begun", date(2026, 11, 17), "TJ-7")
    steps = read_duty(session, actor(session, "clerk"), duty_id, now=NOW).steps
    progress(session, duty_id, "pause_ended", date(2026, 11, 20), "TJ-7")

    assert unproved.value.code == "clock.pause_without_proof"
    assert "pause_ended" in steps
    assert session.get_one(ServiceDuty, duty_id).due_on == date(2026, 11, 26)


def test_a_rule_without_an_exam_knows_no_pause_and_complete_papers_begin_anew(session: Session) -> None:
    duty_id = duty_of(session, "policy_delivery")
    with pytest.raises(Invalid) as refused:
        progress(session, duty_id, "pause_begun", date(2026, 11, 17), "TJ-7")

    progress(session, duty_id, "materials_complete", date(2026, 11, 18))

    assert refused.value.problems == {"happened": ["duty.event"]}
    assert session.get_one(ServiceDuty, duty_id).due_on == date(2026, 12, 9)


def test_rules_of_the_service_order_fit_neither_groups_nor_property(session: Session) -> None:
    house = make_policy(session, line="home_property", product="普通家财险")
    firm = make_policy(session, make_customer(session, "甲公司", kind="organisation"), number="P2026-000999")

    with pytest.raises(Invalid) as property_line:
        duty_of(session, policy_id=house)
    with pytest.raises(Invalid) as group:
        duty_of(session, policy_id=firm)

    assert property_line.value.problems == {"rule": ["duty.not_personal"]}
    assert group.value.problems == {"rule": ["duty.group"]}


@pytest.mark.parametrize("code", ["complaint", "claim_decision", "review_request", "nothing", ""])
def test_only_rules_of_duties_may_be_chosen(session: Session, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        duty_of(session, code)

    assert refused.value.problems == {"rule": ["duty.rule"]}
    assert code not in dict(duty_rules(session, TODAY))


def test_what_has_not_happened_yet_is_not_registered(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        duty_of(session, day=date(2026, 11, 23))

    assert refused.value.problems == {"begun_on": ["clock.in_future"]}


def test_a_policy_of_somebody_else_is_refused(session: Session) -> None:
    policy_id, other = make_policy(session), make_customer(session, "李雷")
    begun: datetime = first_moment(BEGUN)

    with pytest.raises(Invalid) as refused:
        open_duty(session, actor(session, "clerk"), "change_done", other, policy_id, begun, None, "", NOW)

    assert refused.value.problems == {"policy": ["duty.policy"]}


def test_only_who_may_edit_the_customers_policies_registers(session: Session) -> None:
    policy_id = make_policy(session)

    for who, refusal in (("manager", NotAllowed), ("clerk_west", NotFound), ("agent", NotFound), ("auditor", NotFound)):
        with pytest.raises(refusal):
            duty_of(session, who=who, policy_id=policy_id)


def test_an_owner_works_at_the_branch(session: Session) -> None:
    duty_id = duty_of(session)

    with pytest.raises(Invalid) as refused:
        assign_duty(session, actor(session, "clerk"), duty_id, PEOPLE["clerk_west"][0], version=1, now=NOW)
    assign_duty(session, actor(session, "clerk"), duty_id, PEOPLE["archivist"][0], version=1, now=NOW)

    assert refused.value.problems == {"owner": ["duty.owner"]}
    assert session.get_one(ServiceDuty, duty_id).owner_id == PEOPLE["archivist"][0]
    assert {account for account, _ in owners_of(session, EAST, now=NOW)} == {PEOPLE["clerk"][0], PEOPLE["archivist"][0]}


def test_a_void_duty_stops_and_stays_in_the_books(session: Session) -> None:
    duty_id, clerk = duty_of(session), actor(session, "clerk")
    with pytest.raises(Invalid):
        void_duty(session, clerk, duty_id, " ", version=1, now=NOW)

    void_duty(session, clerk, duty_id, "登记错了保单", version=1, now=NOW)

    clock = session.scalars(select(Clock).where(Clock.holder_kind == "duty", Clock.holder_id == duty_id)).one()
    assert (session.get_one(ServiceDuty, duty_id).state, clock.state) == ("void", "stopped")
    with pytest.raises(WrongState) as over:
        progress(session, duty_id, "done", date(2026, 11, 20))
    assert over.value.code == "duty.is_void"


def test_who_was_overtaken_is_told(session: Session) -> None:
    duty_id = duty_of(session)
    progress(session, duty_id, "pause_begun", date(2026, 11, 17), "TJ-7")

    with pytest.raises(ChangedMeanwhile):
        void_duty(session, actor(session, "archivist"), duty_id, "错", version=1, now=NOW)


def test_the_list_goes_by_due_day_and_keeps_to_what_one_may_see(session: Session) -> None:
    policy_id = make_policy(session)
    late = duty_of(session, "change_acceptance", day=date(2026, 11, 2), policy_id=policy_id)
    soon = duty_of(session, policy_id=policy_id)
    clerk = actor(session, "clerk")

    def ids(who: str, **wanted: object) -> list[int]:
        return [row.id for row in list_duties(session, actor(session, who), DutyFilter(**wanted), today=TODAY).items]  # type: ignore[arg-type]

    assert ids("clerk") == ids("manager") == [late, soon]
    assert ids("clerk", state="overdue") == [late]
    assert ids("clerk", code="change_done", owner_id=clerk.account_id) == [soon]
    assert ids("clerk", state="done") == ids("clerk_west") == ids("auditor") == []
    assert [row.id for row in duties_of_policy(session, clerk, policy_id)] == [late, soon]
    with pytest.raises(NotFound):
        read_duty(session, actor(session, "clerk_west"), late, now=NOW)


def test_another_calendar_moves_the_due_day_of_what_runs(session: Session) -> None:
    duty_id = duty_of(session)
    session.execute(delete(CalendarDay).where(CalendarDay.day == date(2026, 11, 19)))
    session.add(CalendarDay(day=date(2026, 11, 19), is_working=False, name="临时放假", basis="通知"))
    session.flush()

    judge_thing(session, "duty", duty_id, now=NOW)

    assert session.get_one(ServiceDuty, duty_id).due_on == date(2026, 11, 24)
