"""Clocks as screens draw them: a bar of days in segments, marks on it, and sentences with their articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.deadlines import Reason, Standing, State, headline, sentence
from app.domain.office_time import office_day
from app.web.clock_phrases import say_clock

ONE_DAY = timedelta(days=1)
REMAINING = "remaining"
# What the segments of a bar are called; each has its colour in the style sheet, as clock-<name>.
SEGMENTS: dict[str, Any] = {
    Reason.FIRST_DAY.value: _l("起算日（不计入）"),
    Reason.COUNTED.value: _l("已计入"),
    Reason.REST_DAY.value: _l("非工作日（不计入）"),
    Reason.PAUSED.value: lazy_pgettext("clock", "中止（不计入）"),
    Reason.RECOUNTED.value: _l("重新计算前（不再计入）"),
    Reason.AGREED.value: _l("约定的告知期"),
    Reason.OVERDUE.value: lazy_pgettext("clock", "逾期"),
    REMAINING: lazy_pgettext("clock", "剩余"),
}
STATE_NAMES: dict[State, Any] = {
    State.NOT_STARTED: _l("未起算"),
    State.RUNNING: _l("计时中"),
    State.PAUSED: _l("中止"),
    State.MET: _l("期限内办结"),
    State.OVERDUE: _l("逾期"),
    State.STOPPED: _l("终止"),
}
STATE_TONES = {"not_started": "mute", "running": "info", "paused": "warn", "met": "ok", "overdue": "seal"}
# Marks that are drawn on the bar: what begins or moves the period. The rest is in the sentences.
DRAWN = frozenset(
    {
        Reason.COMPLEX,
        Reason.EXTENDED,
        Reason.NEW_FACTS,
        Reason.NOTICE_AGREED,
        Reason.DECIDED,
        Reason.DONE,
        Reason.DONE_LATE,
    }
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days of one sort, in days from the left end."""

    at: int
    days: int
    name: str
    label: Any
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ClockBar:
    """A clock ready to be drawn; lengths and places are days."""

    title: str
    state: str
    label: Any
    tone: str
    headline: str
    basis: str
    width: int
    segments: tuple[Segment, ...]
    sums: tuple[tuple[str, Any, int], ...]  # name, label, days: the legend
    marks: tuple[int, ...]
    today: int | None
    due: int | None
    first: date | None
    due_on: date | None
    carried_to: date | None


def draw_clock(standing: Standing) -> ClockBar:
    """Return a standing as a bar; one that has not begun has no segments."""
    until = standing.ended_on or office_day(standing.asked_at)
    segments = tuple(_segments(standing, until))
    first = segments[0].first if segments else None
    return ClockBar(
        title=say_clock(standing.rule.title),
        state=standing.state.value,
        label=STATE_NAMES[standing.state],
        tone=STATE_TONES.get(standing.state.value, "mute"),
        headline=headline(standing, say_clock),
        basis=standing.rule.basis,
        width=sum(segment.days for segment in segments),
        segments=segments,
        sums=_sums(segments),
        marks=tuple(
            sorted({(mark.first - first).days for mark in standing.marks if mark.reason in DRAWN}) if first else ()
        ),
        today=_place(first, office_day(standing.asked_at), segments) if standing.ended_on is None else None,
        due=_place(first, standing.due_on, segments),
        first=first,
        due_on=standing.due_on,
        carried_to=standing.carried_to,
    )


def clock_lines(standing: Standing) -> tuple[str, ...]:
    """Return why a clock stands where it stands, each sentence with its article."""
    return tuple(sentence(standing, step, say_clock) for step in standing.why)


def init_app(app: Flask) -> None:
    """Give templates the two filters of clocks: imported macros see nothing else."""
    app.jinja_env.filters.update(draw_clock=draw_clock, clock_lines=clock_lines)


def _segments(standing: Standing, until: date) -> Iterable[Segment]:
    """Yield the bar from left to right; what lies after today, or after the end, is what remains."""
    at = 0
    for step in standing.bar:
        for first, last, name in _split(step.first, step.last, step.reason, until):
            days = (last - first).days + 1
            yield Segment(at, days, name, SEGMENTS[name], first, last)
            at += days


def _split(first: date, last: date, reason: Reason, until: date) -> Iterable[tuple[date, date, str]]:
    if reason is not Reason.COUNTED or last <= until:
        yield first, last, reason.value
        return
    if first <= until:
        yield first, until, reason.value
        first = until + ONE_DAY
    yield first, last, REMAINING


def _sums(segments: Iterable[Segment]) -> tuple[tuple[str, Any, int], ...]:
    days: dict[str, int] = {}
    for segment in segments:
        days[segment.name] = days.get(segment.name, 0) + segment.days
    return tuple((name, SEGMENTS[name], count) for name, count in days.items() if name != Reason.FIRST_DAY)


def _place(first: date | None, day: date | None, segments: tuple[Segment, ...]) -> int | None:
    """Return where a day stands on the bar, None when it is not on it."""
    if first is None or day is None or not first <= day <= segments[-1].last:
        return None
    return (day - first).days
