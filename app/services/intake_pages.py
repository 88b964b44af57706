"""The pages of papers at the desk: turn, move, take out, put back, split, merge; each can be undone, originals stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound, WrongState
from app.domain.ids import new_id
from app.domain.intake import EDITABLE, ItemState
from app.domain.intake_desk import places_after_move
from app.models.intake import IntakeItem, IntakePage
from app.ports import StoredBlob
from app.queries.page_words import turn_words
from app.services import jobs, trail
from app.services.evidence import keep_blob
from app.services.intake_desk import open_for_work, put_aside, require_seen, take_back_item
from app.services.intake_steps import item_subject, pages_of
from app.services.page_work import read_again

WHOLE_TURN = 360
MERGED = "merged"  # why a paper was put aside that another one took in
# What the parts of a split paper have in common: whose papers they are and how they came.
SHARED = ("customer_id", "policy_id", "claim_id", "carrier", "is_original", "level")


@dataclass(frozen=True, slots=True)
class TurnedImage:
    """What people are shown of a page after it was turned, in the store already."""

    image: StoredBlob
    thumbnail: StoredBlob


def turn_page(
    session: Session,
    actor: Actor,
    item_id: int,
    page_id: int,
    degrees: int,
    turned: TurnedImage,
    *,
    version: int,
    now: datetime,
) -> None:
    """Turn what people are shown of a page clockwise; the image as it was drawn stays, places of words turn along.

    What was read off the page as it lay before is read anew; what its PDF told holds any way up.
    """
    item = _open(session, actor, item_id, version, now=now)
    page = _page_of(session, item, page_id)
    for blob in (turned.image, turned.thumbnail):
        keep_blob(session, blob, now=now)
    page.restored_digest, page.thumbnail_digest = turned.image.digest, turned.thumbnail.digest
    page.turned = (page.turned + degrees) % WHOLE_TURN
    page.words = turn_words(page.words, degrees)
    read_again(session, page, now=now)
    _note(session, actor, item, "page_turned", now=now, page=page.position, degrees=degrees)


def move_page(
    session: Session, actor: Actor, item_id: int, page_id: int, to: int, *, version: int, now: datetime
) -> int:
    """Put a page at place `to` (from 1) among the pages of its paper and return the place it had."""
    item = _open(session, actor, item_id, version, now=now)
    pages = pages_of(session, item.id)
    at = next((place for place, page in enumerate(pages) if page.id == page_id), None)
    if at is None:
        raise NotFound
    order = [pages[place] for place in places_after_move(len(pages), at, to - 1)]
    _number(session, item.id, order)
    _note(session, actor, item, "page_moved", now=now, page=at + 1, to=order.index(pages[at]) + 1)
    return at + 1


def take_page_out(session: Session, actor: Actor, item_id: int, page_id: int, *, version: int, now: datetime) -> None:
    """Take a page out of its paper; it stays on record and can be put back. Raises `WrongState` for the last one."""
    item = _open(session, actor, item_id, version, now=now)
    page = _page_of(session, item, page_id)
    if page.removed:
        return
    if len(pages_of(session, item.id)) == 1:
        raise WrongState("intake.last_page")
    page.removed = True
    _note(session, actor, item, "page_taken_out", now=now, page=page.position)


def put_page_back(session: Session, actor: Actor, item_id: int, page_id: int, *, version: int, now: datetime) -> None:
    """Put a page that was taken out back to its place."""
    item = _open(session, actor, item_id, version, now=now)
    page = _page_of(session, item, page_id)
    if page.removed:
        page.removed = False
        _note(session, actor, item, "page_put_back", now=now, page=page.position)


def split_item(session: Session, actor: Actor, item_id: int, page_id: int, *, version: int, now: datetime) -> int:
    """Make the page and those after it a paper of its own, next in line, and return that paper's id.

    Raises `WrongState` with `intake.split_first` for the first page: nothing would stay.
    """
    item = _open(session, actor, item_id, version, now=now)
    pages = pages_of(session, item.id, removed=True)
    at = next((place for place, page in enumerate(pages) if page.id == page_id), None)
    if at is None:
        raise NotFound
    if not any(not page.removed for page in pages[:at]):
        raise WrongState("intake.split_first")
    part = _insert_after(session, item, now=now)
    _hang(pages[at:], part.id)
    session.flush()
    _note(session, actor, item, "item_split", now=now, page=at + 1, part=part.position)
    _want_suggestion(session, item, part, now=now)
    return part.id


def merge_into(
    session: Session, actor: Actor, target_id: int, source_id: int, *, version: int, now: datetime
) -> int | None:
    """Hang all pages of one paper behind those of another and put the empty one aside; return the first page that moved.

    `version` is that of the paper which goes. Both must be at the desk, of the same batch.
    """
    source = _open(session, actor, source_id, version, now=now)
    target = open_for_work(session, actor, target_id, now=now)
    _require_neighbours(target, source)
    if source.state == ItemState.REWORK:
        raise WrongState("intake.merge_rework")
    last = _last_position(session, target.id)
    pages = pages_of(session, source.id, removed=True)
    _hang(pages, target.id, after=last)
    put_aside(session, actor, source, MERGED, now=now, merged_into=target.position)
    _note(session, actor, target, "item_merged", now=now, pages=len(pages), part=source.position)
    _want_suggestion(session, target, now=now)
    return next((page.id for page in pages), None)


def part_again(
    session: Session, actor: Actor, target_id: int, source_id: int, page_id: int, *, version: int, now: datetime
) -> None:
    """Undo a merging: the page and those after it go back to the paper that was put aside for it."""
    target = _open(session, actor, target_id, version, now=now)
    pages = pages_of(session, target.id, removed=True)
    at = next((place for place, page in enumerate(pages) if page.id == page_id), None)
    if not at:
        raise NotFound
    source = take_back_item(session, actor, source_id, now=now)
    _require_neighbours(target, source)
    if pages_of(session, source.id, removed=True):
        raise WrongState("intake.changed")
    _hang(pages[at:], source.id)
    _note(session, actor, target, "item_split", now=now, page=at + 1, part=source.position)
    _want_suggestion(session, target, source, now=now)


def send_page(
    session: Session, actor: Actor, item_id: int, page_id: int, target_id: int, *, version: int, now: datetime
) -> None:
    """Hang one page of a paper behind those of another of the same batch; raises `WrongState` for the last page."""
    item = _open(session, actor, item_id, version, now=now)
    page = _page_of(session, item, page_id)
    target = open_for_work(session, actor, target_id, now=now)
    _require_neighbours(target, item)
    if not page.removed and len(pages_of(session, item.id)) == 1:
        raise WrongState("intake.last_page")
    page.item_id, page.position = target.id, _last_position(session, target.id) + 1
    target.version += 1
    _note(session, actor, item, "page_sent", now=now, to=target.position)
    _want_suggestion(session, item, target, now=now)


def _open(session: Session, actor: Actor, item_id: int, version: int, *, now: datetime) -> IntakeItem:
    item = open_for_work(session, actor, item_id, now=now)
    require_seen(item, version)
    return item


def _page_of(session: Session, item: IntakeItem, page_id: int) -> IntakePage:
    page = session.get(IntakePage, page_id, with_for_update=True, populate_existing=True)
    if page is None or page.item_id != item.id:
        raise NotFound
    return page


def _require_neighbours(one: IntakeItem, other: IntakeItem) -> None:
    if one.id == other.id or one.batch_id != other.batch_id or one.submission_id != other.submission_id:
        raise WrongState("intake.other_batch")


def _last_position(session: Session, item_id: int) -> int:
    return session.scalar(select(func.max(IntakePage.position)).where(IntakePage.item_id == item_id)) or 0


def _hang(pages: Sequence[IntakePage], item_id: int, *, after: int = 0) -> None:
    for place, page in enumerate(pages, after + 1):
        page.item_id, page.position = item_id, place


def _number(session: Session, item_id: int, order: Sequence[IntakePage]) -> None:
    """Give the pages the places of `order`; those that were taken out keep standing after the page they followed."""
    everything = list(pages_of(session, item_id, removed=True))
    following: dict[int | None, list[IntakePage]] = {}
    before: int | None = None
    for page in everything:
        if page.removed:
            following.setdefault(before, []).append(page)
        else:
            before = page.id
    whole = list(following.get(None, []))
    for page in order:
        whole += [page, *following.get(page.id, [])]
    for place, page in enumerate(whole, 1):
        page.position = place


def _insert_after(session: Session, item: IntakeItem, *, now: datetime) -> IntakeItem:
    line = IntakeItem.batch_id == item.batch_id if item.batch_id else IntakeItem.submission_id == item.submission_id
    session.execute(
        update(IntakeItem)
        .where(line, IntakeItem.position > item.position)
        .values(position=IntakeItem.position + 1)
        .execution_options(synchronize_session=False)
    )
    part = IntakeItem(
        id=new_id(),
        batch_id=item.batch_id,
        submission_id=item.submission_id,
        branch_id=item.branch_id,
        position=item.position + 1,
        # A part of a paper in rework is a paper of its own that no one has catalogued yet.
        state=ItemState.READY.value if item.state == ItemState.REWORK else item.state,
        touched=[name for name in item.touched if name in SHARED],
        created_at=now,
        updated_at=now,
        version=1,
        **{name: getattr(item, name) for name in SHARED},
    )
    session.add(part)
    session.flush()
    return part


def _want_suggestion(session: Session, *items: IntakeItem, now: datetime) -> None:
    """Ask for the machine's word on papers that are not what they were."""
    for item in items:
        if ItemState(item.state) in EDITABLE:
            item.is_suggested = False
            payload = {"item_id": item.id}
            jobs.enqueue(session, "suggest_item", payload, now=now, unique_key=f"suggest:{item.id}", priority=3)


def _note(session: Session, actor: Actor, item: IntakeItem, event: str, *, now: datetime, **after: Any) -> None:
    item.version += 1
    item.updated_at = now
    session.flush()
    trail.record(session, actor, event, item_subject(item), now=now, after=after)
