"""Wishes to reset somebody's sign-in, as far as the reader may decide on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.policy import Action
from app.models.accounts import Account, Branch, SignInReset
from app.queries.accounts import accounts_for

DECIDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ResetRow:
    """One wish; `may_confirm` and `is_mine` are said for the reader."""

    id: int
    account_id: int
    username: str
    full_name: str
    branch_name: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    reason: str
    state: str
    decided_by: str
    decided_at: datetime | None
    is_mine: bool
    may_confirm: bool


def waiting_resets(session: Session, actor: Actor, *, now: datetime) -> Sequence[ResetRow]:
    """Return the wishes that wait for a second person, the oldest first."""
    rows = session.execute(_columns().where(_reached(actor), *_waiting(now)).order_by(SignInReset.asked_at))
    return [_make_row(row, actor, now) for row in rows]


def decided_resets(session: Session, actor: Actor, *, now: datetime) -> Sequence[ResetRow]:
    """Return the latest wishes that were decided or ran out."""
    over = (SignInReset.state != "asked") | (SignInReset.expires_at <= now)
    rows = session.execute(
        _columns().where(_reached(actor), over).order_by(SignInReset.asked_at.desc()).limit(DECIDED_SHOWN)
    )
    return [_make_row(row, actor, now) for row in rows]


def count_to_confirm(session: Session, actor: Actor, *, now: datetime) -> int:
    """Return how many wishes wait for `actor` to decide."""
    mine = (SignInReset.asked_by != actor.account_id) & (SignInReset.account_id != actor.account_id)
    counted = select(func.count()).select_from(SignInReset).join(Account, Account.id == SignInReset.account_id)
    return session.scalar(counted.where(_reached(actor), mine, *_waiting(now))) or 0


def is_waiting(session: Session, account_id: int, *, now: datetime) -> bool:
    """Say whether a reset of this account waits for its second person."""
    found = select(SignInReset.id).where(SignInReset.account_id == account_id, *_waiting(now))
    return session.scalars(found.limit(1)).first() is not None


def _reached(actor: Actor) -> ColumnElement[bool]:
    return accounts_for(actor, Action.SIGN_IN_RESET_CONFIRM)


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SignInReset.state == "asked", SignInReset.expires_at > now


def _columns() -> Select[*tuple[Any, ...]]:
    asker, decider = aliased(Account), aliased(Account)
    return (
        select(
            SignInReset,
            Account.username,
            Account.full_name,
            Branch.name.label("branch_name"),
            asker.full_name.label("asked_by"),
            decider.full_name.label("decided_by"),
        )
        .join(Account, Account.id == SignInReset.account_id)
        .join(Branch, Branch.id == Account.branch_id)
        .join(asker, asker.id == SignInReset.asked_by)
        .outerjoin(decider, decider.id == SignInReset.decided_by)
    )


def _make_row(row: Any, actor: Actor, now: datetime) -> ResetRow:
    reset: SignInReset = row.SignInReset
    ran_out = reset.state == "asked" and reset.expires_at <= now
    return ResetRow(
        id=reset.id,
        account_id=reset.account_id,
        username=row.username,
        full_name=row.full_name,
        branch_name=row.branch_name,
        asked_by=row.asked_by,
        asked_at=reset.asked_at,
        expires_at=reset.expires_at,
        reason=reset.reason,
        state="expired" if ran_out else reset.state,
        decided_by=row.decided_by or "",
        decided_at=reset.decided_at,
        is_mine=reset.asked_by == actor.account_id,
        may_confirm=actor.account_id not in (reset.asked_by, reset.account_id),
    )
