"""Reminding of clocks, remedies and follow-ups, on both databases: each step once, and never the barred."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cases import CaseStep
from app.domain.deadlines import Event, EventKind, Ground
from app.domain.ids import new_id
from app.domain.office_time import first_moment
from app.models.cases import Absence, Case, CaseBar, CaseRemedy
from app.models.clocks import Clock
from app.models.consultations import Consultation
from app.models.evidence import Notice
from app.services.case_steps import take_step
from app.services.clock_watch import things_to_watch, watch
from app.services.due_watch import follow_ups_due, remedies_due, remind_of_follow_up, remind_of_remedy
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.services.casework import make_case

CLERK, ARCHIVIST, MANAGER = (PEOPLE[name][0] for name in ("clerk", "archivist", "manager"))


def a_case(session: Session, *, received: date = date(2026, 11, 20), handler: int | None = CLERK) -> Case:
    """A complaint of the clerk; received on the 20th, it is due on the 5th of December."""
    moment = first_moment(received) + timedelta(hours=10)
    return make_case(session, actor(session, "archivist"), handler_id=handler, received_at=moment)


def at(day: date) -> datetime:
    """Nine in the morning in the office."""
    return (first_moment(day) + timedelta(hours=9)).astimezone(UTC)


def run(session: Session, day: date) -> None:
    """What the job does with clocks on a day."""
    things, _ = things_to_watch(session, now=at(day))
    for kind, thing in things:
        watch(session, kind, thing, now=at(day))


def told(session: Session, account_id: int) -> list[tuple[str, str]]:
    """The reminders of the main clock that somebody got: kind and due day."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.account_id == account_id, Notice.kind.like("case_%due%"))
        .order_by(Notice.created_at, Notice.id)
    )
    return [(row.kind, row.details["due_on"]) for row in rows if "投诉处理" in row.details["clock"]]


def bar(session: Session, case: Case, account_id: int) -> None:
    session.add(CaseBar(case_id=case.id, account_id=account_id, relation="interest", barred_at=NOW))
    session.flush()


def test_each_step_is_told_once_to_the_handler_and_near_the_end_to_the_managers(session: Session) -> None:
    case = a_case(session)
    due = case.due_on
    assert due is not None

    for before in (6, 5, 4, 3, 2, 1, 0, -1, -2):
        run(session, due - timedelta(days=before))
        run(session, due - timedelta(days=before))

    day = due.isoformat()
    assert told(session, CLERK) == [("case_due", day)] * 3 + [("case_overdue", day)]
    assert told(session, MANAGER) == [("case_due_below", day), ("case_overdue_below", day)]
    assert (case.clock_state, case.days_over) == ("overdue", 2)


def test_the_latest_step_only_when_several_have_come(session: Session) -> None:
    case = a_case(session)
    assert case.due_on is not None

    run(session, case.due_on - timedelta(days=2))

    assert len(told(session, CLERK)) == 1


def test_a_paused_clock_reminds_nobody_and_moves_on(session: Session) -> None:
    case = a_case(session)
    before = case.due_on
    assert before is not None
    pause = Event(EventKind.PAUSE_BEGUN, NOW, ground=Ground.APPRAISAL, proof="JD-1", notice="GZ-1")
    take_step(session, actor(session, "clerk"), case, CaseStep.PAUSE, now=NOW, event=pause)

    run(session, before)

    assert told(session, CLERK) == [] and case.clock_state == "paused"
    assert case.due_on is not None and case.due_on > before


def test_nobody_barred_is_reminded_and_the_deputy_is(session: Session) -> None:
    case = a_case(session)
    assert case.due_on is not None
    bar(session, case, MANAGER)
    session.add(
        Absence(account_id=CLERK, deputy_id=ARCHIVIST, first_on=NOW.date(), last_on=case.due_on, created_at=NOW)
    )
    session.flush()

    run(session, case.due_on)

    assert told(session, MANAGER) == []
    assert [kind for kind, _ in told(session, ARCHIVIST)] == ["case_due"]


