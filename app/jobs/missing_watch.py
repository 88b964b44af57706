"""What the calendar does to owed papers: who has to bring or ask for them is reminded."""

from __future__ import annotations

from typing import Any

from app.db import begin_write
from app.domain.office_time import office_day
from app.jobs.handlers import Work
from app.services import missing_watch


def watch_missing(work: Work, _payload: dict[str, Any]) -> None:
    """Remind of what is owed, each paper in a transaction of its own; a second run on a day changes nothing."""
    now, after = work.clock(), 0
    today = office_day(now)
    while True:
        with work.sessions() as session:
            things = missing_watch.papers_to_remind(session, today=today, after=after)
        for thing in things:
            with work.sessions() as session:
                begin_write(session)
                missing_watch.remind(session, thing, now=now, today=today)
                session.commit()
        work.beat(0, len(things))
        if len(things) < missing_watch.AT_ONCE:
            return
        after = things[-1]
