"""Taking in a climate logger's file 温湿度记录仪: looked at first, then written whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.climate import DAY_AND_NIGHT, Breach, Sample, half_of, judge_series, write_breaches
from app.domain.errors import Invalid
from app.domain.ids import new_id
from app.domain.logger_files import BadFile, LoggerFile, read_logger_file
from app.domain.office_time import office_day
from app.models.climate import ClimateReading
from app.models.storage import Place
from app.queries.climate_rows import Room
from app.services import trail
from app.services.climate import require_room, samples_between, subject_of
from app.services.climate_alarms import follow

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a file in would do."""

    digest: str
    file: LoggerFile
    fresh: int
    known: int
    exceeded: int

    @property
    def may_be_taken(self) -> bool:
        """True when every line was understood and something of it is new."""
        return self.file.fault_count == 0 and self.fresh > 0


def preview_file(session: Session, actor: Actor, place_id: int, data: bytes, *, now: datetime) -> Preview:
    """Return what taking the file in would do; nothing is written.

    Raises `NotFound`, `NotAllowed`, `Invalid` for what is no logger's file.
    """
    room = require_room(session, actor, place_id)
    return _look(session, room, data, now)[0]


def take_file(session: Session, actor: Actor, place_id: int, data: bytes, digest: str, *, now: datetime) -> Preview:
    """Write the readings of a file that are new; return what was done. The same file again writes nothing.

    Raises `NotFound`, `NotAllowed`, `Invalid` for a file with a fault and for another one than was looked at.
    """
    room = require_room(session, actor, place_id)
    session.execute(select(Place.id).where(Place.id == place_id).with_for_update())
    preview, fresh = _look(session, room, data, now)
    if digest != preview.digest:
        raise Invalid.field("file", "logger.other_file")
    if preview.file.fault_count:
        raise Invalid.field("file", "logger.faults")
    if not fresh:
        return preview
    _write(session, actor, room, fresh, now)
    follow(session, room, fresh, now=now)
    after = {
        "readings": str(preview.fresh),
        "since": preview.file.since.isoformat(),
        "until": preview.file.until.isoformat(),
        "digest": preview.digest,
    }
    trail.record(session, actor, "climate_imported", subject_of(room), now=now, after=after)
    return preview


def _look(
    session: Session, room: Room, data: bytes, now: datetime
) -> tuple[Preview, list[tuple[Sample, tuple[Breach, ...]]]]:
    try:
        file = read_logger_file(data, now=now)
    except BadFile as bad:
        raise Invalid.field("file", bad.problem.value) from bad
    fresh = _judged(session, room, file)
    exceeded = sum(bool(broken) for _, broken in fresh)
    digest = hashlib.sha256(data).hexdigest()
    return Preview(digest, file, len(fresh), len(file.samples) - len(fresh), exceeded), fresh


def _judged(session: Session, room: Room, file: LoggerFile) -> list[tuple[Sample, tuple[Breach, ...]]]:
    """Return the readings that are not there yet, with what each breaks."""
    if not file.samples:
        return []
    known = set(
        session.scalars(
            select(ClimateReading.measured_at).where(
                ClimateReading.place_id == room.id,
                ClimateReading.source == "logger",
                ClimateReading.measured_at.between(file.since, file.until),
            )
        )
    )
    fresh = [sample for sample in file.samples if sample.at not in known]
    there = samples_between(session, room.id, file.since - DAY_AND_NIGHT, file.until)
    return list(zip(fresh, judge_series(room.limits, fresh, there), strict=True))


def _write(
    session: Session, actor: Actor, room: Room, fresh: list[tuple[Sample, tuple[Breach, ...]]], now: datetime
) -> None:
    for start in range(0, len(fresh), BATCH):
        session.execute(
            insert(ClimateReading),
            [
                {
                    "id": new_id(),
                    "place_id": room.id,
                    "measured_at": sample.at,
                    "day": office_day(sample.at),
                    "half": half_of(sample.at),
                    "source": "logger",
                    "temperature": sample.temperature,
                    "humidity": sample.humidity,
                    "exceeds": write_breaches(broken),
                    "recorded_by": actor.account_id,
                    "recorded_at": now,
                }
                for sample, broken in fresh[start : start + BATCH]
            ],
        )
