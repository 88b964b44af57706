"""How worked cases are written: one short word for each event, on a day or at a minute of office time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.deadlines.calendar_file import exceptions_of
from app.domain.deadlines.counting import Calendar
from app.domain.deadlines.events import Authority, Channel, DeclineGround, Event, EventKind, Ground
from app.domain.deadlines.holidays import SEED_CALENDAR
from app.domain.deadlines.standing import State
from app.domain.office_time import CHINA

K = EventKind
PAPER = "凭证1"
OFFICIAL: Calendar = exceptions_of(SEED_CALENDAR)


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case: the story, the question, and the answer of the law."""

    name: str
    rule: str
    story: tuple[Event, ...]
    asked: datetime
    state: State
    due: date | None
    says: str  # one of the sentences
    article: str  # must occur in the explanation
    calendar: Calendar = field(default_factory=lambda: OFFICIAL)


def at(text: str) -> datetime:
    """Return a moment of office time: `2026-03-01 23:59`, or noon of a day."""
    return datetime.fromisoformat(text if " " in text else f"{text} 12:00").replace(tzinfo=CHINA)


def on(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


def event(kind: EventKind, when: str, **details: Any) -> Event:
    """Return an event without more to it."""
    return Event(kind, at(when), **details)


def received(when: str) -> Event:
    """收到投诉."""
    return event(K.RECEIVED, when)


def pause(ground: Ground, first: str, last: str = "", about: str = "") -> tuple[Event, ...]:
    """中止, begun and, with `last`, ended."""
    begun = event(K.PAUSE_BEGUN, first, ground=ground, about=about, proof=PAPER, notice=PAPER)
    return (begun, event(K.PAUSE_ENDED, last, ground=ground, about=about, proof=PAPER)) if last else (begun,)


def is_complex(when: str) -> Event:
    """认定情况复杂."""
    return event(K.CLASSIFIED_COMPLEX, when, by="王五", reason="涉及多家机构")


def asked(when: str) -> Event:
    """申请延期."""
    return event(K.EXTENSION_ASKED, when, by="王五", reason="情况特别复杂")


def approved(when: str) -> Event:
    """上级机构批准延期."""
    return event(K.EXTENSION_APPROVED, when, by="赵六", authority=Authority.SUPERIOR)


def told_of_extension(when: str) -> Event:
    """告知投诉人延期."""
    return event(K.EXTENSION_NOTICED, when, notice=PAPER)


def extended(when: str) -> tuple[Event, ...]:
    """申请、批准、告知 on one day."""
    return asked(f"{when} 09:00"), approved(f"{when} 10:00"), told_of_extension(f"{when} 11:00")


def decided(when: str) -> Event:
    """作出处理决定."""
    return event(K.DECIDED, when, by="王五")


def notified(when: str, channel: Channel = Channel.MESSAGE) -> Event:
    """告知投诉人."""
    return event(K.NOTIFIED, when, channel=channel, proof=PAPER)


def settled(when: str, channel: Channel = Channel.MESSAGE) -> tuple[Event, ...]:
    """作出决定并告知 on one day."""
    return decided(f"{when} 09:00"), notified(f"{when} 10:00", channel)


def merged(when: str, other: str) -> Event:
    """同一投诉并入本案."""
    return event(K.MERGED, when, other_received=at(other), about="TS-2")


def declined(when: str) -> Event:
    """不予办理."""
    return event(K.DECLINED, when, exception=DeclineGround.NOT_ENTITLED)


def supplement(noticed: str, got: str = "") -> tuple[Event, ...]:
    """补充通知送达 and, with `got`, 补充材料收到."""
    first = event(K.SUPPLEMENTS_ASKED, noticed)
    return (first, event(K.SUPPLEMENTS_RECEIVED, got)) if got else (first,)
