"""Recording climate 温湿度 by hand: one reading a room, day and half; a second one is a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.climate import (
    DAY_AND_NIGHT,
    HALVES,
    BadReading,
    Breach,
    Sample,
    half_of,
    is_to_come,
    judge,
    parse_humidity,
    parse_temperature,
    show_tenths,
    usual_moment,
    write_breaches,
)
from app.domain.errors import ChangedMeanwhile, Difference, Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.models.climate import ClimateReading
from app.models.storage import Place
from app.queries.climate import read_room
from app.queries.climate_rows import Room
from app.services import trail
from app.services.changes import apply_changes
from app.services.climate_alarms import follow

EARLIEST = date(2000, 1, 1)
TENTHS = (
    *("temperature", "humidity", "outside_temperature", "outside_humidity"),
    *("temperature_after", "humidity_after"),
)
MOST = {"weather": 10, "measures": 120, "remark": 200}


@dataclass(frozen=True, slots=True)
class TypedReading:
    """A reading as typed: values as people write them, only the first two are asked for."""

    temperature: str
    humidity: str
    weather: str = ""
    outside_temperature: str = ""
    outside_humidity: str = ""
    measures: str = ""
    temperature_after: str = ""
    humidity_after: str = ""
    remark: str = ""


def record_reading(
    session: Session,
    actor: Actor,
    place_id: int,
    day: date,
    half: str,
    typed: TypedReading,
    *,
    version: int = 0,
    now: datetime,
) -> tuple[Breach, ...]:
    """Write down a reading, or correct the one that is there when `version` is its version; return what it breaks.

    Raises `NotFound`, `NotAllowed`, `Invalid` also for a time to come, `ChangedMeanwhile` when somebody was faster.
    """
    room = require_room(session, actor, place_id)
    _check_moment(day, half, now)
    values = check_reading(typed)
    # Whoever writes for a room waits here for the other: alarms and swings are judged one after the other.
    session.execute(select(Place.id).where(Place.id == place_id).with_for_update())
    kept = session.scalar(
        select(ClimateReading)
        .where(ClimateReading.place_id == place_id, ClimateReading.day == day)
        .where(ClimateReading.half == half, ClimateReading.source == "hand")
        .with_for_update()
    )
    if kept is None and version:
        raise NotFound
    if kept is None:
        at = _moment_of(session, place_id, day, half, now)
        broken = _judge(session, room, Sample(at, values["temperature"], values["humidity"]))
        kept = _add(session, actor, room, at, (day, half), values | {"exceeds": write_breaches(broken)}, now=now)
    else:
        sample = Sample(kept.measured_at, values["temperature"], values["humidity"])
        broken = _judge(session, room, sample)
        _correct(session, actor, room, kept, values | {"exceeds": write_breaches(broken)}, version=version, now=now)
    follow(session, room, [(Sample(kept.measured_at, kept.temperature, kept.humidity), broken)], now=now)
    _judge_followers(session, room, kept.measured_at)
    return broken


def require_room(session: Session, actor: Actor, place_id: int) -> Room:
    """Return a room in which `actor` may record; raises `NotFound`, `NotAllowed`."""
    room = read_room(session, actor, place_id)
    if not may(actor, Action.CLIMATE_RECORD, Target(room.branch_id)):
        raise NotAllowed(Action.CLIMATE_RECORD)
    return room


def check_reading(typed: TypedReading) -> dict[str, Any]:
    """Return the values as they are kept; raises `Invalid` that names every field with a problem."""
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for name, text in asdict(typed).items():
        if name not in TENTHS:
            values[name] = clean_text(text)[: MOST[name]]
            continue
        try:
            values[name] = _tenths(name, text)
        except BadReading as bad:
            problems[name] = [bad.problem.value]
    if problems:
        raise Invalid(problems)
    return values


def samples_between(session: Session, place_id: int, since: datetime, until: datetime) -> list[Sample]:
    """Return the readings of a room in a stretch of time, ends included."""
    rows = session.execute(
        select(ClimateReading.measured_at, ClimateReading.temperature, ClimateReading.humidity)
        .where(ClimateReading.place_id == place_id, ClimateReading.measured_at.between(since, until))
        .order_by(ClimateReading.measured_at)
    )
    return [Sample(*row) for row in rows]


def show(field: str, value: Any) -> str:
    """Return a value as trail and conflict page show it."""
    if value is None:
        return ""
    return show_tenths(value) if field in TENTHS else str(value)


def subject_of(room: Room) -> trail.Subject:
    """Return the room as the trail names it."""
    return trail.Subject("place", room.id, room.code)


def _tenths(name: str, text: str) -> int | None:
    if name not in ("temperature", "humidity") and not text.strip():
        return None
    if "humidity" in name:
        return parse_humidity(text)
    return parse_temperature(text, outside=name == "outside_temperature")


def _check_moment(day: date, half: str, now: datetime) -> None:
    if half not in HALVES:
        raise Invalid.field("half", "climate.half")
    if day < EARLIEST:
        raise Invalid.field("day", "climate.too_early")
    if is_to_come(day, half, now):
        raise Invalid.field("day", "climate.future")


def _moment_of(session: Session, place_id: int, day: date, half: str, now: datetime) -> datetime:
    """Return when the reading was taken: now for the half that it is, the usual hour for one that is past."""
    is_now = day == office_day(now) and half == half_of(now)
    return now.replace(microsecond=0) if is_now else usual_moment(day, half)


def _judge(session: Session, room: Room, sample: Sample) -> tuple[Breach, ...]:
    return judge(room.limits, sample, samples_between(session, room.id, sample.at - DAY_AND_NIGHT, sample.at))


def _add(
    session: Session,
    actor: Actor,
    room: Room,
    at: datetime,
    when: tuple[date, str],
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> ClimateReading:
    reading = ClimateReading(
        id=new_id(),
        place_id=room.id,
        measured_at=at,
        day=when[0],
        half=when[1],
        source="hand",
        recorded_by=actor.account_id,
        recorded_at=now,
        **values,
    )
    session.add(reading)
    session.flush()
    after = {"day": f"{when[0]} {when[1]}"} | {name: show(name, value) for name, value in values.items() if value}
    trail.record(session, actor, "climate_recorded", subject_of(room), now=now, after=after)
    return reading


def _correct(
    session: Session,
    actor: Actor,
    room: Room,
    kept: ClimateReading,
    values: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
) -> None:
    if not version:
        # Somebody else wrote this half down while the form was open: never overwritten without looking.
        mine = {name: value for name, value in values.items() if name != "exceeds" and getattr(kept, name) != value}
        differences = [
            Difference(name, show(name, value), show(name, getattr(kept, name))) for name, value in mine.items()
        ]
        raise ChangedMeanwhile(differences, kept.version)
    before, after = apply_changes(kept, values, version=version, show=show)
    if after:
        session.flush()
        when = {"day": f"{kept.day} {kept.half}"}
        trail.record(session, actor, "climate_corrected", subject_of(room), now=now, before=when | before, after=after)


def _judge_followers(session: Session, room: Room, at: datetime) -> None:
    """Judge the swing of readings by hand anew that have this one in the day and night before them."""
    followers = session.scalars(
        select(ClimateReading)
        .where(ClimateReading.place_id == room.id, ClimateReading.source == "hand")
        .where(ClimateReading.measured_at > at, ClimateReading.measured_at <= at + DAY_AND_NIGHT)
    )
    for reading in followers.all():
        sample = Sample(reading.measured_at, reading.temperature, reading.humidity)
        reading.exceeds = write_breaches(_judge(session, room, sample))
    session.flush()
