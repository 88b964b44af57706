"""Giving out numbers from the ledger: unique under concurrent writers, never used twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.documents import NumberEntry, NumberSeries


def take_number(
    session: Session,
    actor: Actor | None,
    series: str,
    write: Callable[[int], str],
    *,
    holder_kind: str,
    holder_id: int,
    now: datetime,
) -> str:
    """Return the next number of `series` as `write` spells it, entered in the ledger.

    The counter's row lock makes writers wait for each other; a transaction that fails gives its number back, so that
    gaps 断号 come only from rows that were removed by hand.
    """
    value = count_up(session, series)
    text = write(value)
    session.add(
        NumberEntry(
            series=series,
            value=value,
            text=text,
            holder_kind=holder_kind,
            holder_id=holder_id,
            taken_by=actor.account_id if actor else None,
            taken_at=now,
        )
    )
    session.flush()
    return text


def count_up(session: Session, series: str) -> int:
    """Return the next value of `series`, starting at 1; other writers wait until this transaction ends."""
    statement = update(NumberSeries).where(NumberSeries.name == series).values(last=NumberSeries.last + 1)
    value = session.scalar(statement.returning(NumberSeries.last))
    if value is not None:
        return int(value)
    session.execute(insert(NumberSeries).values(name=series, last=1))
    return 1
