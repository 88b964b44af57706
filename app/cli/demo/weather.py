"""Climate of the demo's rooms: two readings a day for a quarter of a year, some out of limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.cli.demo.company import Company
from app.domain.ids import new_id
from app.domain.office_time import CHINA

DAYS = 90
Row = dict[str, Any]
BOUNDS = {
    "temperature_high": ("temperature", 240),
    "temperature_low": ("temperature", 140),
    "humidity_high": ("humidity", 600),
    "humidity_low": ("humidity", 450),
}
DONE = {"humidity_high": "开除湿机，已恢复", "humidity_low": "停除湿机并加湿，已恢复"}
SKIES = ("晴", "多云", "阴", "小雨")


def invent_readings(rng: Random, company: Company, rooms: Mapping[int, int], *, now: datetime) -> Iterator[Row]:
    """Yield the rows of readings by hand, room by room, until yesterday evening."""
    today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    for branch_id, room_id in rooms.items():
        keeper = rng.choice(company.archivists[branch_id])
        for back in range(DAYS, 0, -1):
            for half, hour in (("am", 9), ("pm", 16)):
                at = today - timedelta(days=back) + timedelta(hours=hour, minutes=rng.randrange(20))
                outside = 160 + round(90 * math.cos((DAYS - back) / 40)) + (30 if half == "pm" else 0)
                temperature = 205 + round((outside - 160) / 5) + rng.randrange(-6, 7)
                humidity = 525 + round(60 * math.sin(back / 9)) + rng.randrange(-20, 21)
                yield {
                    "id": new_id(),
                    "place_id": room_id,
                    "measured_at": at,
                    "day": at.date(),
                    "half": half,
                    "source": "hand",
                    "temperature": temperature,
                    "humidity": humidity,
                    "weather": rng.choice(SKIES),
                    "outside_temperature": outside,
                    "outside_humidity": 600 + rng.randrange(-100, 150),
                    "measures": "除湿机 2 小时" if humidity > 600 else "",
                    "humidity_after": 560 if humidity > 600 else None,
                    "exceeds": _exceeds(temperature, humidity),
                    "recorded_by": keeper,
                    "recorded_at": at,
                }


def note_alarms(readings: Sequence[Row]) -> list[Row]:
    """Return the alarms that those readings, in order of time, have opened and ended."""
    alarms: list[Row] = []
    running: dict[tuple[int, str], Row] = {}
    for reading in readings:
        place_id, broken = reading["place_id"], reading["exceeds"].split()
        for kind, (quantity, bound) in BOUNDS.items():
            alarm = running.get((place_id, kind))
            if kind in broken and alarm is None:
                alarm = _alarm(reading, kind, reading[quantity], bound)
                running[place_id, kind] = alarm
                alarms.append(alarm)
            elif kind in broken and alarm is not None:
                alarm["worst"] = max(alarm["worst"], reading[quantity], key=lambda value: abs(value - alarm["bound"]))
            elif alarm is not None:
                _end(running.pop((place_id, kind)), reading)
    return alarms


def _alarm(reading: Row, kind: str, value: int, bound: int) -> Row:
    return {
        "id": new_id(),
        "place_id": reading["place_id"],
        "kind": kind,
        "began_at": reading["measured_at"],
        "ended_at": None,
        "worst": value,
        "bound": bound,
        "seen_by": None,
        "seen_at": None,
        "note": "",
    }


def _end(alarm: Row, reading: Row) -> None:
    alarm["ended_at"] = alarm["seen_at"] = reading["measured_at"]
    alarm["seen_by"], alarm["note"] = reading["recorded_by"], DONE.get(alarm["kind"], "调空调，已恢复")


def _exceeds(temperature: int, humidity: int) -> str:
    values = {"temperature": temperature, "humidity": humidity}
    broken = [
        kind
        for kind, (quantity, bound) in BOUNDS.items()
        if (values[quantity] > bound if kind.endswith("high") else values[quantity] < bound)
    ]
    return " ".join(broken)
