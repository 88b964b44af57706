"""Server-side sessions: opening, using and ending them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.accounts import SignInSession


def touch(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def end_session(session: Session, session_id: int, reason: str, *, now: datetime) -> None:
    """End one session at once."""
    _end(session, [session_id], reason, now=now)


def end_all_sessions(session: Session, account_id: int, reason: str, *, now: datetime, but: int | None = None) -> int:
    """End every open session of an account but one; return how many were ended."""
    open_ids = [found for found in _open_ids(session, account_id) if found != but]
    _end(session, open_ids, reason, now=now)
    return len(open_ids)


def keep_newest(session: Session, account_id: int, limit: int, *, now: datetime) -> None:
    """End the oldest complete sessions of an account so that at most `limit` stay."""
    _end(session, _open_ids(session, account_id, stage="full")[limit:], "too_many", now=now)


def _open_ids(session: Session, account_id: int, stage: str | None = None) -> list[int]:
    statement = (
        select(SignInSession.id)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.started_at.desc())
    )
    return list(session.scalars(statement.where(SignInSession.stage == stage) if stage else statement))


def _end(session: Session, ids: list[int], reason: str, *, now: datetime) -> None:
    statement = update(SignInSession).where(SignInSession.id.in_(ids), SignInSession.ended_at.is_(None))
    session.execute(statement.values(ended_at=now, end_reason=reason))
