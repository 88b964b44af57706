"""Accounts as the person at the machine lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.accounts import Account, Branch, Grant


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account; `roles` are those held now."""

    username: str
    full_name: str
    branch: str
    state: str
    roles: tuple[str, ...]
    has_phone: bool


def account_lines(session: Session, *, now: datetime) -> list[AccountLine]:
    """Return all accounts by user name."""
    held = session.execute(
        select(Grant.account_id, Grant.role).where(
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
        )
    ).all()
    roles: dict[int, set[str]] = {}
    for account_id, role in held:
        roles.setdefault(account_id, set()).add(role)
    rows = session.execute(
        select(Account.id, Account.username, Account.full_name, Branch.name, Account.state, Account.totp_enrolled_at)
        .join(Branch, Branch.id == Account.branch_id)
        .order_by(Account.username)
    )
    return [
        AccountLine(username, name, branch, state, tuple(sorted(roles.get(account_id, ()))), enrolled is not None)
        for account_id, username, name, branch, state, enrolled in rows
    ]
