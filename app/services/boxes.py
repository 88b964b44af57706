"""Keeping boxes 盒: a number of its own, items put in and taken out, the shelf it stands on; every move is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import is_series_code
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.places import Fill, PlaceKind, check_spine
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.documents import Category, Document, RetentionPeriod
from app.models.storage import Box, Movement, Place
from app.queries.visibility import branches_in
from app.services import trail
from app.services.changes import apply_changes
from app.services.numbers import take_number
from app.services.papers import SHELVING, lock_paper, paper_subject, place_name, require_lendable
from app.services.places import load_place

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class BoxData:
    """The fields of a box as typed; series, year and period say what belongs into it, empty for anything."""

    spine_mm: int = 40
    series: str = ""
    year: int | None = None
    period: str = ""
    title: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Boxed:
    """What was put into a box; `odd` says that it is of another series, year or period than the box."""

    document_id: int
    archive_number: str
    odd: bool


def create_box(session: Session, actor: Actor, branch_id: int, typed: BoxData, *, now: datetime) -> int:
    """Make a box of a branch and return its id; its number 盒号 runs inside fonds and year and is never used twice.

    Raises `NotFound`, `NotAllowed`, `Invalid`.
    """
    branch = session.get(Branch, branch_id)
    if branch is None or not may(actor, Action.STORAGE_VIEW, Target(branch_id)):
        raise NotFound
    if not may(actor, Action.STORAGE_EDIT, Target(branch_id)):
        raise NotAllowed(Action.STORAGE_EDIT)
    checked = _check(session, typed)
    box_id, head = new_id(), f"{branch.fonds_code}-{checked.year}" if checked.year else branch.fonds_code
    number = take_number(
        session,
        actor,
        f"box|{branch.fonds_code}|{checked.year}" if checked.year else f"box|{branch.fonds_code}",
        lambda value: f"{head}-H{value:05d}",
        holder_kind="box",
        holder_id=box_id,
        now=now,
    )
    box = Box(
        id=box_id,
        branch_id=branch_id,
        number=number,
        fonds_code=branch.fonds_code,
        created_by=actor.account_id,
        created_at=now,
        version=1,
        **asdict(checked),
    )
    session.add(box)
    after = {name: value for name, value in asdict(checked).items() if value not in (None, "")}
    _note(session, actor, "box_created", box, now=now, after=after)
    return box_id


def edit_box(session: Session, actor: Actor, box_id: int, typed: BoxData, *, version: int, now: datetime) -> None:
    """Change a box; a wider spine must still fit its shelf.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    checked = _check(session, typed)
    # The shelf is locked before its boxes, here as in `shelve`.
    standing_on = session.scalar(select(Box.place_id).where(Box.id == box_id))
    place = session.scalar(select(Place).where(Place.id == standing_on).with_for_update(of=Place))
    box = load_box(session, actor, box_id)
    wider = checked.spine_mm - box.spine_mm
    if place is not None and box.place_id == place.id and wider > 0 and not _fill(session, place).takes(wider):
        raise Invalid.field("spine_mm", "shelf.full")
    before, after = apply_changes(box, asdict(checked), version=version, show=_show)
    if after:
        _note(session, actor, "box_changed", box, now=now, before=before, after=after)


def put_in(session: Session, actor: Actor, box_id: int, document_id: int, *, now: datetime) -> Boxed:
    """Put a filed paper into a box of its own branch, out of the one it may lie in.

    Raises `NotFound` for a box or paper that the actor may not keep, `Invalid` for one of another branch or bound in a
    volume, `WrongState` for what is no filed paper at rest, or lies in this box already.
    """
    box, document = load_box(session, actor, box_id), _load_paper(session, actor, document_id)
    require_in_branch(box, document)
    require_lendable(document)
    if document.volume_id is not None:
        raise Invalid.field("code", "boxing.in_volume")
    if document.box_id == box.id:
        raise WrongState("boxing.there_already")
    move_into(session, actor, document, box.id, now=now)
    return Boxed(document.id, document.archive_number or "", _is_odd(session, box, document))


