"""Recovery codes 恢复码 for a lost phone: ten, shown once, each spent once.

Of each code the database keeps its first four characters in clear, so that a try costs one slow hash and not ten, and
the hash of the whole. 80 bits stay unknown to whoever reads the table; that is why the hash may be lighter than a
password's, of which ten would keep somebody waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.one_time_codes import in_groups, new_code, read_code
from app.models.accounts import RecoveryCode
from app.services.slow_hash import SlowHash

HOW_MANY = 10
PREFIX = 4
_HASH = SlowHash(memory_kib=8192, passes=1)


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Ten codes: as they are shown this once, and as they are kept."""

    shown: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unspent code that begins like the one that was typed."""

    code_id: int
    kept: str


def make_codes() -> NewCodes:
    """Return ten new codes; takes a while, so never call it under a write lock."""
    codes = [new_code() for _ in range(HOW_MANY)]
    return NewCodes(
        shown=tuple(in_groups(code) for code in codes),
        kept=tuple(f"{code[:PREFIX]}{_HASH.make(code)}" for code in codes),
    )


def replace_codes(session: Session, account_id: int, kept: Sequence[str]) -> None:
    """Make `kept` the only recovery codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=code_hash) for code_hash in kept)
    session.flush()


def find_candidates(session: Session, account_id: int, typed: str) -> list[Candidate]:
    """Return the unspent codes of an account that begin like `typed`: one, or none."""
    start = read_code(typed)[:PREFIX]
    rows = session.execute(
        select(RecoveryCode.id, RecoveryCode.code_hash).where(
            RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
        )
    )
    return [Candidate(code_id, kept[PREFIX:]) for code_id, kept in rows if kept[:PREFIX] == start]


def find_match(candidates: Sequence[Candidate], typed: str) -> int | None:
    """Return the id of the code that was typed, or None, which takes as long."""
    code = read_code(typed)
    if not candidates:
        _HASH.is_of(None, code)
    return next((candidate.code_id for candidate in candidates if _HASH.is_of(candidate.kept, code)), None)


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
    unspent = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unspent) or 0
