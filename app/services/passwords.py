"""Passwords: kept as argon2id hashes of some 50 ms and 19 MiB, and refused when weak or used before.

Strength: OWASP Password Storage Cheat Sheet (m=19456, t=2, p=1). Checking and making take their time, so they are
never called while a transaction holds the write lock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.sign_in import password_problems
from app.models.accounts import Account, PasswordHistory
from app.services.slow_hash import SlowHash

REMEMBERED = 5  # a new password must differ from this many before it
_HASH = SlowHash(memory_kib=19456, passes=2)


def hash_password(password: str) -> str:
    """Return what is kept of `password`."""
    return _HASH.make(_typed(password))


def is_right(password: str, kept: str | None) -> bool:
    """Say whether `kept` is the hash of `password`; None takes as long as a wrong one."""
    return _HASH.is_of(kept, _typed(password))


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made with another strength than today's."""
    return _HASH.is_outdated(kept)


def earlier_hashes(session: Session, account_id: int) -> list[str]:
    """Return the hashes that a new password must not match: today's and those before, newest first."""
    today = session.scalar(select(Account.password_hash).where(Account.id == account_id))
    before = session.scalars(
        select(PasswordHistory.password_hash)
        .where(PasswordHistory.account_id == account_id)
        .order_by(PasswordHistory.replaced_at.desc())
        .limit(REMEMBERED)
    )
    return [kept for kept in (today, *before) if kept][:REMEMBERED]


def refuse_unfit(password: str, username: str, earlier: Iterable[str]) -> None:
    """Raise `Invalid` for the field `password` when it breaks a rule or was used before."""
    problems = password_problems(_typed(password), username)
    if not problems and any(is_right(password, kept) for kept in earlier):
        problems = ["password_used"]
    if problems:
        raise Invalid({"password": problems})


def put_aside(session: Session, account: Account, *, now: datetime) -> None:
    """Remember the account's password, if it has one, among the earlier ones."""
    if account.password_hash:
        session.add(PasswordHistory(account_id=account.id, password_hash=account.password_hash, replaced_at=now))


def _typed(password: str) -> str:
    # NFKC as NIST SP 800-63B 5.1.1.2 advises: an input method that switches to full-width letters spoils nothing.
    return unicodedata.normalize("NFKC", password)
