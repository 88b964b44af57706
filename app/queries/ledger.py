"""The series of archive numbers with how far each has run and what is missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import find_gaps
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.documents import NumberEntry, NumberSeries
from app.queries.branches import branches_for

PREFIX = "archive|"


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series: fonds, class of records, year and period, its highest number, how many were given, the gaps."""

    fonds: str
    series: str
    year: str
    period: str
    last: int
    given: int
    first_text: str
    last_text: str
    gaps: Sequence[tuple[int, int]]


def read_series(session: Session, actor: Actor) -> Sequence[SeriesRow]:
    """Return the series of the branches whose ledger `actor` may read."""
    branch_ids = [branch_id for branch_id, _ in branches_for(session, actor, Action.LEDGER_VIEW)]
    fonds = set(session.scalars(select(Branch.fonds_code).where(Branch.id.in_(branch_ids))))
    entries = session.execute(
        select(NumberEntry.series, NumberEntry.value, NumberEntry.text)
        .where(NumberEntry.series.startswith(PREFIX, autoescape=True))
        .order_by(NumberEntry.series, NumberEntry.value)
    )
    taken: dict[str, list[tuple[int, str]]] = {}
    for name, value, text in entries:
        taken.setdefault(name, []).append((value, text))
    last = {key: value for key, value in session.execute(select(NumberSeries.name, NumberSeries.last))}
    return [_row(name, values, last[name]) for name, values in taken.items() if name.split("|")[1] in fonds]


def _row(name: str, values: list[tuple[int, str]], last: int) -> SeriesRow:
    _, fonds, series, year, period = name.split("|")[:5]
    numbers = [value for value, _ in values]
    return SeriesRow(
        fonds, series, year, period, last, len(values), values[0][1], values[-1][1], find_gaps([*numbers, last + 1])
    )
