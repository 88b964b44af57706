"""Counting up to a bound: nobody reads more than a thousand lines, and the rest costs as much again for each row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST_COUNTED = 1_000


def count_up_to(session: Session, statement: Select[Any], most: int = MOST_COUNTED) -> int:
    """Return how many rows `statement` has; `most` + 1 says that there are more than `most`."""
    return session.scalar(select(func.count()).select_from(statement.limit(most + 1).subquery())) or 0


def unindexed(column: InstrumentedAttribute[Any]) -> Any:
    """Return `column` in a form that no index serves: for lists that are quicker read in their order and stopped early."""
    return func.coalesce(column, column)
