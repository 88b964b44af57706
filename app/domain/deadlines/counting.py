"""Counting a period day by day: which days count, which do not, and when it is over.

The day of the start is not counted (民法典 Art. 201). A pause from day a to day b takes out b − a days: a itself still
counts, the days after it up to b do not, as with every period. Days in two pauses are taken out once. Hours run from
the moment itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from app.domain.deadlines.events import Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import Term, Unit
from app.domain.office_time import last_moment, office_day
from app.domain.working_days import is_working_day

Calendar = Mapping[date, bool]
_Day = tuple[date, Reason, Ground | None]
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that is not counted; `ended` is None while it lasts."""

    ground: Ground
    about: str
    begun: datetime
    ended: datetime | None = None

    def until(self, now: datetime) -> datetime:
        """Return when it ended, as far as is known at `now`."""
        return max(self.begun, now) if self.ended is None else self.ended


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that are or are not counted for one reason."""

    first: date
    last: date
    reason: Reason
    ground: Ground | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Count:
    """A period laid out: the last moment of it, its days in spans from the first on, the days that count."""

    due_at: datetime
    spans: tuple[Span, ...]
    counted: tuple[date, ...]

    @property
    def due_on(self) -> date:
        """The last day of the period."""
        return office_day(self.due_at)

    @property
    def paused(self) -> int:
        """How many days are taken out by pauses."""
        return sum(span.days for span in self.spans if span.reason is Reason.PAUSED)


@dataclass(frozen=True, slots=True)
class Period:
    """What is counted: from when, how long, without which pauses."""

    started: datetime
    length: int
    term: Term
    pauses: tuple[Pause, ...] = ()
    first_day_counted: bool = False

    def effective_pauses(self) -> tuple[Pause, ...]:
        """Return the pauses whose ground the term knows."""
        return tuple(pause for pause in self.pauses if pause.ground in self.term.pauses)


def lay_out(period: Period, now: datetime, calendar: Calendar) -> Count:
    """Return the days of a period as they look at `now`: an open pause lasts until then and is over tomorrow."""
    if period.term.unit is Unit.HOURS:
        return _lay_out_hours(period, now)
    day = office_day(period.started)
    days: list[_Day] = []
    if not period.first_day_counted:
        days.append((day, Reason.FIRST_DAY, None))
        day += ONE_DAY
    pauses = [(office_day(p.begun), office_day(p.until(now)), p.ground) for p in period.effective_pauses()]
    counted: list[date] = []
    while True:
        ground = next((ground for begun, ended, ground in pauses if begun < day <= ended), None)
        # A pause that begins on the last day moves the end as any other does: the days after it are taken out as well.
        if len(counted) == period.length and ground is None:
            break
        reason = _reason(day, ground, period.term.unit, calendar)
        if reason is Reason.COUNTED:
            counted.append(day)
        days.append((day, reason, ground))
        day += ONE_DAY
    return Count(last_moment(days[-1][0]), tuple(_spans(days)), tuple(counted))


def _reason(day: date, ground: Ground | None, unit: Unit, calendar: Calendar) -> Reason:
    if ground is not None:
        return Reason.PAUSED
    if unit is Unit.WORKING_DAYS and not is_working_day(day, calendar):
        return Reason.REST_DAY
    return Reason.COUNTED


def _spans(days: Sequence[_Day]) -> Iterator[Span]:
    """Yield days that follow each other for one reason as spans."""
    for (reason, ground), run in groupby(days, key=lambda day: day[1:]):
        same = [day for day, _, _ in run]
        yield Span(same[0], same[-1], reason, ground)


def _lay_out_hours(period: Period, now: datetime) -> Count:
    """Hours have no days to count: the bar is one span; pauses move the end by as long as they last."""
    due = period.started + period.length * ONE_HOUR
    for begun, ended in _united(period.effective_pauses(), period.started, now):
        due += ended - begun
    first, last = office_day(period.started), office_day(due)
    return Count(due, (Span(first, last, Reason.COUNTED),), ())


def _united(pauses: Sequence[Pause], started: datetime, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return pauses after `started` as stretches that do not overlap, in order."""
    stretches: list[tuple[datetime, datetime]] = []
    for begun, ended in sorted((max(pause.begun, started), pause.until(now)) for pause in pauses):
        if stretches and begun <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(ended, stretches[-1][1]))
        elif begun < ended:
            stretches.append((begun, ended))
    return stretches


def hours_paused(period: Period, now: datetime) -> timedelta:
    """Return how long a period in hours has been paused until `now`."""
    stretches = _united(period.effective_pauses(), period.started, now)
    return sum((min(ended, now) - begun for begun, ended in stretches if begun < now), timedelta())
