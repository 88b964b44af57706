"""Who has a case open right now, so that two people in one case are told of each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.cases import CaseVisit

KEPT = timedelta(days=1)
# Asking twice within this is one visit: nothing is written.
SAME_VISIT = timedelta(seconds=15)


def needs_noting(session: Session, actor: Actor, case_id: int, *, now: datetime) -> bool:
    """Say whether a visit has to be written down: not when it was a moment ago."""
    seen = select(CaseVisit.seen_at).where(CaseVisit.case_id == case_id, CaseVisit.account_id == actor.account_id)
    last = session.scalar(seen)
    return last is None or now - last >= SAME_VISIT


def note_visit(session: Session, actor: Actor, case_id: int, *, now: datetime) -> None:
    """Write down that somebody has a case open; whether he may see it is the caller's matter."""
    make = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = make(CaseVisit).values(case_id=case_id, account_id=actor.account_id, seen_at=now)
    keys = [CaseVisit.case_id, CaseVisit.account_id]
    session.execute(row.on_conflict_do_update(index_elements=keys, set_={"seen_at": now}))


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove visits that are long over."""
    session.execute(delete(CaseVisit).where(CaseVisit.seen_at < now - KEPT))
