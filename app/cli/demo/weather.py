"""Climate of the demo's rooms: two readings a day for a quarter of a year, some out of limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.cli.demo.company import Company
from app.domain.ids import new_id
from app.domain.office_time import CHINA

DAYS = 90
SKIES = ("晴", "多云", "阴", "小雨")


def invent_readings(
    rng: Random, company: Company, rooms: Mapping[int, int], *, now: datetime
) -> Iterator[dict[str, Any]]:
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


def _exceeds(temperature: int, humidity: int) -> str:
    broken = [
        name
        for name, out in (
            ("temperature_high", temperature > 240),
            ("temperature_low", temperature < 140),
            ("humidity_high", humidity > 600),
            ("humidity_low", humidity < 450),
        )
        if out
    ]
    return " ".join(broken)
