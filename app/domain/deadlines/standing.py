"""Where a clock stands, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.deadlines.events import Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import ClockRule, Term
from app.domain.office_time import office_day


class State(StrEnum):
    """State of a clock."""

    NOT_STARTED = "not_started"  # 未起算
    RUNNING = "running"  # 办理中
    PAUSED = "paused"  # 中止
    MET = "met"  # 期限内办结
    OVERDUE = "overdue"  # 逾期, done or not
    STOPPED = "stopped"  # 终止: withdrawn, merged, declined, lapsed


BAR = frozenset(
    {
        *(Reason.FIRST_DAY, Reason.COUNTED, Reason.REST_DAY, Reason.PAUSED),
        *(Reason.RECOUNTED, Reason.AGREED, Reason.OVERDUE),
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of the explanation: a stretch of days in the bar, or a mark on one day of it."""

    first: date
    last: date
    reason: Reason
    article: str
    ground: Ground | None = None
    due_on: date | None = None  # of a mark: the due day after it
    about: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether its days are used up."""
        return self.reason is Reason.COUNTED

    @property
    def is_mark(self) -> bool:
        """Whether it marks a day and fills no place in the bar."""
        return self.reason not in BAR

    @property
    def days(self) -> int:
        """How many days it fills in the bar."""
        return 0 if self.is_mark else (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Reminder:
    """When to remind: `before` units ahead of the due moment, None when it is past."""

    at: datetime
    before: int | None

    @property
    def on(self) -> date:
        """The day of it in the office."""
        return office_day(self.at)


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock at one moment. `used` and `left` are in the unit of the rule, `paused` in days (hours for hours)."""

    rule: ClockRule
    state: State
    asked_at: datetime
    term: Term  # the one in force: simple or complex
    started_at: datetime | None = None
    due_at: datetime | None = None  # the last moment in time
    length: int = 0
    used: int = 0
    left: int = 0
    paused: int = 0
    days_over: int = 0  # calendar days after the due day
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    carried_to: date | None = None  # 民法典 Art. 203; reminders stay with the due day
    why: tuple[Step, ...] = ()
    reminders: tuple[Reminder, ...] = ()

    @property
    def due_on(self) -> date | None:
        """The last day in time, in the office."""
        return None if self.due_at is None else office_day(self.due_at)

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended, however it did."""
        return None if self.ended_at is None else office_day(self.ended_at)

    @property
    def bar(self) -> tuple[Step, ...]:
        """The steps that fill the bar, without gap, from the first receipt on."""
        return tuple(step for step in self.why if not step.is_mark)

    @property
    def marks(self) -> tuple[Step, ...]:
        """The steps that mark a day."""
        return tuple(step for step in self.why if step.is_mark)

    @property
    def is_over(self) -> bool:
        """Whether nothing more has to be done."""
        return self.ended_at is not None

    @property
    def days_taken(self) -> int | None:
        """Calendar days from the first receipt to the end, for averages; None while it runs."""
        if self.ended_on is None or not self.bar:
            return None
        return (self.ended_on - self.bar[0].first).days

    @property
    def is_in_time_when_carried(self) -> bool:
        """Whether it ended after the due day but on or before the day to which a holiday carries it."""
        return self.ended_on is not None and self.carried_to is not None and self.ended_on <= self.carried_to

    @property
    def next_reminder(self) -> Reminder | None:
        """The first reminder that is still to come; none while it is paused or when it is over."""
        if self.state is State.PAUSED or self.is_over:
            return None
        return next((reminder for reminder in self.reminders if reminder.at > self.asked_at), None)
