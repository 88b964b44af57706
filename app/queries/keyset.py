"""Paging by keyset: a page starts after the sort values of a row, so that every page costs the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

Item = TypeVar("Item")
LARGEST_ID = 1 << 62


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
    """One page of a list with the cursors of its neighbours.

    `total` counts what the filters leave; with `exact` false there are more than that.
    """

    items: Sequence[Item]
    total: int
    before: Cursor | None
    after: Cursor | None
    exact: bool = True


def read_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    sort: Sort,
    cursor: Cursor | None,
    *,
    size: int,
    total: int,
    make: Callable[[Any], Item],
    most: int | None = None,
) -> PageOf[Item]:
    """Return the page of `statement` at `cursor`; the last two columns of the select must be sort column and id.

    `most` is where `total` stopped counting.
    """
    start = decode_values(sort, cursor.values) if cursor is not None else None
    backward = cursor is not None and start is not None and cursor.backward
    descending = sort.descending != backward
    if start is not None:
        statement = statement.where(_beyond(sort, start, descending=descending))
    order = [column.desc() if descending else column.asc() for column in (sort.column, sort.tie)]
    rows = list(session.execute(statement.order_by(*order).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if backward:
        rows.reverse()
    has_before, has_after = (more, True) if backward else (start is not None, more)
    return PageOf(
        items=[make(row) for row in rows],
        total=total if most is None else min(total, most),
        before=Cursor(True, encode_values(rows[0])) if rows and has_before else None,
        after=Cursor(False, encode_values(rows[-1])) if rows and has_after else None,
        exact=most is None or total <= most,
    )


def encode_values(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return the last two columns of a row as plain JSON values."""
    return tuple(_plain(value) for value in row[-2:])


def decode_values(sort: Sort, values: Sequence[Any]) -> tuple[Any, int] | None:
    """Return sort value and id with their types; None for the cursor of another list or a spoilt one."""
    if len(values) != 2 or type(values[1]) is not int or not 0 <= values[1] < LARGEST_ID:
        return None
    kind = sort.column.type.python_type
    value = values[0]
    try:
        if kind is bytes:
            value = bytes.fromhex(value)
        elif kind is datetime:
            value = datetime.fromtimestamp(value / 1_000_000, UTC)
        elif kind is date:
            value = date.fromisoformat(value)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return (value, values[1]) if isinstance(value, kind) else None


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
