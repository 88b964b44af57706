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

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        return self.peer / self.p50 if self.peer and self.p50 else None

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
) -> Figure:
    """Return the figure of several measurements."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return Figure(what, median(ordered), p95, unit, len(ordered), peer, goal, p95_goal)


def print_table(name: str, figures: list[Figure]) -> None:
    """Print figures as a Markdown table."""
    print(f"\n## {name}\n")
    print("| what | p50 | p95 | unit | runs | peer p50 | ratio | goal |")
    print("|---|---:|---:|---|---:|---:|---:|---:|")
    for item in figures:
        ratio = f"{item.ratio:.1f} ×" if item.ratio else ""
        goal = f"≤ {item.goal:g}" if item.goal else f"p95 ≤ {item.p95_goal:g}" if item.p95_goal else ""
        peer = f"{item.peer:g}" if item.peer else ""
        print(
            f"| {item.what} | {item.p50:.1f} | {item.p95:.1f} | {item.unit} | {item.runs} | {peer} | {ratio} | {goal} |"
        )
