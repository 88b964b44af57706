"""The same change for many papers of a batch: what a person has set is never overwritten, and one sees beforehand what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.domain.intake import EDITABLE, ItemState
from app.domain.intake_desk import BULK_FIELDS, is_held_by_other, touched_fields
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.models.claims import Claim
from app.models.documents import Category
from app.models.intake import IntakeItem, PaperType
from app.models.policies import Policy
from app.queries.visibility import items_for
from app.services import trail
from app.services.intake_desk import check_fields, compare_again, put_aside, show_value
from app.services.intake_pages import merge_into
from app.services.intake_steps import batch_subject, item_subject, load_batch

DROP, MERGE = "drop", "merge"
ACTIONS = (*BULK_FIELDS, DROP, MERGE)
MOST = 500
CHANGED = "items_changed"  # the entry in the trail that undoing goes by


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is asked for: a field and its value, or `drop` with a reason, or `merge`."""

    action: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a change would do: which papers it changes, which stay because a person set them, or are not free, or have it already.

    `sequence` is the entry of a change that was made, by which it is undone.
    """

    change: tuple[int, ...]
    touched: tuple[int, ...]
    busy: tuple[int, ...]
    same: tuple[int, ...]
    sequence: int = 0


def plan_bulk(
    session: Session, actor: Actor, batch_id: int, item_ids: Iterable[int], change: BulkChange, *, now: datetime
) -> BulkPlan:
    """Tell what `change` would do, and do nothing; raises `NotFound`, `NotAllowed`, `Invalid`."""
    load_batch(session, actor, batch_id, Action.INTAKE_WORK)
    return _sort(actor, _items(session, actor, batch_id, item_ids), _check(session, change), now=now)


def apply_bulk(
    session: Session, actor: Actor, batch_id: int, item_ids: Iterable[int], change: BulkChange, *, now: datetime
) -> BulkPlan:
    """Do what `plan_bulk` would tell at this moment, and tell it; raises `NotFound`, `NotAllowed`, `Invalid`."""
    batch = load_batch(session, actor, batch_id, Action.INTAKE_WORK)
    checked = _check(session, change)
    items = _items(session, actor, batch_id, item_ids)
    plan = _sort(actor, items, checked, now=now)
    wanted = [item for item in items if item.id in set(plan.change)]
    if checked.action == DROP:
        for item in wanted:
            put_aside(session, actor, item, checked.value, now=now, reason=checked.value)
    elif checked.action == MERGE:
        _merge(session, actor, wanted, now=now)
    else:
        for item in wanted:
            _set(session, actor, item, checked, now=now)
    if not wanted:
        return plan
    after = {"count": len(wanted)}
    return replace(plan, sequence=trail.record(session, actor, CHANGED, batch_subject(batch), now=now, after=after))


def _items(session: Session, actor: Actor, batch_id: int, item_ids: Iterable[int]) -> Sequence[IntakeItem]:
    """Return the chosen papers in the order of the batch, locked; what the actor may not change is not among them."""
    ids = sorted(set(item_ids))
    if not ids:
        raise Invalid.field("items", "intake.bulk_empty")
    if len(ids) > MOST:
        raise Invalid.field("items", "intake.bulk_many")
    return session.scalars(
        select(IntakeItem)
        .where(IntakeItem.batch_id == batch_id, IntakeItem.id.in_(ids), items_for(actor, Action.INTAKE_WORK))
        .order_by(IntakeItem.position, IntakeItem.id)
        .with_for_update(of=IntakeItem)
        .execution_options(populate_existing=True)
    ).all()


def _check(session: Session, change: BulkChange) -> BulkChange:
    if change.action not in ACTIONS:
        raise Invalid.field("action", "intake.bulk_action")
    if change.action == MERGE:
        return change
    value = clean_text(change.value) if isinstance(change.value, str) else change.value
    if value in (None, ""):
        raise Invalid.field("value", "intake.drop_reason" if change.action == DROP else "intake.bulk_value")
    return BulkChange(change.action, value[:120] if isinstance(value, str) else value)


def _sort(actor: Actor, items: Sequence[IntakeItem], change: BulkChange, *, now: datetime) -> BulkPlan:
    groups: dict[str, list[int]] = {"change": [], "touched": [], "busy": [], "same": []}
    for item in items:
        groups[_fate(actor, item, change, now=now)].append(item.id)
    if change.action == MERGE and len(groups["change"]) < 2:
        raise Invalid.field("items", "intake.bulk_merge")
    chosen, touched, busy, same = (tuple(groups[name]) for name in ("change", "touched", "busy", "same"))
    return BulkPlan(chosen, touched, busy, same)


def _fate(actor: Actor, item: IntakeItem, change: BulkChange, *, now: datetime) -> str:
    state = ItemState(item.state)
    free = state in EDITABLE and not (change.action in (DROP, MERGE) and state == ItemState.REWORK)
    if not free or is_held_by_other(item.held_by, item.held_until, actor.account_id, now=now):
        return "busy"
    if change.action in (DROP, MERGE):
        return "change"
    if getattr(item, change.action) == change.value:
        return "same"
    return "touched" if change.action in item.touched else "change"


def _merge(session: Session, actor: Actor, items: Sequence[IntakeItem], *, now: datetime) -> None:
    target = items[0]
    for source in items[1:]:
        merge_into(session, actor, target.id, source.id, version=source.version, now=now)


def _set(session: Session, actor: Actor, item: IntakeItem, change: BulkChange, *, now: datetime) -> None:
    values = {change.action: change.value, **_following(session, item, change)}
    check_fields(session, actor, item, values)
    before = {name: show_value(name, getattr(item, name)) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    item.touched = touched_fields(item.touched, [change.action])
    item.updated_at = now
    item.version += 1
    session.flush()
    after = {name: show_value(name, value) for name, value in values.items()}
    trail.record(session, actor, "item_described", item_subject(item), now=now, before=before, after=after)
    compare_again(session, item, values, now=now)


def _following(session: Session, item: IntakeItem, change: BulkChange) -> dict[str, Any]:
    """Return what a value brings with it, where no person has set that."""
    found: dict[str, Any] = {}
    if change.action == "paper_type_id":
        found["category_id"] = session.scalar(select(PaperType.category_id).where(PaperType.id == change.value))
    if change.action in ("paper_type_id", "category_id"):
        category = session.get(Category, found.get("category_id", change.value))
        if category is not None:
            found |= {"period": category.default_period, "level": category.default_level}
    if change.action == "customer_id":
        found |= {"policy_id": None, "claim_id": None}
    if change.action == "policy_id":
        found["customer_id"] = session.scalar(select(Policy.customer_id).where(Policy.id == change.value))
    if change.action == "claim_id":
        row = session.execute(select(Claim.customer_id, Claim.policy_id).where(Claim.id == change.value)).first()
        found |= {"customer_id": row[0], "policy_id": row[1]} if row else {}
    return {name: value for name, value in found.items() if name not in item.touched}
