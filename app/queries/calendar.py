"""The office's calendar of working days: the days of a year, the years that are known, the years that lack."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.working_days import is_working_day
from app.models.clocks import CalendarDay

OCTOBER = 10  # the State Council's notice for the next year comes out in autumn


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that the calendar names alike."""

    first: date
    last: date
    name: str
    basis: str

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its working days counted, its holidays, its weekend days that are worked."""

    first: date
    working_days: int
    off: tuple[Stretch, ...]
    worked: tuple[Stretch, ...]


def years_known(session: Session) -> Sequence[int]:
    """Return the years of which the calendar names days, in order."""
    return sorted({day.year for day in session.scalars(select(CalendarDay.day))})


def years_missing(session: Session, today: date) -> Sequence[int]:
    """Return the years that should be there and are not: this one, and from October on the next."""
    wanted = [today.year, *([today.year + 1] if today.month >= OCTOBER else [])]
    known = set(years_known(session))
    return [year for year in wanted if year not in known]


def days_of_year(session: Session, year: int) -> Sequence[CalendarDay]:
    """Return the days of a year that are not as the week has them."""
    of_year = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return session.scalars(select(CalendarDay).where(of_year).order_by(CalendarDay.day)).all()


def months_of(session: Session, year: int) -> Sequence[Month]:
    """Return the twelve months of a year; a holiday over the end of a month stands in both."""
    named = days_of_year(session, year)
    exceptions = {row.day: row.is_working for row in named}
    return [_month(year, month, [row for row in named if row.day.month == month], exceptions) for month in range(1, 13)]


def _month(year: int, month: int, named: Sequence[CalendarDay], exceptions: Mapping[date, bool]) -> Month:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    return Month(
        days[0],
        sum(is_working_day(day, exceptions) for day in days),
        _stretches([row for row in named if not row.is_working]),
        _stretches([row for row in named if row.is_working]),
    )


def _stretches(rows: Sequence[CalendarDay]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for row in rows:
        last = found[-1] if found else None
        if last and last.name == row.name and last.last + timedelta(days=1) == row.day:
            found[-1] = replace(last, last=row.day)
        else:
            found.append(Stretch(row.day, row.day, row.name, row.basis))
    return tuple(found)
