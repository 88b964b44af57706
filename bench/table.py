"""Figures and the table that they are printed as."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: median and 95th percentile in `unit`, the peer's median, and the goal if there is one."""

    what: str
    p50: float
    p95: float
    unit: str
    runs: int
    peer: float | None = None
    goal: float | None = None
    p95_goal: float | None = None
    at_least: float | None = None  # the goal of what is better when it is more

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        if not self.peer or not self.p50:
            return None
        return self.p50 / self.peer if self.at_least is not None else self.peer / self.p50

    @property
    def aim(self) -> str:
        """Return the goal as it is printed."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.goal:g}" if self.goal else f"p95 ≤ {self.p95_goal:g}" if self.p95_goal else ""

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as JSON can hold it."""
        return {**asdict(self), "ratio": self.ratio}


def figure(
    what: str,
    values: list[float],
    unit: str,
    *,
    peer: float | None = None,
    goal: float | None = None,
    p95_goal: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """Return the figure of several measurements."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return Figure(what, median(ordered), p95, unit, len(ordered), peer, goal, p95_goal, at_least)


def print_table(name: str, figures: list[Figure]) -> None:
    """Print figures as a Markdown table."""
    print(f"\n## {name}\n")
    print("| what | p50 | p95 | unit | runs | peer p50 | ratio | goal |")
    print("|---|---:|---:|---|---:|---:|---:|---:|")
    for item in figures:
        ratio = f"{item.ratio:.1f} ×" if item.ratio else ""
        peer = f"{item.peer:g}" if item.peer else ""
        print(
            f"| {item.what} | {item.p50:.1f} | {item.p95:.1f} | {item.unit} | {item.runs} | {peer} | {ratio} | {item.aim} |"
        )
