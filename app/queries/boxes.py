"""Reads for the screens of boxes and volumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.storage import Box, Place, Volume
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in, documents_for

PAGE_SIZE = 50
BY_NUMBER = Sort(Box.number, Box.id)
MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class BoxFilter:
    """What the list of boxes is narrowed to; `number` is a beginning, `stands` is "", unplaced or empty."""

    number: str = ""
    room_id: int | None = None
    branch_id: int | None = None
    year: int | None = None
    period: str = ""
    stands: str = ""


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A line of the list of boxes."""

    id: int
    number: str
    title: str
    series: str
    year: int | None
    period: str
    spine_mm: int
    place_id: int | None
    place_code: str | None
    items: int
    branch_name: str


@dataclass(frozen=True, slots=True)
class BoxDetail:
    """A box as its page shows it."""

    id: int
    branch_id: int
    branch_name: str
    number: str
    fonds_code: str
    fonds_name: str
    series: str
    year: int | None
    period: str
    spine_mm: int
    title: str
    remark: str
    place_id: int | None
    place_code: str | None
    position: int
    created_at: datetime
    created_by: str
    version: int
    may_edit: bool


@dataclass(frozen=True, slots=True)
class BoxItem:
    """A paper in a box; `shown` is false for one that the reader may not open: then only its number stands there."""

    id: int
    archive_number: str
    title: str
    formed_on: date | None
    page_count: int
    level: int
    state: str
    whereabouts: str
    volume_id: int | None
    volume_number: str | None
    shown: bool


def list_boxes(session: Session, actor: Actor, wanted: BoxFilter, *, cursor: Cursor | None = None) -> PageOf[BoxRow]:
    """Return a page of the boxes of the branches whose storerooms `actor` may look into."""
    found = [branches_in(actor, Action.STORAGE_VIEW, Box.branch_id), *_conditions(wanted)]
    total = count_up_to(session, select(Box.id).outerjoin(Place, Place.id == Box.place_id).where(*found))
    items = select(func.count()).where(Document.box_id == Box.id).correlate(Box).scalar_subquery()
    statement = (
        select(
            Box.title,
            Box.series,
            Box.year,
            Box.period,
            Box.spine_mm,
            Box.place_id,
            Place.full_code.label("place_code"),
            items.label("items"),
            Branch.name.label("branch_name"),
            Box.number,
            Box.id,
        )
        .join(Branch, Branch.id == Box.branch_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(*found)
    )
    return read_page(
        session, statement, BY_NUMBER, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED
    )


def read_box(session: Session, actor: Actor, box_id: int) -> BoxDetail:
    """Return one box; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(
            Box,
            Branch.name,
            Branch.fonds_name,
            Place.full_code,
            func.coalesce(Account.full_name, ""),
            branches_in(actor, Action.STORAGE_EDIT, Box.branch_id),
        )
        .join(Branch, Branch.id == Box.branch_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .outerjoin(Account, Account.id == Box.created_by)
        .where(Box.id == box_id, branches_in(actor, Action.STORAGE_VIEW, Box.branch_id))
    ).first()
    if row is None:
        raise NotFound
    box, branch_name, fonds_name, place_code, created_by, may_edit = row
    names = (
        "id branch_id number fonds_code series year period spine_mm title remark place_id position created_at version"
    )
    return BoxDetail(
        **{name: getattr(box, name) for name in names.split()},
        branch_name=branch_name,
        fonds_name=fonds_name,
        place_code=place_code,
        created_by=created_by,
        may_edit=bool(may_edit),
    )


def items_in(session: Session, actor: Actor, box_id: int) -> Sequence[BoxItem]:
    """Return the papers in a box that the reader has been shown, by their numbers."""
    return _items(session, actor, Document.box_id == box_id)


def _conditions(wanted: BoxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.number:
        conditions.append(Box.number.startswith(wanted.number.upper(), autoescape=True))
    if wanted.room_id is not None:
        conditions.append(Place.path.startswith(f"/{wanted.room_id}/"))
    if wanted.branch_id is not None:
        conditions.append(Box.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Box.year == wanted.year)
    if wanted.period:
        conditions.append(Box.period == wanted.period)
    if wanted.stands == "unplaced":
        conditions.append(Box.place_id.is_(None))
    if wanted.stands == "empty":
        conditions.append(~select(Document.id).where(Document.box_id == Box.id).exists())
    return conditions


def _items(session: Session, actor: Actor, condition: ColumnElement[bool]) -> Sequence[BoxItem]:
    rows = session.execute(
        select(
            Document.id,
            Document.archive_number,
            Document.title,
            Document.formed_on,
            Document.page_count,
            Document.level,
            Document.state,
            Document.whereabouts,
            Document.volume_id,
            Volume.number,
            documents_for(actor, Action.DOCUMENT_VIEW).label("shown"),
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .outerjoin(Volume, Volume.id == Document.volume_id)
        .where(condition)
        .order_by(Document.archive_number, Document.id)
        .limit(MOST_ITEMS)
    )
    return [
        BoxItem(
            row.id,
            row.archive_number or "",
            row.title if row.shown else "",
            row.formed_on if row.shown else None,
            row.page_count,
            row.level,
            row.state,
            row.whereabouts,
            row.volume_id,
            row.number,
            bool(row.shown),
        )
        for row in rows
    ]


def _make_row(row: Any) -> BoxRow:
    return BoxRow(**{name: getattr(row, name) for name in BoxRow.__dataclass_fields__})
