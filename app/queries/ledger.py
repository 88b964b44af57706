"""The series of archive numbers with how far each has run and what is missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
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


def read_series(session: Session, actor: Actor, *, gaps_only: bool = False) -> Sequence[SeriesRow]:
    """Return the series of the branches whose ledger `actor` may read; `gaps_only` leaves out those without a gap."""
    ours = _ours(session, actor)
    totals = (
        select(
            NumberEntry.series,
            func.count().label("given"),
            func.min(NumberEntry.value).label("first"),
            func.max(NumberEntry.value).label("last"),
        )
        .where(ours)
        .group_by(NumberEntry.series)
        .subquery()
    )
    begins, ends = aliased(NumberEntry), aliased(NumberEntry)
    rows = session.execute(
        select(totals.c.series, totals.c.given, totals.c.last, begins.text, ends.text, NumberSeries.last)
        .join(begins, and_(begins.series == totals.c.series, begins.value == totals.c.first))
        .join(ends, and_(ends.series == totals.c.series, ends.value == totals.c.last))
        .join(NumberSeries, NumberSeries.name == totals.c.series)
        .order_by(totals.c.series)
    )
    gaps = _gaps(session, ours)
    found = [_row(name, *values, gaps=gaps.get(name, [])) for name, *values in rows]
    return [row for row in found if row.gaps or not gaps_only]


def _ours(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return what picks the entries of the fonds that `actor` may read."""
    branch_ids = [branch_id for branch_id, _ in branches_for(session, actor, Action.LEDGER_VIEW)]
    fonds = session.scalars(select(Branch.fonds_code).where(Branch.id.in_(branch_ids)).distinct())
    return or_(false(), *(NumberEntry.series.startswith(f"{PREFIX}{code}|", autoescape=True) for code in fonds))


def _gaps(session: Session, ours: ColumnElement[bool]) -> dict[str, list[tuple[int, int]]]:
    """Return the missing runs of each series; the database compares neighbours, so that no number is carried here."""
    before = func.lag(NumberEntry.value, 1, 0).over(partition_by=NumberEntry.series, order_by=NumberEntry.value)
    steps = select(NumberEntry.series, before.label("before"), NumberEntry.value).where(ours).subquery()
    found = session.execute(
        select(steps).where(steps.c.value > steps.c.before + 1).order_by(steps.c.series, steps.c.value)
    )
    gaps: dict[str, list[tuple[int, int]]] = {}
    for name, last_seen, value in found:
        gaps.setdefault(name, []).append((last_seen + 1, value - 1))
    return gaps


def _row(
    name: str, given: int, highest: int, first_text: str, last_text: str, last: int, *, gaps: list[tuple[int, int]]
) -> SeriesRow:
    _, fonds, series, year, period = name.split("|")[:5]
    tail = [(highest + 1, last)] if last > highest else []
    return SeriesRow(fonds, series, year, period, last, given, first_text, last_text, [*gaps, *tail])
