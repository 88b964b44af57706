"""The calendar of working days as a file: which weekdays are holidays, which weekend days are worked 调休.

CSV in UTF-8 with a header, a row a day: date, working, name, basis (日期, 是否上班, 名称, 依据). Days that are not
named are as the week has them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

from app.domain.errors import DomainError

COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("date", "working", "name", "basis")},
    "日期": "date",
    "是否上班": "working",
    "名称": "name",
    "依据": "basis",
}
NEEDED = ("date", "working", "name", "basis")
ANSWERS: Mapping[str, bool] = {"yes": True, "是": True, "no": False, "否": False}
MOST_ROWS = 4000
FIRST_YEAR, LAST_YEAR = 2000, 2099
LONGEST_NAME, LONGEST_BASIS = 40, 200

# A file to begin with, for a year that is filled in.
TEMPLATE = (
    "日期,是否上班,名称,依据\r\n"
    "{year}-01-01,否,元旦,国务院办公厅关于{year}年部分节假日安排的通知\r\n"
    "{year}-02-06,是,春节调休上班,国务院办公厅关于{year}年部分节假日安排的通知\r\n"
)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A day that is not as the week has it, or is said again."""

    day: date
    is_working: bool
    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """What is wrong in which line of the file (the header is line 1)."""

    line: int
    code: str


class BadCalendar(DomainError):
    """The file cannot be taken; `problems` names every line that is wrong. Nothing of it holds."""

    def __init__(self, problems: Iterable[CalendarProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{problem.line}: {problem.code}" for problem in self.problems))


def read_calendar(text: str) -> tuple[CalendarRow, ...]:
    """Return the rows of a calendar file by day; raises `BadCalendar` with all that is wrong."""
    try:
        lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error as error:  # a quote that is never closed
        raise BadCalendar([CalendarProblem(1, "calendar.columns")]) from error
    names = [COLUMNS.get(cell.strip().lower()) for cell in lines[0]] if lines else []
    if sorted(filter(None, names)) != sorted(NEEDED):
        raise BadCalendar([CalendarProblem(1, "calendar.columns")])
    found = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(cell.strip() for cell in cells)]
    if not found or len(found) > MOST_ROWS:
        raise BadCalendar([CalendarProblem(1, "calendar.empty" if not found else "calendar.too_long")])
    rows: dict[date, CalendarRow] = {}
    problems = [problem for number, cells in found for problem in _take(number, names, cells, rows)]
    if problems:
        raise BadCalendar(problems)
    return tuple(rows[day] for day in sorted(rows))


def _take(
    number: int, names: list[str | None], cells: list[str], rows: dict[date, CalendarRow]
) -> Iterator[CalendarProblem]:
    """Put a line into `rows`, or yield what is wrong with it."""
    if len(cells) != len(names):
        yield CalendarProblem(number, "calendar.cells")
        return
    values = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
    try:
        day = date.fromisoformat(values["date"])
    except ValueError:
        yield CalendarProblem(number, "calendar.date")
        return
    working = ANSWERS.get(values["working"].lower())
    if working is None:
        yield CalendarProblem(number, "calendar.working")
    elif not values["name"] or not values["basis"]:
        yield CalendarProblem(number, "calendar.name_and_basis")
    elif len(values["name"]) > LONGEST_NAME or len(values["basis"]) > LONGEST_BASIS:
        yield CalendarProblem(number, "calendar.too_wide")
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield CalendarProblem(number, "calendar.years")
    elif day in rows:
        yield CalendarProblem(number, "calendar.day_twice")
    else:
        rows[day] = CalendarRow(day, working, values["name"], values["basis"])


def exceptions_of(rows: Iterable[CalendarRow]) -> dict[date, bool]:
    """Return the rows as `working_days` and `judge` want them."""
    return {row.day: row.is_working for row in rows}