def take_out(session: Session, actor: Actor, document_id: int, *, now: datetime) -> None:
    """Take a paper out of its box; what is bound in a volume stays with it."""
    document = _load_paper(session, actor, document_id)
    if document.box_id is None:
        raise WrongState("boxing.in_no_box")
    if document.volume_id is not None:
        raise Invalid.field("code", "boxing.in_volume")
    require_lendable(document)
    move_into(session, actor, document, None, now=now)


def undo_last(session: Session, actor: Actor, box_id: int, *, now: datetime) -> str:
    """Take the paper that came last into a box out again, back into the box it came from, and return its number.

    Raises `WrongState` when nothing that came in is still there.
    """
    box = load_box(session, actor, box_id)
    last = session.execute(
        select(Movement.document_id, Movement.from_place, Document.volume_id)
        .join(Document, Document.id == Movement.document_id)
        .where(
            Movement.holder_kind == "box",
            Movement.holder_id == box.id,
            Document.box_id == box.id,
            Movement.account_id == actor.account_id,
        )
        .order_by(Movement.at.desc(), Movement.id.desc())
        .limit(1)
    ).first()
    if last is None or last.document_id is None or last.volume_id is not None:
        raise WrongState("boxing.nothing_to_undo")
    document = _load_paper(session, actor, last.document_id)
    require_lendable(document)
    number = last.from_place.rpartition(" · ")[2]
    back = session.scalar(select(Box.id).where(Box.number == number)) if number else None
    move_into(session, actor, document, back, now=now, remark="撤销")
    return document.archive_number or ""


def move_into(
    session: Session, actor: Actor, document: Document, box_id: int | None, *, now: datetime, remark: str = ""
) -> None:
    """Set the box of a locked paper, with its line in the movement book and its entry in the trail."""
    before = place_name(session, document.box_id)
    document.box_id = box_id
    after = place_name(session, box_id)
    session.add(
        Movement(
            branch_id=document.branch_id,
            at=now,
            direction="move",
            reason=SHELVING,
            document_id=document.id,
            from_place=before,
            to_place=after,
            holder_kind="box" if box_id else "",
            holder_id=box_id,
            account_id=actor.account_id,
            remark=remark,
        )
    )
    session.flush()
    event = "item_boxed" if box_id else "item_unboxed"
    trail.record(
        session, actor, event, paper_subject(document), now=now, before={"place": before}, after={"place": after}
    )


def shelve(
    session: Session,
    actor: Actor,
    box_ids: Sequence[int],
    place_id: int,
    *,
    position: int | None = None,
    now: datetime,
) -> None:
    """Put boxes on a shelf, at its right end or from `position` on; all of them or none.

    Raises `NotFound`, `Invalid` for another branch's boxes and for a shelf without so much room, `WrongState` for a
    closed place, one that is no shelf, and a box that stands there already.
    """
    place = load_place(session, actor, place_id, Action.STORAGE_EDIT)
    boxes = [load_box(session, actor, box_id) for box_id in sorted(set(box_ids))[: MOST_AT_ONCE + 1]]
    _check_move(session, boxes, place)
    order = {box_id: at for at, box_id in enumerate(box_ids)}
    boxes.sort(key=lambda box: order[box.id])
    left_behind = {box.place_id for box in boxes if box.place_id is not None}
    standing = _standing(session, place.id)
    at = len(standing) if position is None else min(max(position - 1, 0), len(standing))
    for box in boxes:
        _stand(session, actor, box, place, now=now)
    _count_through([*standing[:at], *boxes, *standing[at:]])
    session.flush()
    for gone in left_behind:
        _count_through(_standing(session, gone))
    session.flush()


def take_off(session: Session, actor: Actor, box_ids: Sequence[int], *, now: datetime) -> None:
    """Take boxes off their shelves; raises `WrongState` for one that stands nowhere."""
    for box_id in sorted(set(box_ids))[:MOST_AT_ONCE]:
        box = load_box(session, actor, box_id)
        if box.place_id is None:
            raise WrongState("box.stands_nowhere")
        left = box.place_id
        _stand(session, actor, box, None, now=now)
        box.position = 0
        session.flush()
        _count_through(_standing(session, left))
    session.flush()


