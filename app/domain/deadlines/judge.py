"""`judge`: where a clock stands at a moment, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.domain.deadlines.counting import ONE_HOUR, Calendar, Count, hours_paused
from app.domain.deadlines.course import ONE_DAY, Course, begin
from app.domain.deadlines.effects import apply
from app.domain.deadlines.events import Event, EventKind, Ground, in_order
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import ClockRule, RuleKind, Unit
from app.domain.deadlines.sequence import check_sequence, is_told_at_once
from app.domain.deadlines.standing import Reminder, Standing, State, Step
from app.domain.office_time import first_moment, office_day
from app.domain.working_days import NO_EXCEPTIONS, add_working_days, is_working_day


def judge(rule: ClockRule, events: Iterable[Event], now: datetime, calendar: Calendar = NO_EXCEPTIONS) -> Standing:
    """Return where the clock of `rule` stands at `now` (aware) in a case with these events, in any order.

    What happens after `now` is not looked at. Raises `WrongState` with a code `clock.…` for events that cannot have
    happened in their order, `ValueError` for a moment without zone.
    """
    known = tuple(event for event in in_order(events) if event.moment <= now)
    check_sequence(known)
    course = _run(rule, known, calendar)
    return Standing(rule, State.NOT_STARTED, now, rule.term) if course is None else _standing(course, now)


def _run(rule: ClockRule, events: Iterable[Event], calendar: Calendar) -> Course | None:
    course: Course | None = None
    for event in events:
        if course is not None:
            course = apply(course, event)
        elif _starts(rule, event):
            course = begin(rule, calendar, event)
    return course


def _starts(rule: ClockRule, event: Event) -> bool:
    """Say whether an event starts the clock; a right to answer a letter begins when the letter arrived."""
    is_letter = event.kind is EventKind.NOTIFIED and not is_told_at_once(event.channel)
    return event.kind in rule.starts_by and not is_letter


def _standing(course: Course, now: datetime) -> Standing:
    until = course.ended or now
    count = course.count(until)
    due = course.due_at(until)
    state = _state(course, count, due, now)
    used, paused = _used(course, count, until)
    return Standing(
        *(course.rule, state, now, course.term, course.started, due, course.length),
        used=used,
        left=max(0, course.length - used) if course.agreed_on is None else max(0, _days(until, due)),
        paused=paused,
        days_over=max(0, _days(due, until)),
        decided_at=course.decided,
        ended_at=course.ended,
        carried_to=_carried(course, due),
        why=_why(course, count, due, until),
        reminders=_reminders(course, count, due),
    )


def _days(first: datetime, last: datetime) -> int:
    return (office_day(last) - office_day(first)).days


def _state(course: Course, count: Count, due: datetime, now: datetime) -> State:
    if course.stopped is not None:
        return State.STOPPED
    if course.ended is not None:
        is_late = course.marks[-1].reason is Reason.DONE_LATE
        return (State.STOPPED if course.rule.kind is RuleKind.RIGHT else State.OVERDUE) if is_late else State.MET
    if now > due:
        return State.STOPPED if course.rule.kind is RuleKind.RIGHT else State.OVERDUE
    is_paused = any(pause.ended is None for pause in course.period().effective_pauses())
    return State.PAUSED if is_paused else State.RUNNING


def _used(course: Course, count: Count, until: datetime) -> tuple[int, int]:
    """Return what is used and what is paused until a moment; a day that has begun is used."""
    if course.term.unit is Unit.HOURS:
        paused = hours_paused(course.period(), until)
        used = min(until, count.due_at) - course.started - paused
        return max(used, timedelta()) // ONE_HOUR, paused // ONE_HOUR
    return sum(day <= office_day(until) for day in count.counted), count.paused


def _carried(course: Course, due: datetime) -> date | None:
    """Return the day after the holiday on which a period of natural days ends (民法典 Art. 203)."""
    day = office_day(due)
    if course.term.unit is not Unit.NATURAL_DAYS or is_working_day(day, course.calendar):
        return None
    return add_working_days(day, 0, course.calendar)


def _why(course: Course, count: Count, due: datetime, until: datetime) -> tuple[Step, ...]:
    steps = [*_bar(course, count, due, until), *course.marks, *_notes(course, count, due, until)]
    return tuple(sorted(steps, key=lambda step: (step.first, step.is_mark)))


def _bar(course: Course, count: Count, due: datetime, until: datetime) -> Iterable[Step]:
    """Yield what fills the bar: days before a new count, days of the period, an agreed rest, days too late."""
    article = course.rule.article

    def step(first: date, last: date, reason: Reason, ground: Ground | None = None) -> Iterable[Step]:
        if first <= last:
            yield Step(first, last, reason, article(reason, ground), ground)

    yield from step(office_day(course.first_started), office_day(course.started) - ONE_DAY, Reason.RECOUNTED)
    end = office_day(due)
    for span in count.spans:
        yield from step(span.first, min(span.last, end), span.reason, span.ground)
    yield from step(count.due_on + ONE_DAY, end, Reason.AGREED)
    if course.rule.kind is not RuleKind.RIGHT:
        yield from step(end + ONE_DAY, office_day(until), Reason.OVERDUE)


def _notes(course: Course, count: Count, due: datetime, until: datetime) -> Iterable[Step]:
    """Yield what has to be known about the due day: that a holiday may carry it, that the calendar ends before it."""
    day = office_day(due)
    if course.rule.kind is RuleKind.RIGHT and until > due:
        yield Step(day, day, Reason.LAPSED, course.rule.article(Reason.LAPSED), due_on=day)
    carried = _carried(course, due)
    if carried is not None:
        yield Step(day, day, Reason.CARRIED, course.rule.article(Reason.CARRIED), due_on=carried)
    years = {listed.year for listed in course.calendar}
    missing = {office_day(course.started).year, count.due_on.year} - years
    if course.term.unit is Unit.WORKING_DAYS and missing:
        about = "、".join(str(year) for year in sorted(missing))
        yield Step(day, day, Reason.CALENDAR_MISSING, "", due_on=day, about=about)


def _reminders(course: Course, count: Count, due: datetime) -> tuple[Reminder, ...]:
    """Return when to remind, in order; a day before the first that counts is left out."""
    if course.term.unit is Unit.HOURS:
        ahead = [Reminder(due - before * ONE_HOUR, before) for before in course.rule.reminders]
        return (*(step for step in ahead if step.at > course.started), Reminder(due, None))
    days = [*count.counted]
    if office_day(due) != count.due_on:  # agreed otherwise
        days = [office_day(course.started) + ONE_DAY * n for n in range(1, _days(course.started, due) + 1)]
    ahead = [
        Reminder(first_moment(days[-1 - before]), before) for before in course.rule.reminders if before < len(days)
    ]
    return (*ahead, Reminder(first_moment(office_day(due) + ONE_DAY), None))
