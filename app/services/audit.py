"""Who reads the trail leaves a trace in it as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.queries.audit import was_read_since
from app.services import trail

# Turning pages for an hour is one reading, not three hundred entries that bury the others.
ONE_READING = timedelta(minutes=10)


def reading_is_noted(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Say whether what `actor` reads now belongs to a reading that is written down already."""
    return was_read_since(session, actor, now - ONE_READING)


def note_reading(session: Session, actor: Actor, narrowed_to: Mapping[str, str], *, now: datetime) -> None:
    """Write down that the trail was read, once in ten minutes of a session, with what it was narrowed to."""
    if not reading_is_noted(session, actor, now=now):
        trail.record(session, actor, "trail_read", now=now, after=narrowed_to)
