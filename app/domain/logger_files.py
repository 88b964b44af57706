"""Files of climate loggers 温湿度记录仪: what times and values stand in them, what is missing, what cannot be read.

Every maker writes them another way, so columns are found by the meaning of their names. A place where the sensor gave
nothing is a gap; a line that cannot be understood is a fault, and a file with a fault is not taken at all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median_low

from app.domain.climate import BadReading, ReadingProblem, Sample, parse_humidity, parse_temperature
from app.domain.normal import fold_width
from app.domain.office_time import CHINA

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 200_000
LONGEST_LINE = 2_000
PROBED = 200  # lines after which a file without dates of that kind is believed to have none
HEADER_WITHIN = 60  # lines of particulars that makers put above the table
SHOWN = 20
CLOCK_SLACK = timedelta(minutes=10)  # a logger's clock is never quite right


class FileProblem(StrEnum):
    """Why a file, or a line of it, cannot be taken."""

    EMPTY = "logger.empty"
    TOO_LARGE = "logger.too_large"
    ENCODING = "logger.encoding"
    BINARY = "logger.binary"
    NO_HEADER = "logger.no_header"
    NO_READINGS = "logger.no_readings"
    TOO_MANY = "logger.too_many"
    DATE_ORDER = "logger.date_order"
    TIME = "logger.time"
    FUTURE = "logger.future"
    COLUMNS = "logger.columns"


class BadFile(ValueError):
    """A file that cannot be read at all."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be understood: its number in the file, and why."""

    line: int
    problem: FileProblem | ReadingProblem


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without readings, between the last before it and the first after it."""

    since: datetime
    until: datetime
    missing: int


@dataclass(frozen=True, slots=True)
class LoggerFile:
    """What a file says, in order of time."""

    samples: tuple[Sample, ...]
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]  # the first of them
    fault_count: int
    silent: tuple[int, ...]  # lines where the sensor gave nothing, the first of them
    silent_count: int
    doubles: int
    step: timedelta

    @property
    def since(self) -> datetime:
        """The first reading."""
        return self.samples[0].at

    @property
    def until(self) -> datetime:
        """The last reading."""
        return self.samples[-1].at


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand; `time` is None when date and time share a column."""

    date: int
    time: int | None
    temperature: int
    humidity: int
    fahrenheit: bool
    width: int

    @property
    def needed(self) -> int:
        return max(self.date, self.time or 0, self.temperature, self.humidity)


@dataclass(slots=True)
class _Tally:
    """What has been found so far."""

    found: dict[datetime, Sample] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    silent: list[int] = field(default_factory=list)
    silent_count: int = 0
    doubles: int = 0

    def blame(self, line: int, problem: FileProblem | ReadingProblem) -> None:
        self.fault_count += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(line, problem))

    def note_silence(self, line: int) -> None:
        self.silent_count += 1
        if len(self.silent) < SHOWN:
            self.silent.append(line)


