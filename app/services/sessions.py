"""Server-side sessions: opening, using and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.models.accounts import SignInSession


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser at the door: where from, what it calls itself, and the hash of the token that it gets next."""

    address: str
    user_agent: str
    token_hash: str


def open_session(
    session: Session,
    account_id: int,
    stage: str,
    visit: Visit,
    *,
    lifetime: timedelta,
    now: datetime,
    pending_secret: str | None = None,
) -> int:
    """Open a session under a fresh token and return its id; a complete one counts as just stepped up."""
    row = SignInSession(
        id=new_id(),
        token_hash=visit.token_hash,
        account_id=account_id,
        stage=stage,
        pending_secret=pending_secret,
        started_at=now,
        last_seen_at=now,
        expires_at=now + lifetime,
        stepped_up_at=now if stage == "full" else None,
        address=visit.address,
        user_agent=visit.user_agent,
    )
    session.add(row)
    session.flush()
    return row.id


def touch(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def renew_token(session: Session, session_id: int, token_hash: str, *, now: datetime, stepped_up: bool = False) -> bool:
    """Put a session under a fresh token, so that the old one is dead; False when it has ended meanwhile."""
    values = {"token_hash": token_hash, "last_seen_at": now} | ({"stepped_up_at": now} if stepped_up else {})
    renewed = session.scalar(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(values)
        .returning(SignInSession.id)
    )
    return renewed is not None


def end_session(session: Session, session_id: int, reason: str, *, now: datetime) -> bool:
    """End one session at once; False when it had ended before."""
    return _end(session, [session_id], reason, now=now) > 0


def end_all_sessions(session: Session, account_id: int, reason: str, *, now: datetime, but: int | None = None) -> int:
    """End every open session of an account but one; return how many were ended."""
    open_ids = [found for found in _open_ids(session, account_id) if found != but]
    return _end(session, open_ids, reason, now=now)


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


def _end(session: Session, ids: list[int], reason: str, *, now: datetime) -> int:
    statement = update(SignInSession).where(SignInSession.id.in_(ids), SignInSession.ended_at.is_(None))
    ended = session.scalars(statement.values(ended_at=now, end_reason=reason).returning(SignInSession.id))
    return len(ended.all())
