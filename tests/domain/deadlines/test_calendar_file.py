"""The calendar of working days as a file."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.deadlines import SEED_CALENDAR, BadCalendar, CalendarRow, exceptions_of, read_calendar
from app.domain.working_days import is_working_day

HEAD = "date,working,name,basis\n"
GOOD = "2027-01-01,no,元旦,通知\n"


def test_a_file_is_read_in_order_of_days() -> None:
    rows = read_calendar(f"{HEAD}2027-02-20,yes,春节调休上班,通知\n{GOOD}\n")

    assert rows == (
        CalendarRow(date(2027, 1, 1), False, "元旦", "通知"),
        CalendarRow(date(2027, 2, 20), True, "春节调休上班", "通知"),
    )
    assert exceptions_of(rows) == {date(2027, 1, 1): False, date(2027, 2, 20): True}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff日期,是否上班,名称,依据\r\n2027-01-01,否,元旦,通知\r\n",
        "依据,名称,日期,是否上班\n通知,元旦,2027-01-01,否\n",
        " Date , Working ,name,basis,备注\n 2027-01-01 , NO ,元旦,通知,x\n",
        f'{HEAD}2027-01-01,no,元旦,"通知"\n',
    ],
)
def test_a_file_of_a_spreadsheet_is_read(text: str) -> None:
    assert read_calendar(text) == read_calendar(HEAD + GOOD)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [(1, "calendar.columns")]),
        ("date,working,name\n2027-01-01,no,元旦\n", [(1, "calendar.columns")]),
        ("date,date,working,name,basis\n", [(1, "calendar.columns")]),
        (HEAD, [(1, "calendar.empty")]),
        (HEAD + "\n,,,\n", [(1, "calendar.empty")]),
        (HEAD + GOOD * 4001, [(1, "calendar.too_long")]),
        (HEAD + "2027-02-29,no,x,y\n", [(2, "calendar.date")]),
        (HEAD + "1/1/2027,no,x,y\n", [(2, "calendar.date")]),
        (HEAD + "2027-01-01,maybe,x,y\n", [(2, "calendar.working")]),
        (HEAD + "2027-01-01,no,,y\n", [(2, "calendar.name_and_basis")]),
        (HEAD + "2027-01-01,no,x,\n", [(2, "calendar.name_and_basis")]),
        (HEAD + "2027-01-01,no,x\n", [(2, "calendar.cells")]),
        (HEAD + GOOD + "\n" + GOOD, [(4, "calendar.day_twice")]),
        (HEAD + "x,no,a,b\n" + GOOD + "2027-01-02,?,a,b\n", [(2, "calendar.date"), (4, "calendar.working")]),
    ],
)
def test_all_that_is_wrong_is_said_by_line(text: str, problems: list[tuple[int, str]]) -> None:
    with pytest.raises(BadCalendar) as refused:
        read_calendar(text)

    assert [(problem.line, problem.code) for problem in refused.value.problems] == problems


# 国务院办公厅关于2026年部分节假日安排的通知, by hand.
@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 4, 6), False),
        (date(2026, 5, 5), False),
        (date(2026, 5, 9), True),
        (date(2026, 6, 19), False),
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2025, 10, 6), False),
        (date(2025, 9, 28), True),
    ],
)
def test_the_seeded_calendar_is_the_official_one(day: date, is_working: bool) -> None:
    assert is_working_day(day, exceptions_of(SEED_CALENDAR)) is is_working


def test_the_seeded_calendar_has_thirty_three_days_off_in_2026_and_six_worked_for_them() -> None:
    of_2026 = [row.is_working for row in SEED_CALENDAR if row.day.year == 2026]

    assert (of_2026.count(False), of_2026.count(True)) == (33, 6)
