"""Stock-takings 盘点: opening one freezes the books of a place, ending it finds what is missing, closing it is the manager's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, exists, func, literal, or_, select, update
from sqlalchemy import insert as sql_insert
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.stocktaking import OPEN_STATES, OUT, REASONS, Correction, Result, StocktakeState, require_step
from app.domain.whereabouts import Whereabouts
from app.models.documents import Document
from app.models.rounds import Stocktake, StocktakeLine
from app.models.storage import Box, Place
from app.queries.visibility import branches_in
from app.services import trail
from app.services.numbers import take_number

HOLDER = "stocktake"
# Lines get the ids that follow a random one: a hundred thousand of them are written by one statement.
_ROOM_FOR_LINES = 1 << 61


def open_stocktake(
    session: Session, actor: Actor, place_id: int, reason: str, *, remark: str = "", now: datetime
) -> int:
    """Start a stock-taking of a place with all below it and return its id; the books are frozen in one statement.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `WrongState` while one is open for this place, above or below it.
    """
    place = _lock_place(session, actor, place_id)
    if reason not in REASONS:
        raise Invalid.field("reason", "stocktake.choice")
    _refuse_second(session, place)
    stocktake_id, year = new_id(), office_day(now).year
    number = take_number(
        session,
        actor,
        f"stocktake|{year}",
        lambda value: f"PD{year}-{value:04d}",
        holder_kind=HOLDER,
        holder_id=stocktake_id,
        now=now,
    )
    stocktake = Stocktake(
        id=stocktake_id,
        number=number,
        branch_id=place.branch_id,
        place_id=place.id,
        state=StocktakeState.COUNTING.value,
        reason=reason,
        started_by=actor.account_id,
        started_at=now,
        remark=clean_note(remark)[:300],
    )
    session.add(stocktake)
    session.flush()
    stocktake.expected = _freeze_books(session, stocktake_id, place)
    after = {"place": place.full_code, "expected": stocktake.expected}
    note(session, actor, "stocktake_opened", stocktake, now=now, after=after)
    return stocktake_id


def end_counting(session: Session, actor: Actor, stocktake_id: int, *, now: datetime) -> None:
    """Go over to the review: what was not seen is missing, or away where the books have it out or moved meanwhile."""
    stocktake = load_stocktake(session, actor, stocktake_id, Action.ROUND_RUN)
    require_step(stocktake.state, StocktakeState.REVIEW)
    still_there = exists().where(
        Document.id == StocktakeLine.document_id,
        Document.box_id == StocktakeLine.book_box_id,
        Document.whereabouts.in_((Whereabouts.SHELF.value, Whereabouts.MISSING.value)),
    )
    missing = StocktakeLine.book_whereabouts.not_in(sorted(OUT)) & still_there
    session.execute(
        update(StocktakeLine)
        .where(StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.result == Result.OPEN.value)
        .values(result=case((missing, Result.MISSING.value), else_=Result.AWAY.value))
        .execution_options(synchronize_session=False)
    )
    stocktake.state, stocktake.ended_at = StocktakeState.REVIEW.value, now
    stocktake.version += 1
    note(session, actor, "stocktake_counted", stocktake, now=now)


def count_on(session: Session, actor: Actor, stocktake_id: int, *, now: datetime) -> None:
    """Go back from the review to counting, as long as no correction was decided."""
    stocktake = load_stocktake(session, actor, stocktake_id, Action.ROUND_RUN)
    require_step(stocktake.state, StocktakeState.COUNTING)
    _refuse_decided(session, stocktake_id)
    of_it = StocktakeLine.stocktake_id == stocktake_id
    _set(session, of_it & StocktakeLine.found_at.is_(None), result=Result.OPEN.value)
    _set(session, of_it, correction=Correction.NONE.value)
    stocktake.state, stocktake.ended_at = StocktakeState.COUNTING.value, None
    stocktake.version += 1
    note(session, actor, "stocktake_resumed", stocktake, now=now)


def close_stocktake(session: Session, actor: Actor, stocktake_id: int, *, now: datetime) -> None:
    """Close a reviewed stock-taking; raises `WrongState` for whoever counted, and while proposals wait."""
    stocktake = load_stocktake(session, actor, stocktake_id, Action.ROUND_APPROVE)
    require_step(stocktake.state, StocktakeState.CLOSED)
    require_other_person(session, actor, stocktake)
    waiting = select(StocktakeLine.id).where(
        StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.correction == Correction.PROPOSED.value
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise WrongState("stocktake.undecided")
    stocktake.state = StocktakeState.CLOSED.value
    stocktake.approved_by, stocktake.approved_at = actor.account_id, now
    stocktake.version += 1
    note(session, actor, "stocktake_closed", stocktake, now=now)


def cancel_stocktake(session: Session, actor: Actor, stocktake_id: int, reason: str, *, now: datetime) -> None:
    """Call a stock-taking off, as long as nothing was corrected by it."""
    stocktake = load_stocktake(session, actor, stocktake_id, Action.ROUND_RUN)
    require_step(stocktake.state, StocktakeState.CANCELLED)
    said = clean_note(reason)
    if not said:
        raise Invalid.field("reason", "stocktake.reason_missing")
    _refuse_decided(session, stocktake_id)
    stocktake.state, stocktake.remark = StocktakeState.CANCELLED.value, said[:300]
    stocktake.version += 1
    note(session, actor, "stocktake_cancelled", stocktake, now=now, reason=said)


def load_stocktake(session: Session, actor: Actor, stocktake_id: int, action: Action) -> Stocktake:
    """Return a stock-taking on which `actor` may do `action`, locked.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    statement = select(Stocktake).where(Stocktake.id == stocktake_id)
    found = session.scalar(
        statement.where(branches_in(actor, action, Stocktake.branch_id))
        .with_for_update(of=Stocktake)
        .execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if session.scalar(statement.where(branches_in(actor, Action.STORAGE_VIEW, Stocktake.branch_id))) is None:
        raise NotFound
    raise NotAllowed(action)


def require_other_person(session: Session, actor: Actor, stocktake: Stocktake) -> None:
    """Raise `WrongState` for whoever started the stock-taking or counted in it."""
    counted = select(StocktakeLine.id).where(
        StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.found_by == actor.account_id
    )
    if stocktake.started_by == actor.account_id or session.scalar(counted.limit(1)) is not None:
        raise WrongState("stocktake.approve_self")


def note(session: Session, actor: Actor, event: str, stocktake: Stocktake, *, now: datetime, **texts: Any) -> None:
    """Write what was done with a stock-taking into the trail."""
    session.flush()
    trail.record(session, actor, event, trail.Subject(HOLDER, stocktake.id, stocktake.number), now=now, **texts)


def _lock_place(session: Session, actor: Actor, place_id: int) -> Place:
    """Return a place; the lock is on its room, so that two who start above and below each other wait here."""
    statement = select(Place).where(Place.id == place_id)
    place = session.scalar(statement.where(branches_in(actor, Action.ROUND_RUN, Place.branch_id)))
    if place is None:
        if session.scalar(statement.where(branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))) is None:
            raise NotFound
        raise NotAllowed(Action.ROUND_RUN)
    room_id = int(place.path.split("/")[1])
    session.execute(select(Place.id).where(Place.id == room_id).with_for_update(of=Place))
    return place


