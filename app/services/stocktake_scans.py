"""Counting in a stock-taking: a shelf or box is scanned as the spot, then what stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_number, clean_text
from app.domain.policy import Action
from app.domain.scan_codes import Scan, looks_foreign, read_scan
from app.domain.stocktaking import Books, Correction, Result, Seen, StocktakeState, judge
from app.domain.whereabouts import Whereabouts
from app.models.documents import Document
from app.models.rounds import Stocktake, StocktakeLine
from app.models.storage import Box, Place, Volume
from app.services.papers import place_name
from app.services.stocktakes import load_stocktake

LONGEST = 120
MOST_PAGES = 9_999
_LIKE_OURS = re.compile(r"[DVBPLC]-[0-9A-Z]+-[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stands counting: a place, a box on it, or both."""

    place_id: int | None = None
    box_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan came to: `kind` is place, box, item, volume or unknown; `hint` is the code of a sentence to add."""

    kind: str
    spot: Spot
    label: str = ""
    result: str = ""
    count: int = 1
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Here:
    """The spot with what the books know of it."""

    place: Place | None
    box: Box | None
    path: str
    name: str
    spot: Spot


def scan(
    session: Session,
    actor: Actor,
    stocktake_id: int,
    text: str,
    spot: Spot,
    *,
    pages: int | None = None,
    damaged: bool = False,
    remark: str = "",
    now: datetime,
) -> Outcome:
    """Take what a scanner typed; raises `Invalid` on `code` with a sentence for what has no business here."""
    stocktake = _counting(session, actor, stocktake_id)
    read = _readable(text)
    if pages is not None and not 0 <= pages <= MOST_PAGES:
        raise Invalid.field("pages", "stocktake.pages")
    thing = _find(session, stocktake, read)
    if isinstance(thing, Place):
        return _stand_at(session, stocktake, thing)
    if isinstance(thing, Box):
        return _open_box(session, stocktake, thing, spot)
    here = _here(session, stocktake, spot)
    if thing is None or thing.branch_id != stocktake.branch_id:
        return _note_unknown(session, actor, stocktake, read.text, here, foreign=thing is not None, now=now)
    seen = Seen(here.spot.box_id, here.path, pages, damaged)
    papers = _papers_of(session, thing)
    results = [
        _mark(session, actor, stocktake, paper, seen, here, remark=clean_text(remark)[:200], now=now)
        for paper in papers
    ]
    label = thing.number if isinstance(thing, Volume) else thing.archive_number or thing.title
    worst = next((result for result in results if result is not Result.FOUND), Result.FOUND)
    kind = "volume" if isinstance(thing, Volume) else "item"
    return Outcome(kind, here.spot, label, worst.value, len(papers))


def confirm_box(session: Session, actor: Actor, stocktake_id: int, spot: Spot, *, now: datetime) -> int:
    """Note that everything the books have in the box at hand is in it, and return how many items that were.

    Only what was not scanned yet and is not booked out: a lent item that stands there wants a look of its own.
    """
    stocktake = _counting(session, actor, stocktake_id)
    here = _here(session, stocktake, spot)
    if here.box is None:
        raise Invalid.field("code", "stocktake.box_missing")
    right = judge(_books_of_box(session, here.box), Seen(here.box.id, here.path))
    marked = session.execute(
        update(StocktakeLine)
        .where(
            StocktakeLine.stocktake_id == stocktake_id,
            StocktakeLine.book_box_id == here.box.id,
            StocktakeLine.result == Result.OPEN.value,
            StocktakeLine.book_whereabouts == Whereabouts.SHELF.value,
        )
        .values(result=right.value, found_by=actor.account_id, found_at=now, **_found(here))
        .returning(StocktakeLine.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def undo_scan(session: Session, actor: Actor, stocktake_id: int) -> int:
    """Take back the actor's last scan (a whole box at once) and return how many lines that were; 0 when there is none."""
    _counting(session, actor, stocktake_id)
    mine = (StocktakeLine.stocktake_id == stocktake_id) & (StocktakeLine.found_by == actor.account_id)
    last = session.scalar(select(func.max(StocktakeLine.found_at)).where(mine))
    if last is None:
        return 0
    those = mine & (StocktakeLine.found_at == last)
    count = session.scalar(select(func.count()).select_from(StocktakeLine).where(those)) or 0
    session.execute(
        delete(StocktakeLine)
        .where(those, StocktakeLine.expected.is_(False))
        .execution_options(synchronize_session=False)
    )
    _reset(session, those)
    return count