def load_box(session: Session, actor: Actor, box_id: int) -> Box:
    """Return a box that `actor` may keep, locked; raises `NotFound`, `NotAllowed` for one that he may see only."""
    statement = select(Box).where(Box.id == box_id)
    found = session.scalar(
        statement.where(branches_in(actor, Action.STORAGE_EDIT, Box.branch_id))
        .with_for_update(of=Box)
        .execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if session.scalar(statement.where(branches_in(actor, Action.STORAGE_VIEW, Box.branch_id))) is None:
        raise NotFound
    raise NotAllowed(Action.STORAGE_EDIT)


def require_in_branch(box: Box, document: Document) -> None:
    """Raise `Invalid` when a paper and a box belong to different branches."""
    if box.branch_id != document.branch_id:
        raise Invalid.field("code", "boxing.other_branch")


def _load_paper(session: Session, actor: Actor, document_id: int) -> Document:
    document = lock_paper(session, document_id)
    # As confidential as it is: who may keep the boxes of a branch below does not handle its 机密 papers.
    if not may(actor, Action.STORAGE_EDIT, Target(document.branch_id, document.level)):
        raise NotFound
    return document


def _is_odd(session: Session, box: Box, document: Document) -> bool:
    series = session.scalar(select(Category.series).where(Category.id == document.category_id))
    year = document.formed_on.year if document.formed_on else None
    pairs = ((box.series, series), (box.year, year), (box.period, document.period))
    return any(wanted and wanted != found for wanted, found in pairs)


def _check_move(session: Session, boxes: Sequence[Box], place: Place) -> None:
    if not boxes:
        raise Invalid.field("box", "shelving.no_box")
    if len(boxes) > MOST_AT_ONCE:
        raise Invalid.field("box", "shelving.too_many")
    if not place.active:
        raise WrongState("place.closed")
    holds_places = session.scalar(select(Place.id).where(Place.parent_id == place.id, Place.active).limit(1))
    if place.kind not in (PlaceKind.SHELF, PlaceKind.ROOM) and holds_places is not None:
        raise WrongState("place.no_shelf")
    if any(box.branch_id != place.branch_id for box in boxes):
        raise Invalid.field("place", "shelving.other_branch")
    if any(box.place_id == place.id for box in boxes):
        raise WrongState("box.there_already")
    if not _fill(session, place).takes(sum(box.spine_mm for box in boxes)):
        raise Invalid.field("place", "shelf.full")


def _stand(session: Session, actor: Actor, box: Box, place: Place | None, *, now: datetime) -> None:
    before = session.scalar(select(Place.full_code).where(Place.id == box.place_id)) if box.place_id else ""
    after = place.full_code if place else ""
    box.place_id = place.id if place else None
    box.version += 1
    session.add(
        Movement(
            branch_id=box.branch_id,
            at=now,
            direction="move",
            reason=SHELVING,
            box_id=box.id,
            from_place=before or "",
            to_place=after,
            account_id=actor.account_id,
        )
    )
    _note(session, actor, "box_moved", box, now=now, before={"place": before or ""}, after={"place": after})


def _standing(session: Session, place_id: int) -> list[Box]:
    return list(session.scalars(select(Box).where(Box.place_id == place_id).order_by(Box.position, Box.id)))


def _count_through(boxes: Sequence[Box]) -> None:
    for position, box in enumerate(boxes, start=1):
        box.position = position


def _fill(session: Session, place: Place) -> Fill:
    return Fill(sum(box.spine_mm for box in _standing(session, place.id)), place.width_mm)


def _check(session: Session, typed: BoxData) -> BoxData:
    check_spine(typed.spine_mm)
    series = clean_text(typed.series).upper()
    if series and not is_series_code(series):
        raise Invalid.field("series", "category.series")
    if typed.year is not None and not 1949 <= typed.year <= 2200:
        raise Invalid.field("year", "box.year")
    if typed.period and session.get(RetentionPeriod, typed.period) is None:
        raise Invalid.field("period", "document.period")
    return replace(typed, series=series, title=clean_text(typed.title)[:120], remark=clean_text(typed.remark)[:200])


def _note(session: Session, actor: Actor, event: str, box: Box, *, now: datetime, **texts: Any) -> None:
    session.flush()
    trail.record(session, actor, event, trail.Subject("box", box.id, box.number), now=now, **texts)


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)
