"""The registers that the house prints: what each is narrowed to, and how they write dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.domain.register_forms import FORMS, MONTH, ROOM, RegisterForm, RegisterKind

__all__ = [
    "BULK_ROWS",
    "FORMS",
    "MOST_ROWS",
    "RegisterFilter",
    "RegisterForm",
    "RegisterKind",
    "day_in_catalogue",
    "day_in_letters",
    "missing_field",
    "month_of",
    "title_of",
]

# More rows than this is a bulk export: a fresh code is asked for.
BULK_ROWS = 1000
MOST_ROWS = 100_000
REPORT_TITLE = "投诉与服务统计报告"
_NUMBERS = frozenset({"branch_id", "year", "room_id", "thing_id"})
_DAYS = frozenset({"filed_from", "filed_to", "since", "until"})


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a register is narrowed to; it is printed on it."""

    branch_id: int | None = None
    year: int | None = None  # of formation, of opening for customers, of what happened elsewhere
    category: str = ""  # a class or sub-class, items only
    period: str = ""  # items only
    filed_from: date | None = None
    filed_to: date | None = None
    since: date | None = None  # of what happened: lent, moved, ordered
    until: date | None = None
    room_id: int | None = None
    month: str = ""  # 2026-11
    thing_id: int | None = None  # the stock-taking or the handing over

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the filter as JSON can hold it."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, str | int | None]) -> RegisterFilter:
        """Return the filter that `as_dict` wrote, also by an earlier edition with fewer fields."""
        names = {item.name for item in fields(cls)}
        read: dict[str, Any] = {name: _read(name, value) for name, value in values.items() if name in names}
        return cls(**read)

    def span(self) -> tuple[date | None, date | None]:
        """Return the first and the last day that year and span leave together; None is no bound."""
        first = date(self.year, 1, 1) if self.year else None
        last = date(self.year, 12, 31) if self.year else None
        begins = max((day for day in (first, self.since) if day), default=None)
        ends = min((day for day in (last, self.until) if day), default=None)
        return begins, ends


def _read(name: str, value: str | int | None) -> str | int | date | None:
    if name in _NUMBERS:
        return int(value) if value is not None else None
    if name in _DAYS:
        return date.fromisoformat(str(value)) if value else None
    return str(value or "")


def missing_field(kind: RegisterKind, wanted: RegisterFilter) -> str:
    """Return the field that this register cannot be printed without and that is empty; '' when nothing is missing."""
    for need in FORMS[kind].needs:
        value = {ROOM: wanted.room_id, MONTH: wanted.month}.get(need, wanted.thing_id)
        if not value:
            return need
    return ""


def title_of(register: str) -> str:
    """Return what an export is called on paper and as a file: the title of its form, or that of the report."""
    return FORMS[RegisterKind(register)].title if register in FORMS else REPORT_TITLE


def month_of(text: str) -> tuple[date, date]:
    """Return the first day of a month `2026-11` and the first of the next; raises `ValueError`."""
    first = date.fromisoformat(f"{text}-01")
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def day_in_catalogue(day: date | None) -> str:
    """Return a date as catalogues write it: 20261122."""
    return day.strftime("%Y%m%d") if day else ""


def day_in_letters(day: date) -> str:
    """Return a date as letters write it: 2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"
