"""The one place where the web reads the clock, and the zone that screens show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "中国标准时间")


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date as it is on the wall of the office."""
    return now().astimezone(CHINA).date()
