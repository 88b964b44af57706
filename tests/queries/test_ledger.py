"""The ledger of archive numbers: how far each series has run, and what is missing in it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models.documents import NumberEntry, NumberSeries
from app.queries.ledger import read_series
from tests.cast import NOW, actor


def give_out(session: Session, series: str, *values: int, last: int) -> None:
    """Write a series that has counted to `last` and of which `values` are entered."""
    session.add(NumberSeries(name=series, last=last))
    session.flush()
    for value in values:
        entry = NumberEntry(series=series, value=value, text=f"{series}-{value}", taken_by=None, taken_at=NOW)
        entry.holder_kind, entry.holder_id = "document", value
        session.add(entry)
    session.flush()


@pytest.mark.parametrize(
    ("values", "last", "gaps"),
    [
        ((1, 2, 3), 3, []),
        ((2,), 2, [(1, 1)]),
        ((1, 3, 7), 7, [(2, 2), (4, 6)]),
        ((1, 2), 5, [(3, 5)]),
    ],
)
def test_missing_numbers_are_listed_as_runs(
    session: Session, values: tuple[int, ...], last: int, gaps: list[tuple[int, int]]
) -> None:
    give_out(session, "archive|J019|CB|2026|D10", *values, last=last)

    rows = read_series(session, actor(session, "archivist"))

    assert [(row.fonds, row.series, row.year, row.period) for row in rows] == [("J019", "CB", "2026", "D10")]
    assert (rows[0].given, rows[0].last, rows[0].gaps) == (len(values), last, gaps)
    assert rows[0].last_text == f"archive|J019|CB|2026|D10-{values[-1]}"
    assert bool(read_series(session, actor(session, "archivist"), gaps_only=True)) == bool(gaps)


def test_series_of_other_fonds_and_other_ledgers_stay_out(session: Session) -> None:
    give_out(session, "archive|J019|CB|2026|D10", 1, last=1)
    give_out(session, "archive|J021|CB|2026|D10", 1, last=1)
    give_out(session, "customer|2026", 1, last=1)

    assert [row.fonds for row in read_series(session, actor(session, "archivist"))] == ["J019"]
