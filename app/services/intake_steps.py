"""One step of one paper at the desk, or of its batch: legal by the state machine, written into the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotAllowed, NotFound
from app.domain.intake import BatchState, BatchStep, ItemState, ItemStep, next_batch_state, next_item_state
from app.domain.policy import Action
from app.models.intake import IntakeBatch, IntakeItem, IntakePage
from app.queries.visibility import batches_for, items_for
from app.services import trail


def load_item(session: Session, actor: Actor, item_id: int, action: Action) -> IntakeItem:
    """Return an item on which `actor` may do `action`, locked and fresh; raises `NotFound`, `NotAllowed`."""
    statement = select(IntakeItem).where(IntakeItem.id == item_id)
    locked = statement.where(items_for(actor, action)).with_for_update(of=IntakeItem)
    found = session.scalar(locked.execution_options(populate_existing=True))
    if found is not None:
        return found
    if session.scalar(statement.where(items_for(actor, Action.INTAKE_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def load_batch(session: Session, actor: Actor, batch_id: int, action: Action) -> IntakeBatch:
    """Return a batch on which `actor` may do `action`, locked and fresh; raises `NotFound`, `NotAllowed`."""
    statement = select(IntakeBatch).where(IntakeBatch.id == batch_id)
    locked = statement.where(batches_for(actor, action)).with_for_update(of=IntakeBatch)
    found = session.scalar(locked.execution_options(populate_existing=True))
    if found is not None:
        return found
    if session.scalar(statement.where(batches_for(actor, Action.INTAKE_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def take_item_step(
    session: Session,
    actor: Actor | None,
    item: IntakeItem,
    step: ItemStep,
    *,
    now: datetime,
    reason: str = "",
    **after: Any,
) -> ItemState:
    """Move `item` by `step` and return its new state; `actor` is None for what the portal does by itself.

    Raises `WrongState` and changes nothing when the state machine does not allow it. The trail gets `item_<step>`.
    """
    before = item.state
    state = next_item_state(before, step)
    item.state, item.updated_at = state.value, now
    item.version += 1
    session.flush()
    trail.record(
        session,
        actor,
        f"item_{step.value}",
        item_subject(item),
        now=now,
        before={"state": before},
        after={"state": state.value, **after},
        reason=reason,
    )
    return state


def take_batch_step(
    session: Session,
    actor: Actor,
    batch: IntakeBatch,
    step: BatchStep,
    *,
    now: datetime,
    reason: str = "",
    **after: Any,
) -> BatchState:
    """Move `batch` by `step` and return its new state; raises `WrongState`. The trail gets `batch_<step>`."""
    before = batch.state
    state = next_batch_state(before, step)
    batch.state = state.value
    batch.version += 1
    session.flush()
    trail.record(
        session,
        actor,
        f"batch_{step.value}",
        batch_subject(batch),
        now=now,
        before={"state": before},
        after={"state": state.value, **after},
        reason=reason,
    )
    return state


def pages_of(session: Session, item_id: int, *, removed: bool = False) -> Sequence[IntakePage]:
    """Return the pages of an item in their order; those taken out of it only where asked for."""
    statement = select(IntakePage).where(IntakePage.item_id == item_id).order_by(IntakePage.position, IntakePage.id)
    return session.scalars(statement if removed else statement.where(IntakePage.removed.is_(False))).all()


def item_subject(item: IntakeItem) -> trail.Subject:
    """Return what the trail says of an item."""
    return trail.Subject("intake_item", item.id, "", item.customer_id)


def batch_subject(batch: IntakeBatch) -> trail.Subject:
    """Return what the trail says of a batch."""
    return trail.Subject("intake_batch", batch.id, batch.number)
