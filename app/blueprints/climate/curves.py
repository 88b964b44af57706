"""Curves of temperature and humidity, laid out here and drawn by the template as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from app.domain.climate import NO_HUMIDITY_LIMIT, Limits, show_tenths
from app.domain.office_time import CHINA, first_moment
from app.queries.climate_rows import CurvePoint

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 10, 24
# Readings by hand lie up to 18 hours apart and still make one line.
WORTH_A_BREAK = timedelta(hours=36)
ROUND_STEPS = (10, 20, 50, 100, 200, 500)
RANGES = ("day", "week", "month", "year")
POINTS = {"day": 288, "week": 336, "month": 372, "year": 365}


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time that a curve shows."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid or a limit: where it stands and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve with everything that is drawn."""

    name: str
    unit: str
    lowest: str
    mean: str
    highest: str
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    limits: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]


def span_of(name: str, anchor: date) -> Span:
    """Return the stretch that ends with the day, the week, the month or the year of `anchor`."""
    following = first_moment(anchor + timedelta(days=1))
    if name == "day":
        return Span(name, first_moment(anchor), following)
    if name == "week":
        return Span(name, following - timedelta(days=7), following)
    month_end = _next_month(anchor)
    if name == "year":
        return Span(name, first_moment(month_end.replace(year=month_end.year - 1)), first_moment(month_end))
    return Span("month", first_moment(anchor.replace(day=1)), first_moment(month_end))


def draw(points: Sequence[CurvePoint], limits: Limits, span: Span) -> tuple[Panel, ...]:
    """Return both curves, nothing when there are no readings."""
    if not points:
        return ()
    humidity = (limits.humidity_low, limits.humidity_high)
    return (
        _panel(
            "temperature",
            "℃",
            [(point.at, point.temperature) for point in points],
            (limits.temperature_low, limits.temperature_high),
            span,
        ),
        _panel(
            "humidity",
            "%",
            [(point.at, point.humidity) for point in points],
            () if humidity == NO_HUMIDITY_LIMIT else humidity,
            span,
        ),
    )


def _panel(
    name: str,
    unit: str,
    points: Sequence[tuple[datetime, tuple[int, int, int]]],
    limits: tuple[int, ...],
    span: Span,
) -> Panel:
    values = [value for _, three in points for value in three]
    low, high = min([*values, *limits]) - 10, max([*values, *limits]) + 10
    seconds = (span.until - span.since).total_seconds()

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at - span.since).total_seconds() / seconds, 1)

    def y(value: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)

    stretches = _stretches(points)
    lines = tuple(" ".join(f"{x(at)},{y(three[1])}" for at, three in part) for part in stretches if len(part) > 1)
    bands = tuple(
        " ".join(
            [f"{x(at)},{y(three[2])}" for at, three in part] + [f"{x(at)},{y(three[0])}" for at, three in part[::-1]]
        )
        for part in stretches
        if len(part) > 1
    )
    out = [(at, three) for at, three in points if limits and (three[0] < limits[0] or three[2] > limits[1])]
    alone = [part[0] for part in stretches if len(part) == 1]
    dots = tuple((x(at), y(_farthest(three, limits))) for at, three in out + alone)
    means = [three[1] for _, three in points]
    return Panel(
        name,
        unit,
        show_tenths(min(values)),
        show_tenths(round(sum(means) / len(means))),
        show_tenths(max(values)),
        bands,
        lines,
        dots,
        tuple(Mark(y(value), show_tenths(value)) for value in limits),
        tuple(Mark(y(value), str(value // 10)) for value in _round_values(low, high)),
        tuple(Mark(x(at), text) for at, text in _days(span)),
    )


def _stretches(
    points: Sequence[tuple[datetime, tuple[int, int, int]]],
) -> list[list[tuple[datetime, tuple[int, int, int]]]]:
    parts = [[points[0]]]
    for earlier, later in pairwise(points):
        if later[0] - earlier[0] > WORTH_A_BREAK:
            parts.append([])
        parts[-1].append(later)
    return parts


def _farthest(three: tuple[int, int, int], limits: tuple[int, ...]) -> int:
    if limits and three[2] > limits[1]:
        return three[2]
    return three[0] if limits and three[0] < limits[0] else three[1]


def _round_values(low: int, high: int) -> list[int]:
    step = next((step for step in ROUND_STEPS if (high - low) / step <= 6), ROUND_STEPS[-1])
    return list(range(-(-low // step) * step, high + 1, step))


def _days(span: Span) -> list[tuple[datetime, str]]:
    """Return the marks under a curve: hours of a day, days of a week or month, months of a year."""
    if span.name == "day":
        return [(span.since + timedelta(hours=hour), f"{hour}:00") for hour in range(0, 24, 4)]
    days = (span.until - span.since).days
    moments = [span.since + timedelta(days=day) for day in range(days)]
    if span.name == "year":
        firsts = [at for at in moments if at.astimezone(CHINA).day == 1]
        return [(at, at.astimezone(CHINA).strftime("%Y-%m")) for at in firsts[::2]]
    return [(at, at.astimezone(CHINA).strftime("%m-%d")) for at in moments[:: 1 if days <= 7 else 5]]


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
