"""Climate 温湿度 of rooms and the safety checks 八防/十防."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class ClimateLimit(Base):
    """Limits for one kind of carrier, in tenths: 140 is 14.0 ℃ or %RH. Editable, with its basis."""

    __tablename__ = "climate_limits"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)  # paper, special, tape, film, disc, reading …
    label: Mapped[str] = mapped_column(String(30))
    temperature_low: Mapped[int]
    temperature_high: Mapped[int]
    humidity_low: Mapped[int]
    humidity_high: Mapped[int]
    temperature_swing: Mapped[int]  # most change within a day
    humidity_swing: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[date]
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class ClimateReading(Base):
    """A reading of one room, in tenths; by hand twice a day, or from a logger at its own times."""

    __tablename__ = "climate_readings"

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    measured_at: Mapped[datetime]
    day: Mapped[date]  # in the office's time
    half: Mapped[str] = mapped_column(String(2))  # am | pm
    source: Mapped[str] = mapped_column(String(6))  # hand | logger
    temperature: Mapped[int]
    humidity: Mapped[int]
    weather: Mapped[str] = mapped_column(String(10), default="")
    outside_temperature: Mapped[int | None]
    outside_humidity: Mapped[int | None]
    measures: Mapped[str] = mapped_column(String(120), default="")  # 调控措施
    temperature_after: Mapped[int | None]
    humidity_after: Mapped[int | None]
    exceeds: Mapped[str] = mapped_column(String(80), default="")  # limits it broke and by how much: domain.climate
    remark: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int | None]
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("half in ('am','pm')", name="half"),
        CheckConstraint("source in ('hand','logger')", name="source"),
        CheckConstraint("temperature between -500 and 800", name="temperature"),
        CheckConstraint("humidity between 0 and 1000", name="humidity"),
        UniqueConstraint("place_id", "measured_at", "source"),
        Index(
            "uq_climate_readings_hand",
            "place_id",
            "day",
            "half",
            unique=True,
            sqlite_where=text("source = 'hand'"),
            postgresql_where=text("source = 'hand'"),
        ),
        Index("ix_climate_readings_day", "place_id", "day"),
    )


class ClimateAlarm(Base):
    """A room was outside its limits: from when to when, how far, who has seen to it."""

    __tablename__ = "climate_alarms"

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[str] = mapped_column(String(20))  # temperature_high, humidity_low, temperature_swing …
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    worst: Mapped[int]
    bound: Mapped[int]
    seen_by: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        Index(
            "uq_climate_alarms_open",
            "place_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_climate_alarms_place", "place_id", "began_at"),
    )


class SafetyPoint(Base):
    """A line of the checklist 八防/十防; a site may have eight, ten or more."""

    __tablename__ = "safety_points"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(String(30))
    hint: Mapped[str] = mapped_column(String(120), default="")
    basis: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class SafetyCheck(Base):
    """A safety check 库房安全检查 of one room on one day; `results` maps a point's code to ok | fault | none."""

    __tablename__ = "safety_checks"

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    day: Mapped[date]
    results: Mapped[Any] = mapped_column(JSON)
    found: Mapped[str] = mapped_column(String(300), default="")  # 发现问题
    handled: Mapped[str] = mapped_column(String(300), default="")  # 处理结果
    handled_at: Mapped[datetime | None]
    checked_by: Mapped[int]
    checked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("place_id", "day"),)
