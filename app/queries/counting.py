"""Counting up to a bound: nobody reads more than a thousand lines, and the rest costs as much again for each row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST_COUNTED = 1_000


def count_up_to(session: Session, statement: Select[Any], most: int = MOST_COUNTED) -> int:
    """Return how many rows `statement` has; `most` + 1 says that there are more than `most`."""
    return session.scalar(select(bounded_count(statement, most))) or 0


def bounded_count(statement: Select[Any], most: int = MOST_COUNTED) -> ColumnElement[int]:
    """Return what `count_up_to` asks for, as a column of a larger statement."""
    return select(func.count()).select_from(statement.limit(most + 1).subquery()).scalar_subquery()


def unindexed(column: InstrumentedAttribute[Any]) -> Any:
    """Return `column` in a form that no index serves: for lists that are quicker read in their order and stopped early."""
    return func.coalesce(column, column)
