"""Rates without a whole, periods at the ends of years, and the ratios of the trade."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.figures import Given, Period, PeriodKind, Rate, Tally, months_back


def test_a_rate_of_nothing_is_none() -> None:
    assert Rate(0, 0).value is None
    assert Rate(3, 4).value == 75


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "name"),
    [
        (PeriodKind.MONTH, date(2028, 2, 15), date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        (PeriodKind.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
        (PeriodKind.QUARTER, date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31), "2026年第4季度"),
        (PeriodKind.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31), "2026年第1季度"),
        (PeriodKind.YEAR, date(2026, 6, 1), date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_period_has_its_own_first_and_last_day(
    kind: PeriodKind, day: date, first: date, last: date, name: str
) -> None:
    period = Period.around(kind, day)

    assert (period.first, period.last, period.name) == (first, last, name)
    assert period.before.after == period
    assert (period.first - period.before.last).days == 1


def test_complaints_are_set_against_premium_policies_and_persons() -> None:
    tally = Tally(received=6)

    assert tally.per(Given.PREMIUM, 3 * 100_000_000 * 100).value == 2  # three hundred million yuan
    assert tally.per(Given.POLICIES, 120_000).value == pytest.approx(0.5)
    assert tally.per(Given.INSURED, 0).value is None


def test_what_was_withdrawn_need_not_be_ended() -> None:
    tally = Tally(received=10, withdrawn=2, ended=8, due=8, in_time=6, days=96)

    assert tally.end_rate.value == 100
    assert tally.in_time_rate.value == 75
    assert tally.mean_days.value == 12


def test_months_go_back_over_the_turn_of_a_year() -> None:
    assert months_back(date(2026, 2, 10), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
