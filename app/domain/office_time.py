"""The office's zone: what day it is there, whatever the machine's clock is set to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "中国标准时间")


def office_day(now: datetime) -> date:
    """Return the date on the wall of the office at `now` (aware)."""
    return now.astimezone(CHINA).date()


def first_moment(day: date) -> datetime:
    """Return when `day` begins in the office (aware)."""
    return datetime.combine(day, time.min, CHINA)


def last_moment(day: date) -> datetime:
    """Return when `day` ends in the office (aware)."""
    return datetime.combine(day, time.max, CHINA)
