"""What holds for every history that can have happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.deadlines import SEED_RULES, Event, Ground, Reason, State, Term, Unit, judge, rule_on, sentences
from app.domain.office_time import office_day
from app.domain.working_days import add_working_days
from tests.domain.deadlines.histories import (
    COMPLAINT,
    K,
    calendars,
    full,
    gaps,
    histories,
    long_after,
    may_happen,
    moments,
)

often = settings(max_examples=40, deadline=None)
ONE_DAY = timedelta(days=1)
PLAIN = rule_on(SEED_RULES, "change_done", date(2026, 3, 1))


def due(events: list[Event], now: datetime) -> date:
    """Return when a complaint is due, as it looks at `now`."""
    due_on = judge(COMPLAINT, events, now).due_on
    assert due_on is not None
    return due_on


@given(histories(), gaps)
@often
def test_nothing_is_due_before_it_came(events: list[Event], later: timedelta) -> None:
    for event in events:
        standing = judge(COMPLAINT, events, event.moment + later)

        assert standing.due_at is not None
        assert standing.started_at is not None
        assert standing.due_at > standing.started_at


@given(histories(), gaps)
@often
def test_the_bar_is_one_row_of_days_and_every_day_of_the_period_is_counted_or_not(
    events: list[Event], later: timedelta
) -> None:
    now = events[-1].moment + later
    standing = judge(COMPLAINT, events, now)
    assert standing.due_on is not None
    assert standing.started_at is not None

    bar = standing.bar
    until = min(office_day(now), standing.ended_on or date.max)
    assert all(left.last + ONE_DAY == right.first for left, right in pairwise(bar))
    assert bar[-1].last == max(standing.due_on, until)
    period = [step for step in bar if step.reason in (Reason.COUNTED, Reason.PAUSED, Reason.AGREED)]
    assert sum(step.days for step in period) == (standing.due_on - office_day(standing.started_at)).days
    if not any(step.reason in (Reason.AGREED, Reason.NOTICE_AGREED) for step in standing.why):
        assert sum(step.days for step in bar if step.is_counted) == standing.length == standing.used + standing.left
        assert sum(step.days for step in bar if step.reason is Reason.PAUSED) == standing.paused


@given(histories(), st.integers(0, 12), gaps)
@often
def test_judging_does_not_know_what_comes_later(events: list[Event], place: int, later: timedelta) -> None:
    now = events[min(place, len(events) - 1)].moment + later
    known = [event for event in events if event.moment <= now]

    assert judge(COMPLAINT, events, now) == judge(COMPLAINT, known, now)


@given(histories(), st.randoms(use_true_random=False))
@often
def test_the_order_in_which_events_are_stored_does_not_matter(events: list[Event], chance: Random) -> None:
    same_day = [replace(event, moment=event.moment.replace(hour=4, minute=0)) for event in events]
    for story in (events, same_day):
        assume(may_happen(story))
        shuffled = [*story]
        chance.shuffle(shuffled)
        now = long_after(story)

        assert judge(COMPLAINT, shuffled, now) == judge(COMPLAINT, story, now)


@given(histories(), gaps, gaps, st.booleans())
@often
def test_a_pause_never_shortens(events: list[Event], wait: timedelta, length: timedelta, is_open: bool) -> None:
    begun = full(K.PAUSE_BEGUN, events[0].moment + wait, ground=Ground.ASSESSMENT, about="另一项")
    ended = replace(begun, kind=K.PAUSE_ENDED, moment=begun.moment + length)
    paused = [*events, begun] if is_open else [*events, begun, ended]
    assume(may_happen(paused))

    now = long_after(paused)
    assert due(paused, now) >= due(events, now)


@given(histories(), gaps)
@often
def test_an_extension_only_ever_moves_the_due_day_later(events: list[Event], wait: timedelta) -> None:
    plain = [event for event in events if event.kind is not K.CLASSIFIED_COMPLEX and "extension" not in event.kind]
    base = [*plain, full(K.CLASSIFIED_COMPLEX, events[0].moment)]
    steps = (K.EXTENSION_ASKED, K.EXTENSION_APPROVED, K.EXTENSION_NOTICED)
    longer = [*base, *(full(kind, events[0].moment + wait) for kind in steps)]
    assume(may_happen(base) and may_happen(longer))

    now = long_after(longer)
    assert due(longer, now) >= due(base, now)


@given(histories(), gaps)
@often
def test_a_complex_case_is_never_due_earlier(events: list[Event], wait: timedelta) -> None:
    harder = [*events, full(K.CLASSIFIED_COMPLEX, events[0].moment + wait)]
    assume(may_happen(harder))

    now = long_after(harder)
    assert due(harder, now) >= due(events, now)


@given(histories(), gaps, gaps)
@often
def test_merging_never_gives_more_time(events: list[Event], wait: timedelta, ago: timedelta) -> None:
    moment = events[0].moment + wait
    joined = [*events, full(K.MERGED, moment, other_received=moment - ago)]
    assume(may_happen(joined))

    now = long_after(joined)
    assert due(joined, now) <= due(events, now)


@given(histories(), gaps, gaps)
@often
def test_the_due_day_never_comes_nearer_by_waiting(events: list[Event], some: timedelta, more: timedelta) -> None:
    now = events[-1].moment + some

    assert due(events, now + more) >= due(events, now)


@given(histories(), gaps)
@often
def test_a_state_says_what_is_so(events: list[Event], later: timedelta) -> None:
    now = events[-1].moment + later
    standing = judge(COMPLAINT, events, now)
    assert standing.due_at is not None

    assert standing.is_over == (standing.state in (State.MET, State.STOPPED) or standing.ended_at is not None)
    if standing.state in (State.RUNNING, State.PAUSED):
        assert now <= standing.due_at
    if standing.state is State.OVERDUE and not standing.is_over:
        assert now > standing.due_at
        assert standing.days_over > 0
    assert all(text.endswith("。") and "{" not in text and "None" not in text for text in sentences(standing))


@given(moments, st.lists(st.tuples(st.integers(0, 14), st.integers(0, 30)), max_size=5))
@often
def test_overlapping_pauses_take_out_each_day_once(received: datetime, stretches: list[tuple[int, int]]) -> None:
    events = [full(K.RECEIVED, received)]
    for place, (start, length) in enumerate(stretches):
        begun = full(K.PAUSE_BEGUN, received + start * ONE_DAY, ground=Ground.TESTING, about=str(place))
        events += [begun, replace(begun, kind=K.PAUSE_ENDED, moment=begun.moment + length * ONE_DAY)]
    first = office_day(received)

    paused = {start + n for start, length in stretches for n in range(1, length + 1)}
    left = 15
    day = 0
    while left or day + 1 in paused:
        day += 1
        left -= day not in paused

    assert due(events, long_after(events)) == first + day * ONE_DAY


@given(moments, st.integers(1, 60), calendars())
@often
def test_working_days_are_those_of_the_calendar(begun: datetime, length: int, calendar: dict[date, bool]) -> None:
    rule = replace(PLAIN, term=Term(length, Unit.WORKING_DAYS))

    standing = judge(rule, [full(K.BEGUN, begun)], begun, calendar)

    assert standing.due_on == add_working_days(office_day(begun), length, calendar)


@given(moments, st.integers(1, 366), calendars())
@often
def test_natural_days_know_no_calendar(begun: datetime, length: int, calendar: dict[date, bool]) -> None:
    rule = replace(PLAIN, term=Term(length))

    standing = judge(rule, [full(K.BEGUN, begun)], begun, calendar)

    assert standing.due_on == office_day(begun) + length * ONE_DAY
    assert standing.carried_to is None or standing.carried_to > standing.due_on


@given(moments, st.integers(1, 366), gaps)
@often
def test_hours_are_hours(begun: datetime, length: int, pause: timedelta) -> None:
    rule = replace(PLAIN, term=Term(length, Unit.HOURS, frozenset({Ground.MEDICAL_EXAM})))
    exam = full(K.PAUSE_BEGUN, begun + timedelta(minutes=30), ground=Ground.MEDICAL_EXAM)
    ended = replace(exam, kind=K.PAUSE_ENDED, moment=exam.moment + pause)

    standing = judge(rule, [full(K.BEGUN, begun), exam, ended], ended.moment)

    assert standing.due_at == begun + timedelta(hours=length) + pause
