"""What the calendar does to loans: reminds, gives up keeping, calls for reservations, closes electronic loans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import NotFound, WrongState
from app.domain.office_time import office_day
from app.jobs.handlers import Work
from app.services import loan_reminders, reading
from app.services.loan_changes import expire
from app.services.loan_queue import call_next


def watch_loans(work: Work, _payload: dict[str, Any]) -> None:
    """Do what is due today; each paper in a transaction of its own, so that nobody at a desk waits for all of them."""
    now = work.clock()
    today = office_day(now)
    with work.sessions() as session:
        late = loan_reminders.items_to_expire(session, today=today)
        remind = loan_reminders.items_to_remind(session, today=today)
    _each(work, late, lambda session, item: expire(session, item, now=now, today=today))
    _each(work, remind, lambda session, item: loan_reminders.remind(session, item, now=now, today=today))
    with work.sessions() as session:
        free = loan_reminders.papers_to_call(session, now=now, today=today)
    _each(work, free, lambda session, paper: call_next(session, paper, now=now, today=today))
    with work.sessions() as session:
        begin_write(session)
        reading.close_due(session, now=now)
        session.commit()


def _each(work: Work, things: Sequence[int], act: Callable[[Session, int], object]) -> None:
    for thing in things:
        with work.sessions() as session:
            begin_write(session)
            try:
                act(session, thing)
            except (NotFound, WrongState):
                # Somebody at a desk was quicker.
                continue
            session.commit()
