"""The rules by which clocks are judged: rows with basis and effective dates, never numbers in code.

A case keeps the rule under which it was opened: find it with `rule_on` by the day of opening and remember its code and
`effective_from`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.deadlines.events import EventKind, Ground
from app.domain.deadlines.reasons import COMMON_ARTICLES, Reason
from app.domain.errors import NotFound

NO_GROUNDS: frozenset[Ground] = frozenset()
MOST_LENGTH = 366


class Unit(StrEnum):
    """What a length is counted in."""

    NATURAL_DAYS = "natural_days"  # 自然日
    WORKING_DAYS = "working_days"  # 工作日
    HOURS = "hours"  # 小时, from the moment itself (民法典 Art. 201 ¶2)


class RuleKind(StrEnum):
    """What a clock is for; it decides what happens when it runs out."""

    COMPLAINT = "complaint"  # 投诉处理
    REVIEW = "review"  # 核查
    CLAIM = "claim"  # 理赔
    SERVICE = "service"  # 服务时限
    WARNING = "warning"  # 内部预警: no legal limit
    RIGHT = "right"  # 权利行使期: it lapses, nobody is late


@dataclass(frozen=True, slots=True)
class Term:
    """A length, its unit, and the grounds on which its time is not counted."""

    length: int
    unit: Unit = Unit.NATURAL_DAYS
    pauses: frozenset[Ground] = NO_GROUNDS

    def __post_init__(self) -> None:
        """Raise `ValueError` for a length that no rule has."""
        if not 1 <= self.length <= MOST_LENGTH:
            raise ValueError(f"a length of {self.length}")


@dataclass(frozen=True, slots=True)
class Article:
    """Where the law says what a reason rests on, for one ground or for all."""

    reason: Reason
    text: str
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A row: how long, from what until what, what stops or lengthens it, and where it is written."""

    code: str
    kind: RuleKind
    title: str
    term: Term
    basis: str  # 依据, with the article
    effective_from: date
    starts_by: frozenset[EventKind]
    ends_by: frozenset[EventKind]
    from_text: str  # 起算事实, as sentences say it
    until_text: str  # 应办事项
    complex_term: Term | None = None  # 情况复杂, counted from the same start
    extension: int = 0  # in the unit of the longest term
    extension_times: int = 0
    once: frozenset[Ground] = NO_GROUNDS  # grounds that stop the clock one time only
    restarts: bool = False  # a later start begins anew
    first_day_counted: bool = False
    reminders: tuple[int, ...] = ()  # before the due day, in the unit of the term, falling
    scope: str = ""  # 适用范围
    articles: tuple[Article, ...] = ()
    effective_to: date | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` for a row that contradicts itself."""
        if (self.extension > 0) != (self.extension_times > 0):
            raise ValueError("an extension has a length and a number of times")
        if list(self.reminders) != sorted(set(self.reminders), reverse=True) or min(self.reminders, default=1) < 1:
            raise ValueError("reminders fall: 5, 3, 1")
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("a rule that ends before it begins")

    def article(self, reason: Reason, ground: Ground | None = None) -> str:
        """Return where a reason is written; what has no article of its own rests on the basis of the rule."""
        for row in self.articles:
            if row.reason is reason and row.ground in (None, ground):
                return row.text
        return COMMON_ARTICLES.get(reason, self.basis)

    def is_in_force(self, day: date) -> bool:
        """Say whether the rule holds on `day`, its first and last day included."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def rule_on(rules: Iterable[ClockRule], code: str, day: date) -> ClockRule:
    """Return the rule `code` in force on `day`, the youngest of several; raises `NotFound`."""
    found = [rule for rule in rules if rule.code == code and rule.is_in_force(day)]
    if not found:
        raise NotFound(f"no rule {code} on {day}")
    return max(found, key=lambda rule: rule.effective_from)
