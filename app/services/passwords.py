"""Passwords: kept as argon2id hashes, checked in the same time whether or not there is one.

A hash costs some 50 ms and 19 MiB (OWASP Password Storage Cheat Sheet: m=19456, t=2, p=1). Nothing here may be called
while a transaction holds the write lock.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.sign_in import password_problems
from app.models.accounts import Account, PasswordHistory

REMEMBERED = 5  # a new password must differ from this many before it
MEMORY_KIB, PASSES, LANES = 19456, 2, 1
_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


def _hash_of_nothing() -> str:
    """Return a well-formed hash that no password has; checking against it costs what a real check costs."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"


_NOBODYS = _hash_of_nothing()


def hash_password(password: str) -> str:
    """Return what is kept of `password`."""
    return _HASHER.hash(_typed(password))


def is_right(password: str, kept: str | None) -> bool:
    """Say whether `kept` is the hash of `password`; None takes as long as a wrong one."""
    try:
        return _HASHER.verify(kept or _NOBODYS, _typed(password))
    except VerifyMismatchError:
        return False


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


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
    """Move the account's password, if it has one, to the earlier ones."""
    if account.password_hash:
        session.add(PasswordHistory(account_id=account.id, password_hash=account.password_hash, replaced_at=now))


def _typed(password: str) -> str:
    # NFKC as NIST SP 800-63B 5.1.1.2 advises: an input method that switches to full-width letters spoils nothing.
    return unicodedata.normalize("NFKC", password)
