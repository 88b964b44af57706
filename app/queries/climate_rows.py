"""The frozen rows that the climate screens and forms show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.climate import BreachKind, Limits, read_breaches, show_tenths

HALF_WORDS = {"am": "上午", "pm": "下午"}
LOGGER_WORDS = "自动记录"


@dataclass(frozen=True, slots=True)
class Room:
    """A room with the limits that hold in it."""

    id: int
    branch_id: int
    branch_name: str
    code: str
    name: str
    climate_kind: str
    kind_label: str
    limits: Limits
    may_record: bool = False

    @property
    def title(self) -> str:
        """What the room is called: its name, else its code."""
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading as lists show it."""

    id: int
    place_id: int
    measured_at: datetime
    day: date
    half: str
    source: str
    temperature: int
    humidity: int
    weather: str
    outside_temperature: int | None
    outside_humidity: int | None
    measures: str
    temperature_after: int | None
    humidity_after: int | None
    exceeds: str
    remark: str
    recorder: str
    version: int

    @property
    def breaches(self) -> tuple[tuple[BreachKind, int], ...]:
        """The limits that it broke and by how many tenths."""
        return read_breaches(self.exceeds)

    @property
    def cells(self) -> tuple[str, ...]:
        """The twelve columns of 温湿度登记表, as texts."""
        return (
            self.day.strftime("%Y%m%d"),
            HALF_WORDS[self.half],
            self.weather,
            show_tenths(self.outside_temperature),
            show_tenths(self.outside_humidity),
            show_tenths(self.temperature),
            show_tenths(self.humidity),
            self.measures,
            show_tenths(self.temperature_after),
            show_tenths(self.humidity_after),
            LOGGER_WORDS if self.source == "logger" else self.recorder,
            self.remark,
        )


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm of a room."""

    id: int
    place_id: int
    room_title: str
    kind: BreachKind
    began_at: datetime
    ended_at: datetime | None
    worst: int
    bound: int
    seen_by: str
    seen_at: datetime | None
    note: str
    may_see_to: bool


@dataclass(frozen=True, slots=True)
class RoomToday:
    """A room on the desk of the day: both halves, what was read last, whether an alarm is open."""

    room: Room
    am: ReadingRow | None
    pm: ReadingRow | None
    last: ReadingRow | None
    alarms: int

    def of_half(self, half: str) -> ReadingRow | None:
        """Return the reading of one half of today."""
        return self.am if half == "am" else self.pm


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Lowest, mean and highest of a stretch of time."""

    at: datetime
    temperature: tuple[int, int, int]
    humidity: tuple[int, int, int]
    count: int


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limits of a kind of carrier as the table shows them."""

    kind: str
    label: str
    limits: Limits
    basis: str
    effective_from: date
    version: int
