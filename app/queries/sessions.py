"""One's own sessions, and what one signs in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.devices import device_name
from app.models.accounts import Account, RecoveryCode, SignInSession


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session as its owner sees it."""

    id: int
    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Means:
    """What somebody signs in with: age of the password, of the phone's binding, recovery codes left."""

    password_changed_at: datetime | None
    enrolled_at: datetime | None
    codes_left: int


def own_sessions(
    session: Session, account_id: int, *, current: int | None, idle: timedelta, now: datetime
) -> list[SessionRow]:
    """Return the sessions of an account that still work, last used first."""
    rows = session.scalars(
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.stage == "full",
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at >= now - idle,
        )
        .order_by(SignInSession.last_seen_at.desc())
    )
    return [
        SessionRow(
            row.id, device_name(row.user_agent), row.address, row.started_at, row.last_seen_at, row.id == current
        )
        for row in rows
    ]


def means_of(session: Session, account_id: int) -> Means:
    """Return what an account signs in with."""
    left = (
        select(func.count())
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    row = session.execute(
        select(Account.password_changed_at, Account.totp_enrolled_at, left).where(Account.id == account_id)
    ).one()
    return Means(*row)
