"""Climate 温湿度: reading values as people write them, judging them by the limits of a room, summing up a month.

Values are whole tenths: 215 is 21.5 ℃ or 21.5 %RH. Source of limits and swing: DOMAIN 3.6 (JGJ 25-2010).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.normal import fold_width
from app.domain.office_time import CHINA

AM, PM = "am", "pm"
HALVES = (AM, PM)
# When the rounds are usually made; a reading that is entered later is taken for one of that hour.
USUAL_HOURS = {AM: time(9), PM: time(15)}
# A swing 日变化 is the change within a day and night 一昼夜.
DAY_AND_NIGHT = timedelta(hours=24)
# What a storeroom can have at all; a value outside is a slip of the pen or a broken sensor.
TEMPERATURES = (-200, 600)
HUMIDITIES = (10, 1000)
OUTSIDE_TEMPERATURES = (-500, 600)
NO_HUMIDITY_LIMIT = (0, 1000)


class ReadingProblem(StrEnum):
    """Why a value cannot be taken."""

    MISSING = "climate.missing"
    FORM = "climate.form"
    FAHRENHEIT = "climate.fahrenheit"
    TEMPERATURE = "climate.temperature_range"
    HUMIDITY = "climate.humidity_range"


class BadReading(ValueError):
    """A value that cannot be taken; `problem` says why."""

    def __init__(self, problem: ReadingProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


_NUMBER = re.compile(r"([+-]?)([0-9]{1,4})(?:[.,]([0-9]{1,4}))?(?:°C|℃|°|摄氏度|度|C|%RH|%|RH)?", re.IGNORECASE)
_SIGNS = str.maketrans({"。": ".", "−": "-", "–": "-", "．": ".", "，": ",", "º": "°"})


def parse_tenths(text: str) -> int:
    """Return the tenths of a number as people write it: 21.5, ２１．５℃, 55%, 21,5; halves are rounded up.

    Raises `BadReading`; ℉ is never guessed to be ℃.
    """
    plain = fold_width(text.translate(_SIGNS)).replace(" ", "").strip()
    if not plain:
        raise BadReading(ReadingProblem.MISSING)
    if plain.endswith(("℉", "°F", "°f", "F", "f")):
        raise BadReading(ReadingProblem.FAHRENHEIT)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise BadReading(ReadingProblem.FORM)
    sign, whole, fraction = found.groups()
    hundredths = int(whole) * 100 + int((fraction or "0").ljust(2, "0")[:2])
    tenths = (hundredths + 5) // 10
    return -tenths if sign == "-" else tenths


def parse_temperature(text: str, *, outside: bool = False) -> int:
    """Return a temperature in tenths of ℃; raises `BadReading` also for one that cannot be."""
    low, high = OUTSIDE_TEMPERATURES if outside else TEMPERATURES
    value = parse_tenths(text)
    if not low <= value <= high:
        raise BadReading(ReadingProblem.TEMPERATURE)
    return value


def parse_humidity(text: str) -> int:
    """Return a relative humidity in tenths of a per cent; raises `BadReading` also for one that cannot be."""
    value = parse_tenths(text)
    if not HUMIDITIES[0] <= value <= HUMIDITIES[1]:
        raise BadReading(ReadingProblem.HUMIDITY)
    return value


def show_tenths(value: int | None) -> str:
    """Return 21.5 for 215, nothing for nothing."""
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 10}.{abs(value) % 10}"


def half_of(moment: datetime) -> str:
    """Return the half of the office's day in which `moment` (aware) lies."""
    return AM if moment.astimezone(CHINA).hour < 12 else PM


def usual_moment(day: date, half: str) -> datetime:
    """Return when a reading of that half is usually taken (aware)."""
    return datetime.combine(day, USUAL_HOURS[half], CHINA)


def is_to_come(day: date, half: str, now: datetime) -> bool:
    """Say whether the half has not begun yet in the office."""
    local = now.astimezone(CHINA)
    return (day, HALVES.index(half)) > (local.date(), HALVES.index(half_of(now)))


class BreachKind(StrEnum):
    """Which limit was broken."""

    TEMPERATURE_LOW = "temperature_low"
    TEMPERATURE_HIGH = "temperature_high"
    HUMIDITY_LOW = "humidity_low"
    HUMIDITY_HIGH = "humidity_high"
    TEMPERATURE_SWING = "temperature_swing"
    HUMIDITY_SWING = "humidity_swing"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one kind of carrier; a swing of 0 is not limited."""

    temperature_low: int
    temperature_high: int
    humidity_low: int
    humidity_high: int
    temperature_swing: int = 0
    humidity_swing: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken limit: the value, the bound that it crossed."""

    kind: BreachKind
    value: int
    bound: int

    @property
    def by(self) -> int:
        """How far beyond the bound, in tenths."""
        return abs(self.value - self.bound)


@dataclass(frozen=True, slots=True)
class Sample:
    """A reading as far as limits care."""

    at: datetime
    temperature: int
    humidity: int