def _refuse_second(session: Session, place: Place) -> None:
    open_ones = (
        select(Stocktake.id)
        .join(Place, Place.id == Stocktake.place_id)
        .where(
            Stocktake.state.in_(sorted(OPEN_STATES)),
            or_(Place.path.startswith(place.path), literal(place.path).startswith(Place.path)),
        )
    )
    if session.scalar(open_ones.limit(1)) is not None:
        raise WrongState("stocktake.open_already")


def _freeze_books(session: Session, stocktake_id: int, place: Place) -> int:
    """Write a line for every paper that the books have in the place, and return how many that are."""
    number = func.row_number().over(order_by=(Place.full_code, Box.position, Box.number, Document.archive_number))
    start = literal(new_id() % _ROOM_FOR_LINES, BigInteger)
    empty, unknown = literal(""), cast(None, BigInteger)
    frozen: dict[str, Any] = {
        "id": start + cast(number, BigInteger),
        "stocktake_id": literal(stocktake_id, BigInteger),
        "document_id": Document.id,
        "expected": literal(value=True),
        "scanned": empty,
        "book_box_id": Document.box_id,
        "book_place": Place.full_code + literal(" · ") + Box.number,
        "book_whereabouts": Document.whereabouts,
        "book_pages": Document.page_count,
        "found_box_id": unknown,
        "found_place_id": unknown,
        "found_place": empty,
        "result": literal(Result.OPEN.value),
        "correction": literal(Correction.NONE.value),
        "remark": empty,
    }
    books = (
        select(*(column.label(name) for name, column in frozen.items()))
        .select_from(Document)
        .join(Box, Box.id == Document.box_id)
        .join(Place, Place.id == Box.place_id)
        .where(
            Place.path.startswith(place.path),
            Document.state != "destroyed",
            Document.whereabouts != Whereabouts.NONE.value,
        )
    )
    session.execute(sql_insert(StocktakeLine).from_select(list(frozen), books))
    counted = select(func.count()).where(StocktakeLine.stocktake_id == stocktake_id)
    return session.scalar(counted) or 0


def _refuse_decided(session: Session, stocktake_id: int) -> None:
    decided = select(StocktakeLine.id).where(
        StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.correction == Correction.APPROVED.value
    )
    if session.scalar(decided.limit(1)) is not None:
        raise WrongState("stocktake.corrected_already")


def _set(session: Session, condition: ColumnElement[bool], **values: Any) -> None:
    statement = update(StocktakeLine).where(condition).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
