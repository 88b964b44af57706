"""Judging clocks again: time passes and the calendar changes without anybody touching the thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import State
from app.domain.office_time import first_moment, office_day
from app.models.cases import Case
from app.models.clocks import Clock, ServiceDuty
from app.services.case_steps import judge_again
from app.services.clocks import CASE, DUTY, refresh

RUNNING = (State.RUNNING.value, State.PAUSED.value, State.OVERDUE.value)


def begin_of_day(now: datetime) -> datetime:
    """Return when the office's day began: what was judged since then stands."""
    return first_moment(office_day(now))


def things_to_judge(session: Session, *, before: datetime, limit: int) -> Sequence[tuple[str, int]]:
    """Return some things with a running clock that was judged before a moment last."""
    running = (Clock.state.in_(RUNNING), Clock.ended_on.is_(None), Clock.judged_at < before)
    rows = session.execute(select(Clock.holder_kind, Clock.holder_id).where(*running).limit(limit)).all()
    return sorted({(kind, thing) for kind, thing in rows})


def judge_thing(session: Session, holder_kind: str, holder_id: int, *, now: datetime) -> None:
    """Judge the clocks of a thing and show the day in the thing itself, under its lock."""
    if holder_kind == CASE:
        case = session.get(Case, holder_id, with_for_update=True)
        if case is not None:
            judge_again(session, case, now=now)
    elif holder_kind == DUTY:
        duty = session.get(ServiceDuty, holder_id, with_for_update=True)
        if duty is not None:
            keep_due_day(session, duty, now=now)
    else:
        refresh(session, holder_kind, holder_id, now=now)


def keep_due_day(session: Session, duty: ServiceDuty, *, now: datetime) -> None:
    """Judge the clock of a duty and copy its due day, for lists."""
    standings = refresh(session, DUTY, duty.id, now=now)
    if duty.code in standings:
        duty.due_on = standings[duty.code].due_on
