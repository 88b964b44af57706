"""What the calendar does to clocks: those of claims are opened, those that run are judged again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import Invalid, NotFound, WrongState
from app.jobs.handlers import Work
from app.services import claim_clocks, clock_judging

BATCH = 200
Thing = TypeVar("Thing")


def judge_clocks(work: Work, payload: dict[str, Any]) -> None:
    """Open the clocks that claims lack, then judge those that run; with `all`, after a change of the calendar, every one.

    A batch is a transaction of its own, so that nobody waits for all of them.
    """
    now = work.clock()
    _open(work)
    since = now if payload.get("all") else clock_judging.begin_of_day(now)
    seen: set[tuple[str, int]] = set()
    while True:
        with work.sessions() as session:
            batch = clock_judging.things_to_judge(session, before=since, limit=BATCH)
        # What could not be judged comes again and ends the work.
        if not set(batch) - seen:
            return
        seen |= set(batch)
        work.beat(0, len(batch))
        _each(
            work, batch, lambda session, thing: clock_judging.judge_thing(session, *thing, now=max(now, work.clock()))
        )


def _open(work: Work) -> None:
    with work.sessions() as session:
        lacking = claim_clocks.claims_without_clocks(session, limit=100_000)
    for first in range(0, len(lacking), BATCH):
        work.beat(first, len(lacking))
        _each(
            work,
            lacking[first : first + BATCH],
            lambda session, claim: claim_clocks.open_for(session, claim, now=work.clock()),
        )


def _each(work: Work, things: Sequence[Thing], act: Callable[[Session, Thing], object]) -> None:
    with work.sessions() as session:
        begin_write(session)
        for thing in things:
            try:
                with session.begin_nested():
                    act(session, thing)
            except (NotFound, Invalid, WrongState):
                # Its dates contradict each other, as only old records do: whoever edits the claim is told.
                continue
        session.commit()
