"""Paging by keyset: a page starts after the sort values of a row, so that every page costs the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: the encoded sort values of the row before it (or after it, going backward)."""

    backward: bool
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: a column, then the id; `descending` for newest or largest first."""

    column: InstrumentedAttribute[Any]
    tie: InstrumentedAttribute[int]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageOf(Generic[Item]):
    """One page of a list with the cursors of its neighbours; `total` counts all that the filters leave."""

    items: Sequence[Item]
    total: int
    before: Cursor | None
    after: Cursor | None


def read_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    sort: Sort,
    cursor: Cursor | None,
    *,
    size: int,
    total: int,
    make: Callable[[Any], Item],
) -> PageOf[Item]:
    """Return the page of `statement` at `cursor`; the last two columns of the select must be sort column and id."""
    backward = cursor is not None and cursor.backward
    descending = sort.descending != backward
    if cursor is not None:
        statement = statement.where(_beyond(sort, decode_values(sort, cursor.values), descending=descending))
    order = [column.desc() if descending else column.asc() for column in (sort.column, sort.tie)]
    rows = list(session.execute(statement.order_by(*order).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if backward:
        rows.reverse()
    has_before, has_after = (more, True) if backward else (cursor is not None, more)
    return PageOf(
        items=[make(row) for row in rows],
        total=total,
        before=Cursor(True, encode_values(rows[0])) if rows and has_before else None,
        after=Cursor(False, encode_values(rows[-1])) if rows and has_after else None,
    )


def encode_values(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return the last two columns of a row as plain JSON values."""
    return tuple(_plain(value) for value in row[-2:])


def decode_values(sort: Sort, values: Sequence[Any]) -> tuple[Any, int]:
    """Return sort value and id with their types; raises `ValueError` on a cursor of another list."""
    if len(values) != 2 or not isinstance(values[1], int):
        raise ValueError("a cursor of another list")
    kind = sort.column.type.python_type
    value = values[0]
    if kind is bytes:
        value = bytes.fromhex(value)
    elif kind is datetime:
        value = datetime.fromtimestamp(value / 1_000_000, UTC)
    elif kind is date:
        value = date.fromisoformat(value)
    return value, values[1]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return round(value.timestamp() * 1_000_000)
    return value.isoformat() if isinstance(value, date) else value


def _beyond(sort: Sort, values: tuple[Any, int], *, descending: bool) -> ColumnElement[bool]:
    value, tie = values
    if descending:
        return and_(sort.column <= value, or_(sort.column < value, sort.tie < tie))
    return and_(sort.column >= value, or_(sort.column > value, sort.tie > tie))
