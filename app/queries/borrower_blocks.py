"""Who may not borrow 停借, as the desk sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.borrowing import BorrowerBlock
from app.queries.visibility import branches_in

MOST = 200


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block; `state` is held, over (its day has passed) or lifted."""

    id: int
    account_id: int
    full_name: str
    username: str
    branch_name: str
    reason: str
    until: date | None
    blocked_by: str
    blocked_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    state: str


def list_blocks(session: Session, actor: Actor, *, today: date) -> Sequence[BlockRow]:
    """Return the newest blocks of the branches that the actor's desk serves, those that hold first."""
    by, lifter = aliased(Account), aliased(Account)
    rows = session.execute(
        select(BorrowerBlock, Account.full_name, Account.username, Branch.name, by.full_name, lifter.full_name)
        .join(Account, Account.id == BorrowerBlock.account_id)
        .join(Branch, Branch.id == BorrowerBlock.branch_id)
        .join(by, by.id == BorrowerBlock.blocked_by)
        .outerjoin(lifter, lifter.id == BorrowerBlock.lifted_by)
        .where(branches_in(actor, Action.LOAN_DESK, BorrowerBlock.branch_id))
        .order_by(BorrowerBlock.lifted_at.is_not(None), BorrowerBlock.blocked_at.desc(), BorrowerBlock.id)
        .limit(MOST)
    )
    return [_make_row(*row, today) for row in rows]


def _make_row(
    block: BorrowerBlock, name: str, username: str, branch: str, by: str, lifter: str | None, today: date
) -> BlockRow:
    state = "lifted" if block.lifted_at else "over" if block.until and block.until < today else "held"
    return BlockRow(
        id=block.id,
        account_id=block.account_id,
        full_name=name,
        username=username,
        branch_name=branch,
        reason=block.reason,
        until=block.until,
        blocked_by=by,
        blocked_at=block.blocked_at,
        lifted_by=lifter or "",
        lifted_at=block.lifted_at,
        state=state,
    )
