"""A form that is sent twice is one record: the second time gets the answer of the first."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.machinery import IdempotencyKey

KEPT = timedelta(days=2)


def claim(session: Session, actor: Actor, key: str, *, now: datetime) -> str | None:
    """Return None for the first use of a form's `key`, otherwise where the first use led to.

    A second use that comes while the first is still at work waits for it: on the row lock or the write lock.
    """
    name = _name(actor, key)
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = make(IdempotencyKey).values(key=name, account_id=actor.account_id, location="", created_at=now)
    if session.execute(row.on_conflict_do_nothing().returning(IdempotencyKey.key)).first() is not None:
        return None
    found = session.get(IdempotencyKey, name)
    return found.location if found else None


def settle(session: Session, actor: Actor, key: str, location: str) -> None:
    """Note where the first use of `key` led to."""
    session.execute(update(IdempotencyKey).where(IdempotencyKey.key == _name(actor, key)).values(location=location))


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop keys of forms that nobody sends again."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT))


def _name(actor: Actor, key: str) -> str:
    return hashlib.sha256(f"{actor.account_id}\0{key}".encode()).hexdigest()
