"""The one place where the web reads the clock, and the zone that screens show."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.domain.office_time import CHINA, office_day

__all__ = ["CHINA", "now", "today"]


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date as it is on the wall of the office."""
    return office_day(now())
