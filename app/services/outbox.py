"""Telling the index of what changed, in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.models.machinery import OutboxEntry


def announce(session: Session, kind: str, thing_id: int, *, now: datetime) -> None:
    """Note that `kind`-`thing_id` (customer, policy, claim, document) is new, changed or gone."""
    session.add(OutboxEntry(key=f"{kind}-{thing_id}", written_at=now))