def read_logger_file(data: bytes, *, now: datetime) -> LoggerFile:
    """Return what a file says; times without a zone are the office's.

    Raises `BadFile` for what is no such file; lines that cannot be understood are in `faults`.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(FileProblem.TOO_LARGE)
    lines = _decode(data).splitlines()
    if not any(line.strip() for line in lines):
        raise BadFile(FileProblem.EMPTY)
    if len(lines) > MOST_LINES + HEADER_WITHIN:
        raise BadFile(FileProblem.TOO_MANY)
    start, separator, columns = _find_header(lines)
    order = _date_order(lines[start + 1 :], separator, columns)
    tally = _Tally()
    for number, cells in _rows(lines, start + 1, separator):
        _take(tally, number, cells, columns, order, now + CLOCK_SLACK)
    if not tally.found and not tally.fault_count:
        raise BadFile(FileProblem.NO_READINGS)
    samples = tuple(tally.found[at] for at in sorted(tally.found))
    step = _step(samples)
    return LoggerFile(
        samples,
        tuple(_gaps(samples, step)),
        tuple(tally.faults),
        tally.fault_count,
        tuple(tally.silent),
        tally.silent_count,
        tally.doubles,
        step,
    )


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, (encoding,))
    # Half of the bytes of Western text in UTF-16 are zero; which half says which byte comes first.
    head = data[:400]
    if head.count(0) > len(head) // 4:
        return _decoded(data, ("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be",))
    return _decoded(data, ("utf-8", "gb18030"))


def _decoded(data: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise BadFile(FileProblem.BINARY)
        return text
    raise BadFile(FileProblem.ENCODING)


_TIME_NAME = re.compile(r"时间|时刻|time|stamp", re.IGNORECASE)
_DATE_NAME = re.compile(r"日期|date", re.IGNORECASE)
_TEMPERATURE_NAME = re.compile(r"温度|temp|℃|°c|℉|°f|celsius|fahrenheit", re.IGNORECASE)
_HUMIDITY_NAME = re.compile(r"湿度|humi|\brh\b|%rh|rh%", re.IGNORECASE)
_OTHER_NAME = re.compile(r"露点|dew|上限|下限|报警|alarm|high|low|max|min|最高|最低|outside|库外|室外", re.IGNORECASE)
_FAHRENHEIT = re.compile(r"℉|°\s*f|\bf\b|fahrenheit|华氏", re.IGNORECASE)


def _find_header(lines: Sequence[str]) -> tuple[int, str, _Columns]:
    """Return the line of the header, the separator and where the columns are; raises `BadFile`."""
    for start, line in enumerate(lines[:HEADER_WITHIN]):
        for separator in ("\t", ";", ","):
            cells = _split(line, separator)
            columns = _columns_of(cells) if cells and len(cells) > 2 else None
            if columns is not None:
                return start, separator, columns
    raise BadFile(FileProblem.NO_HEADER)


def _columns_of(cells: Sequence[str]) -> _Columns | None:
    names = [fold_width(cell).strip() for cell in cells]

    def first(pattern: re.Pattern[str], *others: int | None) -> int | None:
        fitting = (n for n, name in enumerate(names) if pattern.search(name) and not _OTHER_NAME.search(name))
        return next((n for n in fitting if n not in others), None)

    humidity = first(_HUMIDITY_NAME)
    temperature = first(_TEMPERATURE_NAME, humidity)
    day = first(_DATE_NAME, humidity, temperature)
    clock = first(_TIME_NAME, humidity, temperature, day)
    if day is None:
        day, clock = clock, None
    elif _TIME_NAME.search(names[day]):
        clock = None
    if day is None or temperature is None or humidity is None:
        return None
    return _Columns(day, clock, temperature, humidity, bool(_FAHRENHEIT.search(names[temperature])), len(names))


def _split(line: str, separator: str) -> list[str] | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return None


def _rows(lines: Sequence[str], start: int, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the number of each line, counted from 1, and its cells; None for a line that is none."""
    for number, line in enumerate(lines[start:], start=start + 1):
        if line.strip(f"{separator} \t"):
            yield number, _split(line, separator)


def _take(tally: _Tally, number: int, cells: list[str] | None, columns: _Columns, order: str, latest: datetime) -> None:
    # More cells than names: most likely decimal commas in a table of commas, which would be read quite wrongly.
    if cells is None or len(cells) <= columns.needed or any(map(str.strip, cells[columns.width :])):
        tally.blame(number, FileProblem.COLUMNS)
        return
    at = _moment(_time_text(cells, columns), order)
    if at is None or at > latest:
        tally.blame(number, FileProblem.TIME if at is None else FileProblem.FUTURE)
        return
    temperature, humidity = cells[columns.temperature], cells[columns.humidity]
    if _is_silent(temperature) or _is_silent(humidity):
        tally.note_silence(number)
        return
    try:
        degrees = _celsius(temperature) if columns.fahrenheit else parse_temperature(temperature)
        sample = Sample(at, degrees, parse_humidity(humidity))
    except BadReading as bad:
        tally.blame(number, bad.problem)
        return
    tally.doubles += at in tally.found
    tally.found.setdefault(at, sample)


_SILENT = re.compile(r"|-+|—+|nan|n/?a|null|none|err(or)?|ol|open|fault|故障|无|断线|通讯失败", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,6})?")
_LEAST_SENSED, _MOST_SENSED = -200.0, 998.0  # beyond stand the marks of sensors without a value: -999, 9999


