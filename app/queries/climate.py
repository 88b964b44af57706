"""Reads of climate 温湿度: rooms with today's state, the sheet of a month, curves, alarms, limits."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from app.domain.actor import Actor
from app.domain.climate import AM, HALVES, PM, BreachKind, Limits, Summary, summarise, usual_moment
from app.domain.errors import NotFound
from app.domain.office_time import first_moment
from app.domain.policy import Action, Target, may
from app.models.accounts import Account, Branch
from app.models.climate import ClimateAlarm, ClimateLimit, ClimateReading
from app.models.storage import Place
from app.queries.climate_rows import AlarmRow, CurvePoint, LimitRow, ReadingRow, Room, RoomToday
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in

PAGE_SIZE = 50
REMEMBERED = timedelta(days=31)  # how far back "the last reading" is looked for
ALARMS_SHOWN = 100
DAY_SECONDS = 86_400
BY_CODE = Sort(Place.full_code, Place.id)
LIMIT_FIELDS = tuple(item.name for item in fields(Limits))


def limits_of(row: ClimateLimit) -> Limits:
    """Return the limits that a row holds."""
    return Limits(**{name: getattr(row, name) for name in LIMIT_FIELDS})


def all_limits(session: Session) -> Sequence[LimitRow]:
    """Return the table of limits in its order."""
    rows = session.scalars(select(ClimateLimit).order_by(ClimateLimit.position, ClimateLimit.kind))
    return [LimitRow(row.kind, row.label, limits_of(row), row.basis, row.effective_from, row.version) for row in rows]


def may_change_storage_rules(session: Session, actor: Actor) -> bool:
    """Say whether `actor` may change limits and points: they hold for the whole house, so its root branch decides."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return root is not None and may(actor, Action.STORAGE_RULES, Target(root))


def read_room(session: Session, actor: Actor, place_id: int) -> Room:
    """Return a room; raises `NotFound` for one that `actor` may not see and for what is no room."""
    row = session.execute(
        _rooms(actor).where(Place.id == place_id, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
    ).first()
    if row is None:
        raise NotFound
    return _make_room(row)


def list_rooms(
    session: Session,
    actor: Actor,
    *,
    today: date,
    branch_id: int | None = None,
    cursor: Cursor | None = None,
) -> PageOf[RoomToday]:
    """Return a page of rooms with what was read today and before."""
    seen = [Place.kind == "room", Place.active, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id)]
    if branch_id is not None:
        seen.append(Place.branch_id == branch_id)
    total = session.scalar(select(func.count()).select_from(Place).where(*seen)) or 0
    statement = _rooms(actor).where(*seen).add_columns(Place.full_code, Place.id)
    rooms = read_page(session, statement, BY_CODE, cursor, size=PAGE_SIZE, total=total, make=_make_room)
    states = rooms_today(session, rooms.items, today=today)
    return PageOf(states, rooms.total, rooms.before, rooms.after, rooms.exact)


def rooms_today(session: Session, rooms: Sequence[Room], *, today: date) -> list[RoomToday]:
    """Return what was read today and last in some rooms: two queries, however many there are."""
    ids = [room.id for room in rooms]
    found: dict[int, list[ReadingRow]] = {}
    recent = _readings().where(
        ClimateReading.place_id.in_(ids),
        ClimateReading.day.between(today - REMEMBERED, today),
        ClimateReading.source == "hand",
    )
    for row in session.execute(recent.order_by(ClimateReading.day, ClimateReading.half)):
        found.setdefault(row[0].place_id, []).append(_make_reading(row))
    alarms = {
        place_id: count
        for place_id, count in session.execute(
            select(ClimateAlarm.place_id, func.count())
            .where(ClimateAlarm.place_id.in_(ids), ClimateAlarm.ended_at.is_(None))
            .group_by(ClimateAlarm.place_id)
        )
    }
    return [_make_today(room, found.get(room.id, []), alarms.get(room.id, 0), today) for room in rooms]


