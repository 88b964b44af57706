"""Notices 通知 to people, written in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.evidence import Notice


def notify(
    session: Session,
    account_id: int,
    kind: str,
    *,
    now: datetime,
    path: str = "",
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Tell one person; `details` fill the sentence of `kind` and hold numbers and dates, never a personal datum."""
    session.add(Notice(account_id=account_id, kind=kind, details=dict(details or {}), path=path, created_at=now))


def mark_read(session: Session, actor: Actor, notice_id: int | None, *, now: datetime) -> None:
    """Mark one of the actor's own notices as read, or all of them with None."""
    statement = update(Notice).where(Notice.account_id == actor.account_id, Notice.read_at.is_(None))
    if notice_id is not None:
        statement = statement.where(Notice.id == notice_id)
    session.execute(statement.values(read_at=now))