def _is_silent(cell: str) -> bool:
    text = fold_width(cell).strip()
    if _SILENT.fullmatch(text):
        return True
    if not (_NUMBER.fullmatch(text) and text.isascii()):
        return False
    return not _LEAST_SENSED < float(text.replace(",", ".")) < _MOST_SENSED


def _celsius(cell: str) -> int:
    """Return tenths of ℃ for a cell in ℉."""
    text = re.sub(r"(?:°\s*F|℉|F)$", "", fold_width(cell).strip(), flags=re.IGNORECASE).strip().replace(",", ".")
    if not (_NUMBER.fullmatch(text) and text.isascii()):
        raise BadReading(ReadingProblem.FORM)
    return parse_temperature(f"{(float(text) - 32) / 1.8:.2f}")


def _time_text(cells: Sequence[str], columns: _Columns) -> str:
    day = cells[columns.date]
    return fold_width(f"{day} {cells[columns.time]}" if columns.time is not None else day).strip()


_HALF = "上午|下午|am|pm"
_CLOCK = (
    rf"[ T]+(?P<early>{_HALF})?\s*(?P<hour>\d{{1,2}})[:时](?P<minute>\d{{1,2}})"
    rf"(?:[:分](?P<second>\d{{1,2}})(?:[.,]\d+)?秒?)?分?\s*(?P<late>{_HALF})?"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?" + _CLOCK, re.IGNORECASE)
# 11/20/26 8:00 AM: two figures are a year only before a clock of twelve hours, which no maker writes after 26/11/20.
_SHORT_YEAR = r"\d{2}(?=[ T]+\d{1,2}:\d{2}(?::\d{2})?\s*[ap]m)"
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|{_SHORT_YEAR})" + _CLOCK, re.IGNORECASE
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _CLOCK, re.IGNORECASE)
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)", re.IGNORECASE)


def _date_order(lines: Sequence[str], separator: str, columns: _Columns) -> str:
    """Return `dm` or `md` for dates with the year last, as the file itself betrays it; raises `BadFile` when it does not."""
    firsts, seconds = 0, 0
    for number, cells in _rows(lines, 0, separator):
        if number > PROBED and not firsts:
            break
        found = _YEAR_LAST.fullmatch(_time_text(cells, columns)) if cells and len(cells) > columns.needed else None
        if found:
            firsts, seconds = max(firsts, int(found["a"])), max(seconds, int(found["b"]))
    if not firsts or firsts > 12 >= seconds:
        return "dm"
    if seconds > 12 >= firsts:
        return "md"
    raise BadFile(FileProblem.DATE_ORDER)


def _moment(text: str, order: str) -> datetime | None:
    """Return an aware time, None for what is none."""
    if not text.isascii() and not any(mark in text for mark in "年月日时分秒上下午"):
        return None
    try:
        if _ZONED.fullmatch(text):
            return datetime.fromisoformat(text.upper().replace(" ", "T")).replace(microsecond=0)
        found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
        if found:
            return datetime(int(found["y"]), int(found["m"]), int(found["d"]), *_clock(found), tzinfo=CHINA)
        found = _YEAR_LAST.fullmatch(text)
        if found is None:
            return None
        day, month = (found["a"], found["b"]) if order == "dm" else (found["b"], found["a"])
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        return datetime(year, int(month), int(day), *_clock(found), tzinfo=CHINA)
    except (ValueError, OverflowError):
        return None


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour, mark = int(found["hour"]), (found["early"] or found["late"] or "").lower()
    if mark and not 1 <= hour <= 12 and mark in {"am", "pm"}:
        raise ValueError("an hour that no such clock has")
    if mark in {"下午", "pm"} and hour < 12:
        hour += 12
    if mark in {"上午", "am"} and hour == 12:
        hour = 0
    return hour, int(found["minute"]), int(found["second"] or 0)


def _step(samples: Sequence[Sample]) -> timedelta:
    """Return how often the logger writes: the median of the distances."""
    distances = [later.at - earlier.at for earlier, later in pairwise(samples)]
    return median_low(distances) if distances else timedelta()


def _gaps(samples: Sequence[Sample], step: timedelta) -> Iterable[Gap]:
    """Yield where more than half a step is missing beyond one step."""
    for earlier, later in pairwise(samples):
        distance = later.at - earlier.at
        if step and distance > step * 1.5:
            yield Gap(earlier.at, later.at, max(1, round(distance / step) - 1))