def _counting(session: Session, actor: Actor, stocktake_id: int) -> Stocktake:
    stocktake = load_stocktake(session, actor, stocktake_id, Action.ROUND_RUN)
    if stocktake.state != StocktakeState.COUNTING:
        raise WrongState(f"stocktake.is_{stocktake.state}")
    return stocktake


def _readable(text: str) -> Scan:
    read = read_scan(text)
    if not read.text:
        raise Invalid.field("code", "stocktake.scan_missing")
    if len(read.text) > LONGEST:
        raise Invalid.field("code", "stocktake.scan_long")
    if read.is_label:
        return read
    if looks_foreign(read.text) or "://" in read.text:
        raise Invalid.field("code", "stocktake.foreign_code")
    if _LIKE_OURS.fullmatch(read.text):
        raise Invalid.field("code", "stocktake.misread")
    return read


def _find(session: Session, stocktake: Stocktake, read: Scan) -> Place | Box | Volume | Document | None:
    """Return what a code names; None for a number that no book knows."""
    if read.is_label:
        model = {"document": Document, "volume": Volume, "box": Box, "place": Place}.get(read.kind)
        if model is None:
            raise Invalid.field("code", "stocktake.not_a_paper")
        found: Place | Box | Volume | Document | None = session.get(model, read.id)  # type: ignore[assignment]
        if found is None:
            raise Invalid.field("code", "stocktake.unknown_label")
        return found
    number = clean_number(read.text)
    return (
        session.scalar(select(Document).where(Document.archive_number == number))
        or session.scalar(select(Box).where(Box.number == number))
        or session.scalar(select(Volume).where(Volume.number == number))
        or session.scalar(select(Place).where(Place.full_code == number, Place.branch_id == stocktake.branch_id))
    )


def _stand_at(session: Session, stocktake: Stocktake, place: Place) -> Outcome:
    if not place.path.startswith(_path_of(session, stocktake.place_id)):
        raise Invalid.field("code", "stocktake.other_place")
    return Outcome("place", Spot(place.id), place.full_code)


def _open_box(session: Session, stocktake: Stocktake, box: Box, spot: Spot) -> Outcome:
    if box.branch_id != stocktake.branch_id:
        raise Invalid.field("code", "stocktake.box_other_branch")
    stands = Spot(spot.place_id, box.id)
    here = _here(session, stocktake, stands)
    booked = _path_of(session, box.place_id)
    hint = "" if not here.path or booked.startswith(here.path) else "stocktake.box_stands_elsewhere"
    return Outcome("box", stands, box.number, hint=hint)


def _here(session: Session, stocktake: Stocktake, spot: Spot) -> _Here:
    """Return the spot; a spoilt one, or one outside the stock-taking, counts as none. Raises `Invalid` without one."""
    area = session.get_one(Place, stocktake.place_id)
    place = session.get(Place, spot.place_id) if spot.place_id is not None else None
    if place is not None and not place.path.startswith(area.path):
        place = None
    box = session.get(Box, spot.box_id) if spot.box_id is not None else None
    if box is not None and box.branch_id != stocktake.branch_id:
        box = None
    if place is None and box is None:
        if area.kind != "shelf":
            raise Invalid.field("code", "stocktake.spot_missing")
        place = area
    if place is None and box is not None and not _path_of(session, box.place_id).startswith(area.path):
        # A box that the books have outside: it stands here, though nobody said on which shelf.
        place = area
    name = " · ".join(part for part in (place.full_code if place else "", box.number if box else "") if part)
    if place is None and box is not None:
        name = place_name(session, box.id)
    known = Spot(place.id if place else None, box.id if box else None)
    return _Here(place, box, place.path if place else "", name, known)