def judge(limits: Limits, sample: Sample, earlier: Iterable[Sample] = ()) -> tuple[Breach, ...]:
    """Return the limits that a reading breaks; `earlier` are readings of the day and night before it."""
    near = [other for other in earlier if timedelta() < sample.at - other.at <= DAY_AND_NIGHT]
    temperatures, humidities = [other.temperature for other in near], [other.humidity for other in near]
    return (
        *_beyond(sample.temperature, limits.temperature_low, limits.temperature_high, "temperature"),
        *_beyond(sample.humidity, limits.humidity_low, limits.humidity_high, "humidity"),
        *_swing(sample.temperature, temperatures, limits.temperature_swing, BreachKind.TEMPERATURE_SWING),
        *_swing(sample.humidity, humidities, limits.humidity_swing, BreachKind.HUMIDITY_SWING),
    )


def judge_series(
    limits: Limits, samples: Sequence[Sample], others: Sequence[Sample] = ()
) -> Iterator[tuple[Breach, ...]]:
    """Yield what each of many readings breaks, in order of time; the same answers as `judge`, in one pass.

    `others` are readings that are there already; they count for the swing and are not judged.
    """
    temperatures, humidities = _Window(), _Window()
    # Of the same moment, what is judged comes first: a swing looks at what was strictly before.
    line = [(sample.at, 0, sample) for sample in samples] + [(sample.at, 1, sample) for sample in others]
    for at, is_other, sample in sorted(line, key=lambda entry: entry[:2]):
        if not is_other:
            yield (
                *_beyond(sample.temperature, limits.temperature_low, limits.temperature_high, "temperature"),
                *_beyond(sample.humidity, limits.humidity_low, limits.humidity_high, "humidity"),
                *_swing(
                    sample.temperature,
                    temperatures.extremes_before(at),
                    limits.temperature_swing,
                    BreachKind.TEMPERATURE_SWING,
                ),
                *_swing(
                    sample.humidity, humidities.extremes_before(at), limits.humidity_swing, BreachKind.HUMIDITY_SWING
                ),
            )
        temperatures.add(at, sample.temperature)
        humidities.add(at, sample.humidity)


class _Window:
    """Lowest and highest value of the last day and night, kept up in constant time."""

    def __init__(self) -> None:
        self._low: deque[tuple[datetime, int]] = deque()
        self._high: deque[tuple[datetime, int]] = deque()

    def extremes_before(self, at: datetime) -> list[int]:
        """Return lowest and highest of the 24 hours before `at`, nothing where there is no reading."""
        for line in (self._low, self._high):
            while line and at - line[0][0] > DAY_AND_NIGHT:
                line.popleft()
        return [line[0][1] for line in (self._low, self._high) if line]

    def add(self, at: datetime, value: int) -> None:
        """Take a value in; times only grow."""
        while self._low and self._low[-1][1] >= value:
            self._low.pop()
        while self._high and self._high[-1][1] <= value:
            self._high.pop()
        self._low.append((at, value))
        self._high.append((at, value))


def _beyond(value: int, low: int, high: int, quantity: str) -> list[Breach]:
    if value < low:
        return [Breach(BreachKind(f"{quantity}_low"), value, low)]
    return [Breach(BreachKind(f"{quantity}_high"), value, high)] if value > high else []


def _swing(value: int, others: Sequence[int], limit: int, kind: BreachKind) -> list[Breach]:
    change = max((abs(value - other) for other in others), default=0)
    return [Breach(kind, change, limit)] if limit and change > limit else []


def write_breaches(breaches: Iterable[Breach]) -> str:
    """Return breaches as a reading keeps them: `temperature_high:12 humidity_low:30`."""
    return " ".join(f"{breach.kind.value}:{breach.by}" for breach in breaches)


def read_breaches(text: str) -> tuple[tuple[BreachKind, int], ...]:
    """Return kind and distance of what `write_breaches` wrote; 0 where no distance was kept."""
    parts = [part.partition(":") for part in text.split()]
    return tuple((BreachKind(kind), int(by or 0)) for kind, _, by in parts)


@dataclass(frozen=True, slots=True)
class Summary:
    """The foot of a month: highest, lowest, mean, and how many readings broke a limit."""

    count: int
    exceeded: int
    temperature_high: int | None = None
    temperature_low: int | None = None
    temperature_mean: int | None = None
    humidity_high: int | None = None
    humidity_low: int | None = None
    humidity_mean: int | None = None


def summarise(readings: Iterable[tuple[int, int, bool]]) -> Summary:
    """Return the foot for triples of temperature, humidity and whether a limit was broken."""
    rows = list(readings)
    if not rows:
        return Summary(0, 0)
    temperatures, humidities = [row[0] for row in rows], [row[1] for row in rows]
    return Summary(
        len(rows),
        sum(row[2] for row in rows),
        max(temperatures),
        min(temperatures),
        _mean(temperatures),
        max(humidities),
        min(humidities),
        _mean(humidities),
    )


def _mean(values: Sequence[int]) -> int:
    """Return the mean, halves rounded up."""
    return (2 * sum(values) + len(values)) // (2 * len(values))