def read_reading(session: Session, place_id: int, day: date, half: str) -> ReadingRow | None:
    """Return the reading by hand of a room, a day and a half."""
    row = session.execute(
        _readings().where(
            ClimateReading.place_id == place_id,
            ClimateReading.day == day,
            ClimateReading.half == half,
            ClimateReading.source == "hand",
        )
    ).first()
    return _make_reading(row) if row else None


def month_rows(session: Session, place_id: int, year: int, month: int) -> Sequence[ReadingRow]:
    """Return the lines of 温湿度登记表 of a month, at most one a half day; `.cells` are its twelve columns.

    Where nobody wrote a half day down, the logger's reading nearest to the usual hour stands for it.
    """
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    within = (ClimateReading.place_id == place_id, ClimateReading.day.between(first, last))
    by_hand = [
        _make_reading(row) for row in session.execute(_readings().where(*within, ClimateReading.source == "hand"))
    ]
    lines = {(row.day, row.half): row for row in by_hand} | _from_logger(session, within, by_hand)
    return [lines[key] for key in sorted(lines, key=lambda key: (key[0], HALVES.index(key[1])))]


def month_foot(rows: Sequence[ReadingRow]) -> Summary:
    """Return the foot of a month's sheet: highest, lowest, mean, 超标次数."""
    return summarise((row.temperature, row.humidity, bool(row.exceeds)) for row in rows)


