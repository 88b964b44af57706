"""The figures of satisfaction (DOMAIN 7): shares, means, NPS with its interval, and what small samples keep back.

满意度均分 = Σ score ÷ n; 满意率 = (4 + 5) ÷ n; 非常满意率 = 5 ÷ n; 百分制 = (均分 − 1) ÷ 4 × 100;
NPS = %(9–10) − %(0–6); 回复率 = 回收 ÷ 发放. Below thirty answers a rate says nothing and may say who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from app.domain.surveys import SCALE, SMALL_SAMPLE

PROMOTERS = range(9, 11)
DETRACTORS = range(7)
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; `percent` is None below the smallest sample."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """Return the share in per cent."""
        return None if self.whole < SMALL_SAMPLE else 100 * self.part / self.whole


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """What answers to a scale 1–5 say."""

    counts: Mapping[int, int]

    @property
    def n(self) -> int:
        """Return how many answered."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """Return 均分, None for a small sample."""
        if self.n < SMALL_SAMPLE:
            return None
        return sum(step * count for step, count in self.counts.items()) / self.n

    @property
    def hundred(self) -> float | None:
        """Return 百分制: 1 is 0, 5 is 100."""
        return None if self.mean is None else (self.mean - SCALE[0]) / (SCALE[-1] - SCALE[0]) * 100

    @property
    def satisfied(self) -> Share:
        """Return 满意率."""
        return Share(sum(self.counts.get(step, 0) for step in SCALE[3:]), self.n)

    @property
    def delighted(self) -> Share:
        """Return 非常满意率."""
        return Share(self.counts.get(SCALE[-1], 0), self.n)


@dataclass(frozen=True, slots=True)
class NpsFigures:
    """How many would recommend us (9–10), how many not (0–6), of how many."""

    promoters: int
    detractors: int
    n: int

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> NpsFigures:
        """Return the figures of a distribution over 0–10."""
        total = sum(counts.values())
        return cls(
            sum(counts.get(step, 0) for step in PROMOTERS), sum(counts.get(step, 0) for step in DETRACTORS), total
        )

    @property
    def score(self) -> float | None:
        """Return the NPS from −100 to 100, None for a small sample."""
        return None if self.n < SMALL_SAMPLE else 100 * (self.promoters - self.detractors) / self.n

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of the NPS, None for a small sample.

        Adjusted Wald: ¾ is added to promoters and to detractors and 3 to n, then the variance of the scores
        −1, 0, 1 with the normal approximation (B. Rocks, Interval Estimation for the "Net Promoter Score", The
        American Statistician 70 (2016), 365–372). Unlike the plain interval it has a width when all agree.
        """
        if self.n < SMALL_SAMPLE:
            return None
        total = self.n + 3
        up, down = (self.promoters + 0.75) / total, (self.detractors + 0.75) / total
        half = Z_95 * sqrt((up + down - (up - down) ** 2) / total)
        return max(-100.0, 100 * (up - down - half)), min(100.0, 100 * (up - down + half))


def shown_rows(sizes: Sequence[int]) -> tuple[bool, ...]:
    """Say of each row of a comparison whether its rates are shown.

    Rows below thirty are hidden. What is hidden could be told from the total by subtraction, so the smallest of the
    other rows are hidden too, until at least two rows and thirty answers are. Rows without answers hide nothing.
    """
    shown = [size >= SMALL_SAMPLE for size in sizes]
    hidden = [size for size in sizes if 0 < size < SMALL_SAMPLE]
    while hidden and any(shown) and (len(hidden) == 1 or sum(hidden) < SMALL_SAMPLE):
        at = min((index for index, is_shown in enumerate(shown) if is_shown), key=lambda index: sizes[index])
        shown[at] = False
        hidden.append(sizes[at])
    return tuple(shown)
