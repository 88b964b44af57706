"""Undoing a change of many papers: what the trail says was there before comes back where nobody has changed anything since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import WrongState
from app.domain.intake import EDITABLE, ItemState
from app.domain.intake_desk import is_held_by_other
from app.domain.policy import Action
from app.models.intake import IntakeItem
from app.models.machinery import TrailEntry
from app.queries.visibility import items_for
from app.services import trail
from app.services.intake_bulk import CHANGED, MOST
from app.services.intake_desk import compare_again, show_value, take_back_item
from app.services.intake_pages import part_again
from app.services.intake_steps import item_subject, load_batch, pages_of

UNDOABLE_FOR = timedelta(days=1)
# A merged paper writes three entries, a dropped one of an agent two.
MOST_ENTRIES = 4 * MOST
LOOKED_AT = ("item_opened", "item_taken_over")
REASON = "撤销批量修改"


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """How many papers are as they were before, and how many stay because somebody changed or has them."""

    back: int
    left: int


def undo_bulk(session: Session, actor: Actor, batch_id: int, sequence: int, *, now: datetime) -> BulkUndone:
    """Put back what one change of many papers did; `sequence` is its entry in the trail.

    Raises `NotFound`, `NotAllowed`, and `WrongState` for what `actor` did not do himself in this batch today, or what
    nothing is left of.
    """
    load_batch(session, actor, batch_id, Action.INTAKE_WORK)
    entries = _entries(session, actor, batch_id, sequence, now=now)
    items = _free_items(session, actor, entries, now=now)
    changed = _changed_since(session, list(items), sequence)
    touched = {entry.object_id for entry in entries}
    if any(entry.event == "item_merged" for entry in entries):
        # A merging goes back as a whole or not at all: its pages lie in one paper.
        back = _part(session, actor, entries, now=now) if not changed and set(items) == touched else 0
        touched.discard(next(entry.object_id for entry in entries if entry.event == "item_merged"))
    else:
        open_items = {key: item for key, item in items.items() if key not in changed}
        back = sum(
            _put_back(session, actor, open_items[entry.object_id], entry, now=now)
            for entry in entries
            if entry.object_id in open_items
        )
    if not back:
        raise WrongState("intake.nothing_to_undo")
    return BulkUndone(back, len(touched) - back)


def _entries(session: Session, actor: Actor, batch_id: int, sequence: int, *, now: datetime) -> Sequence[TrailEntry]:
    """Return what the change wrote of each paper, the last first: all of one moment, right before its own entry."""
    done = session.get(TrailEntry, sequence)
    mine = done is not None and (done.event, done.object_id, done.account_id) == (CHANGED, batch_id, actor.account_id)
    if done is None or not mine or done.at < now - UNDOABLE_FOR:
        raise WrongState("intake.nothing_to_undo")
    return session.scalars(
        select(TrailEntry)
        .where(
            TrailEntry.sequence.between(sequence - MOST_ENTRIES, sequence),
            TrailEntry.at == done.at,
            TrailEntry.account_id == actor.account_id,
            TrailEntry.object_kind == "intake_item",
        )
        .order_by(TrailEntry.sequence.desc())
    ).all()


def _free_items(
    session: Session, actor: Actor, entries: Sequence[TrailEntry], *, now: datetime
) -> dict[int | None, IntakeItem]:
    """Return the papers that the actor may change and nobody else has open, locked."""
    ids = sorted({entry.object_id for entry in entries if entry.object_id is not None})
    rows = session.scalars(
        select(IntakeItem)
        .where(IntakeItem.id.in_(ids), items_for(actor, Action.INTAKE_WORK))
        .order_by(IntakeItem.id)
        .with_for_update(of=IntakeItem)
        .execution_options(populate_existing=True)
    )
    return {
        row.id: row
        for row in rows
        if ItemState(row.state) in {*EDITABLE, ItemState.DROPPED}
        and not is_held_by_other(row.held_by, row.held_until, actor.account_id, now=now)
    }


def _changed_since(session: Session, item_ids: Sequence[int | None], sequence: int) -> frozenset[int | None]:
    return frozenset(
        session.scalars(
            select(TrailEntry.object_id)
            .where(
                TrailEntry.sequence > sequence,
                TrailEntry.object_kind == "intake_item",
                TrailEntry.object_id.in_(item_ids),
                TrailEntry.event.not_in(LOOKED_AT),
            )
            .distinct()
        )
    )


def _put_back(session: Session, actor: Actor, item: IntakeItem, entry: TrailEntry, *, now: datetime) -> int:
    """Undo one entry; return 1 when the paper is as it was, 0 when it no longer is as the entry left it."""
    if entry.event == "item_drop":
        if item.state != ItemState.DROPPED:
            return 0
        take_back_item(session, actor, item.id, now=now)
        return 1
    if entry.event != "item_described" or item.state == ItemState.DROPPED:
        return 0
    was, became = dict(entry.before or {}), dict(entry.after or {})
    if any(show_value(name, getattr(item, name)) != text for name, text in became.items()):
        return 0
    for name, text in was.items():
        setattr(item, name, _read_value(name, text))
    # A change of many papers never sets what a person had set, so none of it was a person's before.
    item.touched = sorted(set(item.touched) - set(became))
    item.updated_at = now
    item.version += 1
    session.flush()
    trail.record(session, actor, "item_described", item_subject(item), now=now, before=became, after=was, reason=REASON)
    compare_again(session, item, was, now=now)
    return 1


def _part(session: Session, actor: Actor, entries: Sequence[TrailEntry], *, now: datetime) -> int:
    """Take a merged paper apart again, the last part first; return how many papers came back."""
    back, pages, target = 0, 0, 0
    for entry in entries:
        if entry.event == "item_merged" and entry.object_id is not None:
            pages, target = int((entry.after or {}).get("pages", 0)), entry.object_id
        elif entry.event == "item_drop" and entry.object_id is not None:
            _part_off(session, actor, target, entry.object_id, pages, now=now)
            back += 1
    return back


def _part_off(session: Session, actor: Actor, target_id: int, source_id: int, pages: int, *, now: datetime) -> None:
    if not pages:
        take_back_item(session, actor, source_id, now=now)
        return
    target = session.get_one(IntakeItem, target_id)
    first = pages_of(session, target_id, removed=True)[-pages]
    part_again(session, actor, target_id, source_id, first.id, version=target.version, now=now)


def _read_value(name: str, text: str) -> Any:
    """Return a value as `show_value` wrote it."""
    kind = IntakeItem.__table__.c[name].type.python_type
    if not text:
        return "" if kind is str else None
    return date.fromisoformat(text) if kind is date else kind(text)
