"""Giving out numbers from the ledger: unique under concurrent writers, never used twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
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
    count = statement.returning(NumberSeries.last)
    value = session.scalar(count)
    if value is None:
        # The first two writers of a series may both come here: one makes the row, both count on.
        make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        session.execute(make(NumberSeries).values(name=series, last=0).on_conflict_do_nothing())
        value = session.scalars(count).one()
    return int(value)
