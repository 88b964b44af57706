"""Figures of complaints and service 统计指标 (DOMAIN 2.6, 2.8): counts, and the rates that are made of them.

A rate is a numerator and a denominator; without a denominator there is none. Counts are of complaints received in the
period, without those that were merged or declined. Names of the ratios: 2.6; of the indicators of service: 保险公司
服务评价管理办法（试行）.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CENTS_OF_A_HUNDRED_MILLION = 10_000_000_000  # 亿元 in cents


class Given(StrEnum):
    """Numbers of the business that are typed in, by branch and month."""

    PREMIUM = "premium"  # 保费收入, cents
    POLICIES = "policies"  # 保单件数
    INSURED = "insured"  # 承保人次
    CALLS = "calls"  # 转人工电话数
    CALLS_ANSWERED = "calls_answered"  # 人工接通数
    RATED = "rated"  # 客服代表被评价次数
    RATED_WELL = "rated_well"  # 满意次数
    DISPUTES = "disputes"  # 承保理赔查询异议数
    DISPUTES_SOLVED = "disputes_solved"  # 处理数
    DELIVERABLE = "deliverable"  # 应送达保单数
    DELIVERED = "delivered"  # 15日内送达数


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; `scale` 100 for per cent."""

    part: int
    whole: int
    scale: int = 100

    @property
    def value(self) -> float | None:
        """The rate, None without a whole."""
        return None if self.whole == 0 else self.scale * self.part / self.whole


@dataclass(frozen=True, slots=True)
class Tally:
    """Complaints counted, of a whole or of one group."""

    received: int = 0  # 投诉量
    ended: int = 0  # 办结
    due: int = 0  # 应办结: ended, or the limit has passed
    in_time: int = 0  # 按期办结
    within_fifteen: int = 0
    days: int = 0  # taken in all by those that ended
    overdue: int = 0  # still open
    repeat: int = 0
    group: int = 0
    major: int = 0
    forwarded: int = 0  # 监管转办
    violation: int = 0
    withdrawn: int = 0
    complex: int = 0
    extended: int = 0
    mediated: int = 0
    settled: int = 0

    @property
    def in_time_rate(self) -> Rate:
        """按期办结率（投诉件办理及时率）."""
        return Rate(self.in_time, self.due)

    @property
    def end_rate(self) -> Rate:
        """办结率."""
        return Rate(self.ended, self.received - self.withdrawn)

    @property
    def fifteen_rate(self) -> Rate:
        """15日内办结率."""
        return Rate(self.within_fifteen, self.ended)

    @property
    def mean_days(self) -> Rate:
        """平均办理天数."""
        return Rate(self.days, self.ended, scale=1)

    @property
    def repeat_rate(self) -> Rate:
        """重复投诉率."""
        return Rate(self.repeat, self.received)

    @property
    def forwarded_rate(self) -> Rate:
        """监管转办占比."""
        return Rate(self.forwarded, self.received)

    @property
    def withdrawn_rate(self) -> Rate:
        """撤诉率."""
        return Rate(self.withdrawn, self.received)

    @property
    def settled_rate(self) -> Rate:
        """调解成功率."""
        return Rate(self.settled, self.mediated)

    def per(self, given: Given, number: int) -> Rate:
        """Return 亿元保费投诉量, 万张保单投诉量 or 万人次投诉量 for a number of the business."""
        scale = CENTS_OF_A_HUNDRED_MILLION if given is Given.PREMIUM else 10_000
        return Rate(self.received, number, scale=scale)


class PeriodKind(StrEnum):
    """For how long a report counts."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year, by its first and last day."""

    kind: PeriodKind
    first: date
    last: date

    @classmethod
    def around(cls, kind: PeriodKind, day: date) -> Period:
        """Return the period that `day` lies in."""
        length = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
        start = (day.month - 1) // length * length + 1
        following = date(day.year + (start + length > 12), (start + length - 1) % 12 + 1, 1)
        return cls(kind, date(day.year, start, 1), following - timedelta(days=1))

    @property
    def before(self) -> Period:
        """The period before this one."""
        return Period.around(self.kind, self.first - timedelta(days=1))

    @property
    def after(self) -> Period:
        """The period after this one."""
        return Period.around(self.kind, self.last + timedelta(days=1))

    @property
    def name(self) -> str:
        """The period as reports write it: 2026年11月, 2026年第4季度, 2026年."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.first.year}年{self.first.month}月"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.first.year}年第{(self.first.month + 2) // 3}季度"
        return f"{self.first.year}年"


def months_back(last: date, count: int) -> list[date]:
    """Return the first days of `count` months, the last of which `last` lies in."""
    months = [last.year * 12 + last.month - 1 - back for back in range(count)]
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]
