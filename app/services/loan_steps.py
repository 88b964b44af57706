"""One step of one lent item: legal by the state machine, written into its history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.loans import LoanState, LoanStep, next_state
from app.models.borrowing import LoanEvent, LoanItem


def lock_item(session: Session, item_id: int) -> LoanItem:
    """Return an item of a request under its row lock, fresh. Lock its paper first where the paper matters."""
    statement = select(LoanItem).where(LoanItem.id == item_id).with_for_update(of=LoanItem)
    item = session.scalar(statement.execution_options(populate_existing=True))
    if item is None:
        raise NotFound
    return item


def take_step(
    session: Session, actor: Actor | None, item: LoanItem, step: LoanStep, *, now: datetime, note: str = ""
) -> LoanState:
    """Move `item` by `step` and write its event; raises `WrongState` and changes nothing when the step is not legal.

    `actor` is None for what the portal does by itself.
    """
    before = item.state
    after = next_state(before, step, takes_paper=item.takes_paper)
    last = session.scalar(select(func.max(LoanEvent.ordinal)).where(LoanEvent.item_id == item.id)) or 0
    item.state = after.value
    session.add(
        LoanEvent(
            item_id=item.id,
            ordinal=last + 1,
            step=step.value,
            state_before=before,
            state_after=after.value,
            account_id=actor.account_id if actor else None,
            note=note[:300],
            at=now,
        )
    )
    session.flush()
    return after
