"""Recovery codes 恢复码 for a lost phone: ten, shown once, each spent once.

Of each code the database keeps its first four characters in clear, so that at most one slow hash is computed for a
try, and the hash of the whole. 80 bits stay unknown to whoever reads the table, which is why the hash may be a lighter
one than a password's: ten of them are made while somebody waits.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.one_time_codes import in_groups, new_code, read_code
from app.models.accounts import RecoveryCode

HOW_MANY = 10
PREFIX = 4
MEMORY_KIB = 8192
_HASHER = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID)


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Ten codes: as they are shown this once, and as they are kept."""

    shown: tuple[str, ...]
    kept: tuple[str, ...]


def make_codes() -> NewCodes:
    """Return ten new codes; takes a while, so never call it under a write lock."""
    codes = [new_code() for _ in range(HOW_MANY)]
    return NewCodes(
        shown=tuple(in_groups(code) for code in codes),
        kept=tuple(f"{code[:PREFIX]}{_HASHER.hash(code)}" for code in codes),
    )


def replace_codes(session: Session, account_id: int, kept: Sequence[str]) -> None:
    """Make `kept` the only recovery codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=code_hash) for code_hash in kept)
    session.flush()


def unspent(session: Session, account_id: int, typed: str) -> list[tuple[int, str]]:
    """Return id and hash of the unspent codes that begin like `typed`."""
    rows = session.execute(
        select(RecoveryCode.id, RecoveryCode.code_hash).where(
            RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
        )
    )
    start = read_code(typed)[:PREFIX]
    return [(code_id, kept[PREFIX:]) for code_id, kept in rows if kept[:PREFIX] == start]


def find_match(candidates: Sequence[tuple[int, str]], typed: str) -> int | None:
    """Return the id of the code that was typed, or None; at least one slow hash is computed in either case."""
    code = read_code(typed)
    return next((code_id for code_id, kept in candidates or [(0, _NO_CODES)] if _is_right(code, kept)), None)


def spend(session: Session, code_id: int, *, now: datetime) -> bool:
    """Take a code; False when it was taken before. The update is the guard against a double use."""
    taken = session.scalar(
        update(RecoveryCode)
        .where(RecoveryCode.id == code_id, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return taken is not None


def count_left(session: Session, account_id: int) -> int:
    """Return how many codes have not been spent."""
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def _is_right(code: str, kept: str) -> bool:
    try:
        return _HASHER.verify(kept, code)
    except VerifyMismatchError:
        return False


def _hash_of_nothing() -> str:
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${salt}${digest}"


_NO_CODES = _hash_of_nothing()