def curve(session: Session, place_id: int, since: datetime, until: datetime, *, points: int) -> Sequence[CurvePoint]:
    """Return lowest, mean and highest of at most `points` + 1 equal stretches from `since` to `until`: one aggregate query."""
    width = max(1, int((until - since).total_seconds()) // points)
    start = int(since.timestamp())
    # A day is written in each reading: over a year that spares a computation for each of a hundred thousand rows.
    by_day = width == DAY_SECONDS
    stretch: Any = (
        ClimateReading.day
        if by_day
        else ((epoch_seconds(ClimateReading.measured_at) - start) // width).label("stretch")
    )
    rows = session.execute(
        select(
            stretch,
            func.min(ClimateReading.temperature),
            func.avg(ClimateReading.temperature),
            func.max(ClimateReading.temperature),
            func.min(ClimateReading.humidity),
            func.avg(ClimateReading.humidity),
            func.max(ClimateReading.humidity),
            func.count(),
        )
        .where(
            ClimateReading.place_id == place_id,
            ClimateReading.measured_at >= since,
            ClimateReading.measured_at < until,
        )
        .group_by(stretch)
        .order_by(stretch)
    )
    return [
        CurvePoint(
            first_moment(row[0]) + timedelta(hours=12)
            if by_day
            else since + timedelta(seconds=width * (int(row[0]) + 0.5)),
            (row[1], round(row[2]), row[3]),
            (row[4], round(row[5]), row[6]),
            row[7],
        )
        for row in rows
    ]


def count_readings(session: Session, place_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """Return how many readings there are in a stretch of time, and how many broke a limit."""
    row = session.execute(
        select(func.count(), func.count().filter(ClimateReading.exceeds != "")).where(
            ClimateReading.place_id == place_id,
            ClimateReading.measured_at >= since,
            ClimateReading.measured_at < until,
        )
    ).one()
    return row[0], row[1]


def list_alarms(
    session: Session, actor: Actor, *, place_id: int | None = None, only_open: bool = False
) -> Sequence[AlarmRow]:
    """Return the newest alarms that `actor` may see; with `only_open` those that go on or that nobody has seen to."""
    statement = (
        select(ClimateAlarm, Place.name, Place.full_code, Account.full_name, _may_record(actor))
        .join(Place, Place.id == ClimateAlarm.place_id)
        .outerjoin(Account, Account.id == ClimateAlarm.seen_by)
        .where(branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
        .order_by(ClimateAlarm.began_at.desc(), ClimateAlarm.id.desc())
        .limit(ALARMS_SHOWN)
    )
    if place_id is not None:
        statement = statement.where(ClimateAlarm.place_id == place_id)
    if only_open:
        statement = statement.where(ClimateAlarm.ended_at.is_(None) | ClimateAlarm.seen_at.is_(None))
    return [_make_alarm(*row) for row in session.execute(statement)]


class epoch_seconds(GenericFunction[int]):  # noqa: N801 (named as SQL functions are)
    """Whole seconds since 1970 of a time."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_seconds, "sqlite")
def _sqlite_seconds(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(epoch_seconds, "postgresql")
def _postgresql_seconds(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch from {compiler.process(element.clauses, **options)})) AS BIGINT)"


def _may_record(actor: Actor) -> Any:
    return branches_in(actor, Action.CLIMATE_RECORD, Place.branch_id)


def _rooms(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Place, Branch.name, ClimateLimit, _may_record(actor))
        .join(Branch, Branch.id == Place.branch_id)
        .outerjoin(ClimateLimit, ClimateLimit.kind == Place.climate_kind)
        .where(Place.kind == "room")
    )


def _make_room(row: Any) -> Room:
    place, branch_name, limit, may_record = row[:4]
    # A room of a kind that the table does not know has no limits to break.
    limits = limits_of(limit) if limit else Limits(-500, 800, 0, 1000)
    label = limit.label if limit else place.climate_kind
    return Room(
        place.id,
        place.branch_id,
        branch_name,
        place.full_code,
        place.name,
        place.climate_kind,
        label,
        limits,
        bool(may_record),
    )


def _readings() -> Select[*tuple[Any, ...]]:
    return select(ClimateReading, Account.full_name).outerjoin(Account, Account.id == ClimateReading.recorded_by)


def _make_reading(row: Any) -> ReadingRow:
    reading, recorder = row
    names = [item.name for item in fields(ReadingRow) if item.name != "recorder"]
    return ReadingRow(**{name: getattr(reading, name) for name in names}, recorder=recorder or "")


def _make_today(room: Room, rows: Sequence[ReadingRow], alarms: int, today: date) -> RoomToday:
    halves = {row.half: row for row in rows if row.day == today}
    return RoomToday(room, halves.get(AM), halves.get(PM), rows[-1] if rows else None, alarms)


def _from_logger(
    session: Session, within: tuple[Any, ...], by_hand: Sequence[ReadingRow]
) -> dict[tuple[date, str], ReadingRow]:
    """Return the logger's reading nearest to the usual hour for each half day that nobody wrote down."""
    written = {(row.day, row.half) for row in by_hand}
    nearest: dict[tuple[date, str], tuple[timedelta, int]] = {}
    times = select(ClimateReading.id, ClimateReading.day, ClimateReading.half, ClimateReading.measured_at)
    for reading_id, day, half, at in session.execute(times.where(*within, ClimateReading.source == "logger")):
        key, distance = (day, half), abs(at - usual_moment(day, half))
        if key not in written and (key not in nearest or distance < nearest[key][0]):
            nearest[key] = (distance, reading_id)
    found = session.execute(
        _readings().where(ClimateReading.id.in_([reading_id for _, reading_id in nearest.values()]))
    )
    return {(row[0].day, row[0].half): _make_reading(row) for row in found}


def _make_alarm(alarm: ClimateAlarm, name: str, code: str, seen_by: str | None, may_see_to: bool) -> AlarmRow:
    return AlarmRow(
        alarm.id,
        alarm.place_id,
        name or code,
        BreachKind(alarm.kind),
        alarm.began_at,
        alarm.ended_at,
        alarm.worst,
        alarm.bound,
        seen_by or "",
        alarm.seen_at,
        alarm.note,
        bool(may_see_to),
    )
