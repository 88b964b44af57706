"""In which group of an inbox something stands by its due day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=3)


class DueGroup(StrEnum):
    """The groups of an inbox, what is most urgent first."""

    OVERDUE = "overdue"  # 逾期
    TODAY = "today"  # 今天
    SOON = "soon"  # 三天内
    LATER = "later"  # 以后
    PAUSED = "paused"  # 中止


def due_group(due_on: date | None, today: date, *, is_paused: bool = False, is_done: bool = False) -> DueGroup:
    """Return the group of something; `is_done` says that its clock has ended and only work behind it is left."""
    if is_paused:
        return DueGroup.PAUSED
    if due_on is None or is_done or due_on > today + SOON:
        return DueGroup.LATER
    if due_on < today:
        return DueGroup.OVERDUE
    return DueGroup.TODAY if due_on == today else DueGroup.SOON
