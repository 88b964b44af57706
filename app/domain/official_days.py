"""The office's calendar as far as it is known: official holidays and the weekends that are worked for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType


@cache
def official_days() -> Mapping[date, bool]:
    """Return the days that are not what their weekday says: holidays False, worked weekends True.

    Years without a notice yet have weekends only.
    """
    # Imported late: who opens a list needs no law on deadlines.
    from app.domain.deadlines.calendar_file import exceptions_of
    from app.domain.deadlines.holidays import SEED_CALENDAR

    return MappingProxyType(exceptions_of(SEED_CALENDAR))
