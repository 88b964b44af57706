"""Counting in working days 工作日: Monday to Friday, but for the days that the office's calendar names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

SATURDAY = 5
NO_EXCEPTIONS: Mapping[date, bool] = {}


def is_working_day(day: date, exceptions: Mapping[date, bool] = NO_EXCEPTIONS) -> bool:
    """Say whether the office works on `day`; `exceptions` maps holidays to False and worked weekends 调休 to True."""
    return exceptions.get(day, day.weekday() < SATURDAY)


def add_working_days(day: date, count: int, exceptions: Mapping[date, bool] = NO_EXCEPTIONS) -> date:
    """Return the `count`-th working day after `day`; with 0 the day itself, or the next one that is worked.

    Raises `ValueError` for a negative count.
    """
    if count < 0:
        raise ValueError("a negative number of days")
    found = day
    while count:
        found += timedelta(days=1)
        count -= is_working_day(found, exceptions)
    while not is_working_day(found, exceptions):
        found += timedelta(days=1)
    return found
