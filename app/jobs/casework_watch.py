"""What the calendar does to cases: clocks near their end are judged anew, who has to do something is reminded of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.office_time import office_day
from app.jobs.handlers import Work
from app.services import clock_watch, due_watch

Page = Callable[[Session, int], Sequence[int]]
Act = Callable[[Session, int], object]


def watch_cases(work: Work, _payload: dict[str, Any]) -> None:
    """Judge and remind what is due, each thing in a transaction of its own; a second run changes nothing."""
    now = work.clock()
    today = office_day(now)
    _clocks(work)
    _each(
        work,
        lambda session, after: due_watch.remedies_due(session, today=today, after=after),
        lambda session, thing: due_watch.remind_of_remedy(session, thing, now=now),
    )
    _each(
        work,
        lambda session, after: due_watch.follow_ups_due(session, today=today, after=after),
        lambda session, thing: due_watch.remind_of_follow_up(session, thing, now=now),
    )


def _clocks(work: Work) -> None:
    now, after = work.clock(), 0
    while True:
        with work.sessions() as session:
            things, after = clock_watch.things_to_watch(session, now=now, after=after)
        work.beat(0, len(things))
        for kind, thing in things:
            with work.sessions() as session:
                begin_write(session)
                try:
                    clock_watch.watch(session, kind, thing, now=now)
                except (NotFound, Invalid, WrongState):
                    # Somebody was quicker, or an old record contradicts itself: whoever edits it is told.
                    continue
                session.commit()
        if not after:
            return


def _each(work: Work, page: Page, act: Act) -> None:
    after = 0
    while True:
        with work.sessions() as session:
            things = page(session, after)
        for thing in things:
            with work.sessions() as session:
                begin_write(session)
                act(session, thing)
                session.commit()
        if len(things) < due_watch.AT_ONCE:
            return
        after = things[-1]
