"""Filing what a check let through: some items a transaction, so that nobody waits for a whole batch."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.actor import Actor
from app.domain.office_time import office_day
from app.jobs.handlers import Work
from app.models.intake import BatchCheck
from app.queries.actors import actor_of_account
from app.services.batch_checks import file_some


def file_batch(work: Work, payload: dict[str, Any]) -> None:
    """File the items of a passed check; a second run goes on where the first one ended."""
    check_id, total = int(payload["check_id"]), 0
    while True:
        now = work.clock()
        with work.sessions() as session:
            begin_write(session)
            left = file_some(session, _checker(session, check_id, work), check_id, now=now, today=office_day(now))
            session.commit()
        total = max(total, left)
        work.beat(total - left, total)
        if not left:
            return


def _checker(session: Session, check_id: int, work: Work) -> Actor | None:
    """Return who approved the batch; None when his account has ended meanwhile, for his approval stands."""
    check = session.get_one(BatchCheck, check_id)
    return actor_of_account(session, check.checker_id or 0, now=check.ended_at or work.clock())
