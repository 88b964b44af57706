"""Reads for the movement book 档案出入库登记簿."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Movement
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in, documents_for

PAGE_SIZE = 50
BY_TIME = Sort(Movement.at, Movement.id, descending=True)
MOST_MOVES = 50


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A line of the movement book."""

    id: int
    at: datetime
    direction: str
    reason: str
    document_id: int | None
    archive_number: str | None
    box_id: int | None
    box_number: str | None
    from_place: str
    to_place: str
    counterpart: str
    who: str
    branch_name: str
    remark: str


@dataclass(frozen=True, slots=True)
class MoveFilter:
    """What the movement book is narrowed to."""

    branch_id: int | None = None
    direction: str = ""
    reason: str = ""
    from_day: date | None = None
    to_day: date | None = None
    number: str = ""  # the whole number of a box or an item


def moves_of_box(session: Session, box_id: int) -> Sequence[MoveRow]:
    """Return where a box that the reader has been shown has stood, newest first."""
    rows = session.execute(
        _move_columns().where(Movement.box_id == box_id).order_by(Movement.at.desc(), Movement.id).limit(MOST_MOVES)
    )
    return [_make_move(row) for row in rows]


def moves_into_box(session: Session, box_id: int, most: int = 8) -> Sequence[MoveRow]:
    """Return what came into a box last, newest first."""
    came = and_(Movement.holder_kind == "box", Movement.holder_id == box_id)
    rows = session.execute(
        _move_columns()
        .where(came, Movement.document_id.in_(select(Document.id).where(Document.box_id == box_id)))
        .order_by(Movement.at.desc(), Movement.id)
        .limit(most)
    )
    return [_make_move(row) for row in rows]


def list_movements(
    session: Session, actor: Actor, wanted: MoveFilter, *, cursor: Cursor | None = None
) -> PageOf[MoveRow]:
    """Return a page of the movement book, newest first; papers above the reader's level are left out."""
    narrowed = [
        or_(Movement.document_id.is_(None), documents_for(actor, Action.DOCUMENT_VIEW)),
        *_move_conditions(wanted),
    ]
    found = [branches_in(actor, Action.STORAGE_VIEW, Movement.branch_id), *narrowed]
    counted = (
        select(Movement.id)
        .outerjoin(Document, Document.id == Movement.document_id)
        .outerjoin(Customer, Customer.id == Document.customer_id)
        .outerjoin(Box, Box.id == Movement.box_id)
    )
    total = count_up_to(session, counted.where(*found))
    if total > MOST_COUNTED:
        # A long book is read in its own order and stopped early.
        found = [branches_in(actor, Action.STORAGE_VIEW, Movement.branch_id, by_index=False), *narrowed]
    statement = _move_columns().outerjoin(Customer, Customer.id == Document.customer_id).where(*found)
    return read_page(
        session, statement, BY_TIME, cursor, size=PAGE_SIZE, total=total, make=_make_move, most=MOST_COUNTED
    )


def _move_conditions(wanted: MoveFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.branch_id is not None:
        conditions.append(Movement.branch_id == wanted.branch_id)
    if wanted.direction:
        conditions.append(Movement.direction == wanted.direction)
    if wanted.reason:
        conditions.append(Movement.reason == wanted.reason)
    if wanted.from_day is not None:
        conditions.append(Movement.at >= first_moment(wanted.from_day))
    if wanted.to_day is not None:
        conditions.append(Movement.at <= last_moment(wanted.to_day))
    if wanted.number:
        number = wanted.number.upper()
        conditions.append(or_(Document.archive_number == number, Box.number == number))
    return conditions


def _move_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Movement.direction,
            Movement.reason,
            Movement.document_id,
            Document.archive_number,
            Movement.box_id,
            Box.number.label("box_number"),
            Movement.from_place,
            Movement.to_place,
            Movement.counterpart,
            func.coalesce(Account.full_name, "").label("who"),
            Branch.name.label("branch_name"),
            Movement.remark,
            Movement.at,
            Movement.id,
        )
        .join(Branch, Branch.id == Movement.branch_id)
        .outerjoin(Document, Document.id == Movement.document_id)
        .outerjoin(Box, Box.id == Movement.box_id)
        .outerjoin(Account, Account.id == Movement.account_id)
    )


def _make_move(row: Any) -> MoveRow:
    return MoveRow(**{name: getattr(row, name) for name in MoveRow.__dataclass_fields__})
