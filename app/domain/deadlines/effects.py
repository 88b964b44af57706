"""What each kind of event does to the course of a clock. Source: 办法 (令2020年第3号) Art. 15, 18, 20, 21, 23."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.domain.deadlines.counting import Pause
from app.domain.deadlines.course import Course
from app.domain.deadlines.events import Event, EventKind, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import RuleKind
from app.domain.errors import WrongState

Effect = Callable[[Course, Event], Course]


def _only_marks(reason: Reason) -> Effect:
    return lambda course, event: course.mark(event, reason)


def _classify(course: Course, event: Event) -> Course:
    """情况复杂: the longer term, when said before the shorter one has run out."""
    if course.rule.complex_term is None:
        return course
    if not course.is_in_time(event):
        return course.mark(event, Reason.COMPLEX_LATE)
    return replace(course, is_complex=True).mark(event, Reason.COMPLEX)


def _ask_extension(course: Course, event: Event) -> Course:
    if course.extensions >= course.rule.extension_times:
        raise WrongState("clock.extension_used_up")
    return course.mark(event, Reason.EXTENSION_ASKED if course.is_in_time(event) else Reason.EXTENSION_LATE)


def _approve_extension(course: Course, event: Event) -> Course:
    """Approved is not yet extended: the complainant has to be told as well (Art. 18 ¶1)."""
    return course.mark(event, Reason.EXTENSION_APPROVED if course.is_in_time(event) else Reason.EXTENSION_LATE)


def _notice_extension(course: Course, event: Event) -> Course:
    """The last of the three steps; whoever tells in time was approved in time (`sequence` keeps the order)."""
    if not course.is_in_time(event):
        return course.mark(event, Reason.EXTENSION_LATE)
    return replace(course, extensions=course.extensions + 1).mark(event, Reason.EXTENDED)


def _new_facts(course: Course, event: Event) -> Course:
    """The period is counted anew from the new material, when it comes within the period (Art. 18 ¶3)."""
    if not course.is_in_time(event):
        return course.mark(event, Reason.NEW_FACTS_LATE)
    return course.superseded(Reason.NEW_FACTS, event)


def _merge(course: Course, event: Event) -> Course:
    """The same complaint made again joins this one; the earliest receipt counts (Art. 18 ¶3).

    What was received after the period had run out is a complaint of its own: raises `WrongState`.
    """
    other = event.other_received
    if other is None or other > course.count(other).due_at:
        raise WrongState("clock.merged_outside_period")
    if other < course.first_started:
        is_first_round = course.started == course.first_started
        course = replace(course, first_started=other, started=other if is_first_round else course.started)
    return course.mark(event, Reason.MERGED)


def _agree_on_notice(course: Course, event: Event) -> Course:
    if not course.is_in_time(event):
        return course.mark(event, Reason.NOTICE_AGREED_LATE)
    return replace(course, agreed_on=event.agreed_on).mark(event, Reason.NOTICE_AGREED, due_on=event.agreed_on)


def _decide(course: Course, event: Event) -> Course:
    return replace(course.mark(event, Reason.DECIDED), decided=event.moment)


def _decline(course: Course, event: Event) -> Course:
    return replace(course, is_declined=True).mark(event, Reason.DECLINED)


def begin_pause(course: Course, event: Event) -> Course:
    """Take out the time from here on, when the rule knows the ground and has not run out."""
    ground = Ground.SUPPLEMENT if event.ground is None else event.ground
    terms = (course.rule.term, course.rule.complex_term)
    if not any(term is not None and ground in term.pauses for term in terms):
        return course.mark(event, Reason.NO_PAUSE, ground)
    if not course.is_in_time(event):
        return course.mark(event, Reason.PAUSE_LATE, ground)
    if ground in course.rule.once and any(pause.ground is ground for pause in course.pauses):
        return course.mark(event, Reason.ASKED_AGAIN, ground)
    paused = replace(course, pauses=(*course.pauses, Pause(ground, event.about, event.moment)))
    # Recorded though the shorter term does not know it: the longer one may (基本服务规定 Art. 23).
    return paused if ground in course.term.pauses else paused.mark(event, Reason.NO_PAUSE, ground)


def end_pause(course: Course, event: Event) -> Course:
    """Count again; a pause that never took effect has nothing to end."""
    ground = Ground.SUPPLEMENT if event.ground is None else event.ground
    ends = (ground, event.about)
    pauses = tuple(
        replace(pause, ended=event.moment) if pause.ended is None and (pause.ground, pause.about) == ends else pause
        for pause in course.pauses
    )
    return replace(course, pauses=pauses)


def stop(course: Course, event: Event, reason: Reason) -> Course:
    """End the procedure without what was to be done."""
    return replace(course.mark(event, reason), ended=event.moment, stopped=reason)


def finish(course: Course, event: Event) -> Course:
    """Do what was to be done, in time or late."""
    if course.is_declined:
        return stop(course, event, Reason.DECLINED_TOLD)
    is_in_time = event.moment <= course.due_at(event.moment)
    if course.decided is not None:
        is_in_time = is_in_time and course.decided <= course.count(course.decided).due_at
    return replace(course.mark(event, Reason.DONE if is_in_time else Reason.DONE_LATE), ended=event.moment)


COMMON: Mapping[EventKind, Effect] = {
    EventKind.CLASSIFIED_COMPLEX: _classify,
    EventKind.SUPPLEMENTS_ASKED: begin_pause,
    EventKind.SUPPLEMENTS_RECEIVED: end_pause,
    EventKind.PAUSE_BEGUN: begin_pause,
    EventKind.PAUSE_ENDED: end_pause,
    EventKind.WITHDRAWN: lambda course, event: stop(course, event, Reason.WITHDRAWN),
    EventKind.MERGED_INTO: lambda course, event: stop(course, event, Reason.MERGED_INTO),
}
OF_COMPLAINTS: Mapping[EventKind, Effect] = {
    EventKind.ACCEPTED: _only_marks(Reason.ACCEPTED),
    EventKind.TRANSFERRED: _only_marks(Reason.TRANSFERRED),
    EventKind.MERGED: _merge,
    EventKind.NEW_FACTS: _new_facts,
    EventKind.EXTENSION_ASKED: _ask_extension,
    EventKind.EXTENSION_APPROVED: _approve_extension,
    EventKind.EXTENSION_REFUSED: _only_marks(Reason.EXTENSION_REFUSED),
    EventKind.EXTENSION_NOTICED: _notice_extension,
    EventKind.NOTICE_AGREED: _agree_on_notice,
    EventKind.DECLINED: _decline,
    EventKind.DECIDED: _decide,
}
OF_REVIEWS: Mapping[EventKind, Effect] = {EventKind.REVIEW_DECIDED: _decide}
EFFECTS: Mapping[RuleKind, Mapping[EventKind, Effect]] = {
    RuleKind.COMPLAINT: {**COMMON, **OF_COMPLAINTS},
    RuleKind.REVIEW: {**OF_REVIEWS, EventKind.WITHDRAWN: COMMON[EventKind.WITHDRAWN]},
    RuleKind.CLAIM: COMMON,
    RuleKind.SERVICE: COMMON,
    RuleKind.WARNING: {kind: COMMON[kind] for kind in (EventKind.WITHDRAWN, EventKind.MERGED_INTO)},
    RuleKind.RIGHT: {},
}


def apply(course: Course, event: Event) -> Course:
    """Return the course after an event; what does not concern this clock changes nothing."""
    rule = course.rule
    if course.ended is not None:
        return course
    if event.kind in rule.ends_by:
        return finish(course, event)
    if event.kind in rule.starts_by:
        return course.superseded(Reason.BEGUN_AGAIN, event) if rule.restarts and course.is_in_time(event) else course
    effect = EFFECTS[rule.kind].get(event.kind)
    return effect(course, event) if effect else course
