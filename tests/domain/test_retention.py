"""Retention periods and due dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.retention import (
    SEED,
    BadPeriod,
    Period,
    RetentionState,
    add_months,
    add_years,
    due_date,
    latest_due,
    longest,
    retention_state,
)
from tests.domain.examples import few


@pytest.mark.parametrize(
    ("code", "years", "label"),
    [("Y", None, "永久"), ("D5", 5, "定期5年"), ("D10", 10, "定期10年"), ("D100", 100, "定期100年")],
)
def test_a_code_is_read_and_written(code: str, years: int | None, label: str) -> None:
    period = Period.parse(code)

    assert (period.years, period.label, period.code) == (years, label, code)


@pytest.mark.parametrize("code", ["", "y", "D", "D0", "D05", "d10", "10", "D1000", "D10 ", "Y1", "D１０"])
def test_another_code_is_refused(code: str) -> None:
    with pytest.raises(BadPeriod):
        Period.parse(code)


def test_every_seeded_period_is_readable_and_has_a_basis() -> None:
    assert [Period.parse(row.code).code for row in SEED] == ["Y", "D30", "D10", "D5"]
    assert all(row.basis for row in SEED)


@pytest.mark.parametrize(
    ("trigger", "code", "due"),
    [
        (date(2026, 11, 22), "D10", date(2036, 11, 22)),
        (date(2024, 2, 29), "D5", date(2029, 2, 28)),
        (date(2024, 2, 29), "D4", date(2028, 2, 29)),
        (date(2023, 2, 28), "D1", date(2024, 2, 28)),
        (date(2026, 12, 31), "D30", date(2056, 12, 31)),
        (date(9990, 1, 1), "D30", date.max),
        (date(9989, 1, 1), "D10", date(9999, 1, 1)),
        (None, "D10", None),
        (date(2026, 11, 22), "Y", None),
        (None, "Y", None),
    ],
)
def test_a_period_ends_on_the_corresponding_day(trigger: date | None, code: str, due: date | None) -> None:
    assert due_date(trigger, code) == due


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_end_on_the_last_day_where_there_is_no_corresponding_one(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 200))
@few
def test_a_year_later_is_the_same_day_but_for_leap_days(day: date, years: int) -> None:
    later = add_years(day, years)

    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (2, 28)}


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        ([], None),
        ([(date(2026, 1, 1), "D5")], date(2031, 1, 1)),
        ([(date(2020, 1, 1), "D10"), (date(2026, 1, 1), "D5")], date(2031, 1, 1)),
        ([(date(2026, 1, 1), "D5"), (date(2020, 1, 1), "D10")], date(2031, 1, 1)),
        ([(date(2026, 1, 1), "D5"), (None, "D5")], None),
        ([(date(2026, 1, 1), "Y"), (date(2026, 1, 1), "D5")], None),
    ],
)
def test_the_latest_of_all_rules_counts_and_one_without_end_keeps_the_thing(
    rules: list[tuple[date | None, str]], due: date | None
) -> None:
    assert latest_due(rules) == due


@pytest.mark.parametrize(
    ("codes", "result"), [(["D5", "D30", "D10"], "D30"), (["D999", "Y", "D5"], "Y"), (["D5"], "D5"), (["Y", "Y"], "Y")]
)
def test_the_longest_period_is_found(codes: list[str], result: str) -> None:
    assert longest(*codes) == result


def test_there_is_no_longest_of_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        longest()


@pytest.mark.parametrize(
    ("trigger", "code", "today", "state"),
    [
        (date(2020, 5, 1), "Y", date(2090, 1, 1), RetentionState.PERMANENT),
        (None, "D5", date(2090, 1, 1), RetentionState.NOT_STARTED),
        (date(2020, 5, 1), "D5", date(2025, 4, 30), RetentionState.RUNNING),
        (date(2020, 5, 1), "D5", date(2025, 5, 1), RetentionState.RUNNING),
        (date(2020, 5, 1), "D5", date(2025, 5, 2), RetentionState.EXPIRED),
    ],
)
def test_a_thing_is_kept_through_its_last_day(
    trigger: date | None, code: str, today: date, state: RetentionState
) -> None:
    assert retention_state(trigger, code, today) is state
