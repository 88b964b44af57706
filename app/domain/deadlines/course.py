"""The course of one clock: what each event did to it.

Whether something came in time is asked on the day it happened, of the events until then; so a course up to a moment
never depends on what comes later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.deadlines.counting import Calendar, Count, Pause, Period, lay_out
from app.domain.deadlines.events import Event, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import ClockRule, Term
from app.domain.deadlines.standing import Step
from app.domain.office_time import last_moment, office_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """A clock after some events. Everything but the rule, the calendar and the marks begins anew with new facts."""

    rule: ClockRule
    calendar: Calendar
    first_started: datetime
    started: datetime
    is_complex: bool = False
    extensions: int = 0
    is_declined: bool = False
    pauses: tuple[Pause, ...] = ()
    marks: tuple[Step, ...] = ()
    agreed_on: date | None = None
    decided: datetime | None = None
    ended: datetime | None = None
    stopped: Reason | None = None

    @property
    def term(self) -> Term:
        """The term that holds for the case."""
        return self.rule.complex_term if self.is_complex and self.rule.complex_term else self.rule.term

    @property
    def length(self) -> int:
        """The length with extensions."""
        return self.term.length + self.extensions * self.rule.extension

    def period(self) -> Period:
        """Return what is to be counted."""
        return Period(self.started, self.length, self.term, self.pauses, self.rule.first_day_counted)

    def count(self, now: datetime) -> Count:
        """Return the days as they look at `now`."""
        return lay_out(self.period(), now, self.calendar)

    def due_at(self, now: datetime) -> datetime:
        """Return the last moment for what is to be done next.

        An agreed day of telling 协商告知日 (Art. 21 ¶5) puts off the telling, not the decision.
        """
        due = self.count(now).due_at
        if self.agreed_on is None:
            return due
        agreed = last_moment(self.agreed_on)
        return min(due, agreed) if self.decided is None else agreed

    def is_in_time(self, event: Event) -> bool:
        """Say whether the clock had not run out when something happened."""
        return event.moment <= self.count(event.moment).due_at

    def mark(self, event: Event, reason: Reason, ground: Ground | None = None, *, due_on: date | None = None) -> Course:
        """Return the course with a mark on the day of an event; what lengthened or cut it is already in it."""
        step = Step(
            *(event.day, event.day, reason, self.rule.article(reason, ground), ground),
            due_on=due_on or office_day(self.due_at(event.moment)),
            about=event.about,
        )
        return replace(self, marks=(*self.marks, step))

    def superseded(self, reason: Reason, event: Event) -> Course:
        """Return the course as it begins anew with `event`: length, classification, extension and decision are gone."""
        fresh = replace(
            self,
            started=event.moment,
            is_complex=False,
            extensions=0,
            is_declined=False,
            agreed_on=None,
            decided=None,
        )
        return fresh.mark(event, reason)


def begin(rule: ClockRule, calendar: Calendar, event: Event) -> Course:
    """Return the course of a clock that starts with `event`."""
    return Course(rule, calendar, event.moment, event.moment)