def test_a_deputy_who_is_barred_is_told_nothing(session: Session) -> None:
    case = a_case(session)
    assert case.due_on is not None
    bar(session, case, ARCHIVIST)
    session.add(
        Absence(account_id=CLERK, deputy_id=ARCHIVIST, first_on=NOW.date(), last_on=case.due_on, created_at=NOW)
    )
    session.flush()

    run(session, case.due_on)

    assert told(session, ARCHIVIST) == []


def test_what_nobody_handles_the_managers_hear_of_from_the_first_step(session: Session) -> None:
    case = a_case(session, handler=None)
    assert case.due_on is not None

    run(session, case.due_on - timedelta(days=5))

    assert [kind for kind, _ in told(session, MANAGER)] == ["case_due_below"]


def test_a_clock_that_begins_anew_reminds_anew(session: Session) -> None:
    case = a_case(session)
    first = case.due_on
    assert first is not None
    run(session, first - timedelta(days=1))
    later = at(first - timedelta(days=1)) + timedelta(hours=1)
    facts = Event(EventKind.NEW_FACTS, later, reason="新证据")
    take_step(session, actor(session, "clerk"), case, CaseStep.NEW_FACTS, now=later, event=facts)
    second = case.due_on
    assert second is not None and second > first

    run(session, first)
    run(session, second - timedelta(days=1))

    assert told(session, CLERK) == [("case_due", first.isoformat()), ("case_due", second.isoformat())]


def test_a_clock_far_from_its_end_is_not_looked_at(session: Session) -> None:
    a_case(session, received=date(2026, 11, 21))

    things, more = things_to_watch(session, now=NOW)

    assert not more
    assert all(session.scalars(select(Clock.reminded).where(Clock.holder_id == thing)).all() for _, thing in things)


@pytest.mark.parametrize(("day", "kind"), [(date(2026, 11, 29), "remedy_due"), (date(2026, 12, 1), "remedy_overdue")])
def test_a_remedy_is_reminded_of_once_a_step(session: Session, day: date, kind: str) -> None:
    case = a_case(session)
    remedy = CaseRemedy(
        id=new_id(),
        case_id=case.id,
        measure="培训",
        owner_id=CLERK,
        branch_id=EAST,
        due_on=date(2026, 11, 30),
        created_at=NOW,
    )
    session.add(remedy)
    session.flush()
    bar(session, case, MANAGER)

    assert list(remedies_due(session, today=day)) == [remedy.id]
    assert remind_of_remedy(session, remedy.id, now=at(day)) == 1
    assert remind_of_remedy(session, remedy.id, now=at(day)) == 0

    people = session.execute(select(Notice.account_id, Notice.kind).where(Notice.kind.like("remedy%"))).all()
    assert [tuple(row) for row in people] == [(CLERK, kind)]


def test_a_follow_up_is_reminded_of_once_and_not_to_the_barred(session: Session) -> None:
    case = a_case(session)
    ids = []
    for number, case_id in (("ZX2026-000001", None), ("ZX2026-000002", case.id)):
        row = Consultation(
            id=new_id(),
            number=number,
            branch_id=EAST,
            channel="call",
            asked_at=NOW,
            about="other",
            topic="other",
            result="follow_up",
            follow_up_on=NOW.date(),
            follow_up_by=ARCHIVIST,
            case_id=case_id,
            logged_at=NOW,
            updated_at=NOW,
        )
        session.add(row)
        session.flush()
        ids.append(row.id)
    bar(session, case, ARCHIVIST)

    assert set(follow_ups_due(session, today=NOW.date())) == set(ids)
    assert [remind_of_follow_up(session, found, now=NOW) for found in ids] == [1, 0]
    assert remind_of_follow_up(session, ids[0], now=NOW) == 0
