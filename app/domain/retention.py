"""Retention periods 保管期限: how long a thing must be kept, and until which day.

Codes follow DA/T 13: `Y` for ever, `D10` ten years. The clock starts with an event (the contract ends, a case is
closed); while that has not happened there is no due date 起算条件未成就. The day of the event is not counted and the
period ends on the corresponding calendar day, or on the last day of the month where there is none.
Source: 民法典 Art. 201–202; 保险法 Art. 87; how long is kept in an editable table, never here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum

_FIXED_TERM = re.compile(r"D([1-9][0-9]{0,2})")


class BadPeriod(ValueError):
    """Not a period code."""


class RetentionState(StrEnum):
    """Where a thing stands in its period."""

    PERMANENT = "permanent"
    NOT_STARTED = "not_started"  # 起算条件未成就
    RUNNING = "running"
    EXPIRED = "expired"  # may be appraised 待鉴定, not destroyed


@dataclass(frozen=True, slots=True)
class Period:
    """A retention period; `years` is None for ever."""

    years: int | None

    @classmethod
    def parse(cls, code: str) -> Period:
        """Return the period of a code; raises `BadPeriod` on anything but Y and D1 … D999."""
        if code == "Y":
            return cls(None)
        fixed = _FIXED_TERM.fullmatch(code)
        if not fixed:
            raise BadPeriod(code)
        return cls(int(fixed[1]))

    @property
    def code(self) -> str:
        """The code as it stands in archive numbers."""
        return "Y" if self.years is None else f"D{self.years}"

    @property
    def label(self) -> str:
        """The words as they stand on printed registers, which are always Chinese."""
        return "永久" if self.years is None else f"定期{self.years}年"


@dataclass(frozen=True, slots=True)
class PeriodSeed:
    """A row for the editable table of periods."""

    code: str
    basis: str


SEED = (
    PeriodSeed("Y", "DA/T 42-2009 7.7.6（目录、移交清册、销毁清册、鉴定报告）"),
    PeriodSeed("D30", "DA/T 42-2009 7.7；拒赔、诉讼、重大赔案从长"),
    PeriodSeed("D10", "保险法第八十七条（保险期间超过一年）；反洗钱法第三十四条"),
    PeriodSeed("D5", "保险法第八十七条（保险期间一年以下）；金融机构产品适当性管理办法第十七条"),
)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day `months` later, or the last day of that month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_years(day: date, years: int) -> date:
    """Return the corresponding day `years` later; 29 February becomes 28 February in a common year."""
    return add_months(day, 12 * years)


def due_date(trigger: date | None, code: str) -> date | None:
    """Return the last day of the period, or None while it has not started or when it never ends."""
    period = Period.parse(code)
    if trigger is None or period.years is None:
        return None
    return add_years(trigger, period.years)


def latest_due(rules: Iterable[tuple[date | None, str]]) -> date | None:
    """Return the latest due date over all (trigger, code) that apply; one that has none keeps the thing."""
    latest: date | None = None
    for trigger, code in rules:
        due = due_date(trigger, code)
        if due is None:
            return None
        latest = max(due, latest or due)
    return latest


def longest(*codes: str) -> str:
    """Return the longest of the period codes; raises `BadPeriod`, `ValueError` without any code."""
    return max(map(Period.parse, codes), key=lambda period: (period.years is None, period.years or 0)).code


def retention_state(trigger: date | None, code: str, today: date) -> RetentionState:
    """Return where a thing stands: it is kept through its due date and may be appraised on the day after."""
    if Period.parse(code).years is None:
        return RetentionState.PERMANENT
    due = due_date(trigger, code)
    if due is None:
        return RetentionState.NOT_STARTED
    return RetentionState.EXPIRED if today > due else RetentionState.RUNNING