def _papers_of(session: Session, thing: Volume | Document) -> list[Document]:
    if isinstance(thing, Document):
        return [thing]
    inside = select(Document).where(Document.volume_id == thing.id, Document.state != "destroyed")
    found = list(session.scalars(inside.order_by(Document.archive_number)))
    if not found:
        raise Invalid.field("code", "stocktake.volume_empty")
    return found


def _mark(
    session: Session,
    actor: Actor,
    stocktake: Stocktake,
    paper: Document,
    seen: Seen,
    here: _Here,
    *,
    remark: str,
    now: datetime,
) -> Result:
    line = session.scalar(
        select(StocktakeLine).where(StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.document_id == paper.id)
    )
    if line is None:
        line = _line_of_stranger(session, stocktake, paper)
    if paper.state == "destroyed":
        result = judge(None, seen)
    else:
        box_path = _path_of(session, session.scalar(select(Box.place_id).where(Box.id == line.book_box_id)))
        # Who counts has the thing in his hand: what the books say now decides whether it is out.
        result = judge(Books(paper.whereabouts, line.book_box_id, box_path, line.book_pages), seen)
    line.result, line.found_pages, line.remark = result.value, seen.pages, remark
    line.found_at, line.found_by = now, actor.account_id
    for name, value in _found(here).items():
        setattr(line, name, value)
    session.flush()
    return result


def _line_of_stranger(session: Session, stocktake: Stocktake, paper: Document) -> StocktakeLine:
    """Return a new line for what the books have elsewhere."""
    line = StocktakeLine(
        id=new_id(),
        stocktake_id=stocktake.id,
        document_id=paper.id,
        expected=False,
        book_box_id=paper.box_id,
        book_place=place_name(session, paper.box_id),
        book_whereabouts=paper.whereabouts,
        book_pages=paper.page_count,
    )
    session.add(line)
    return line


def _note_unknown(
    session: Session, actor: Actor, stocktake: Stocktake, text: str, here: _Here, *, foreign: bool, now: datetime
) -> Outcome:
    """Write down a code that is nobody's here, once; whose it is otherwise is not told."""
    same = (StocktakeLine.stocktake_id == stocktake.id) & (StocktakeLine.scanned == text)
    line = session.scalar(select(StocktakeLine).where(same))
    if line is None:
        line = StocktakeLine(id=new_id(), stocktake_id=stocktake.id, expected=False, scanned=text)
        session.add(line)
    line.result, line.found_at, line.found_by = Result.NOT_IN_BOOKS.value, now, actor.account_id
    for name, value in _found(here).items():
        setattr(line, name, value)
    session.flush()
    hint = "stocktake.other_branch" if foreign else "stocktake.unknown_number"
    return Outcome("unknown", here.spot, text, Result.NOT_IN_BOOKS.value, hint=hint)


def _found(here: _Here) -> dict[str, int | str | None]:
    return {"found_box_id": here.spot.box_id, "found_place_id": here.spot.place_id, "found_place": here.name[:LONGEST]}


def _books_of_box(session: Session, box: Box) -> Books:
    return Books(Whereabouts.SHELF.value, box.id, _path_of(session, box.place_id))


def _path_of(session: Session, place_id: int | None) -> str:
    return (session.scalar(select(Place.path).where(Place.id == place_id)) or "") if place_id is not None else ""


def _reset(session: Session, condition: ColumnElement[bool]) -> None:
    nothing = _Here(None, None, "", "", Spot())
    session.execute(
        update(StocktakeLine)
        .where(condition)
        .values(
            result=Result.OPEN.value,
            correction=Correction.NONE.value,
            found_pages=None,
            found_at=None,
            found_by=None,
            remark=literal(""),
            **_found(nothing),
        )
        .execution_options(synchronize_session=False)
    )
