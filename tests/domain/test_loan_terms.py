"""Days of loans, steps of reminding, and what a return can look like."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.loan_terms import (
    Inspection,
    check_inspection,
    check_pages,
    due_day,
    ready_days,
    reminder_days,
    reminders_due,
)
from app.domain.working_days import add_working_days, is_working_day

FRIDAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAYS, st.integers(0, 60), st.dictionaries(DAYS, st.booleans(), max_size=5))
def test_a_working_day_is_found_and_as_many_lie_between(day: date, count: int, exceptions: dict[date, bool]) -> None:
    found = add_working_days(day, count, exceptions)

    between = [day + timedelta(days=step) for step in range(1, (found - day).days + 1)]
    assert is_working_day(found, exceptions)
    assert count == 0 or sum(is_working_day(each, exceptions) for each in between) == count


def test_holidays_and_worked_weekends_count_as_the_calendar_says() -> None:
    saturday, monday = date(2026, 11, 21), date(2026, 11, 23)

    assert add_working_days(FRIDAY, 1) == monday
    assert add_working_days(FRIDAY, 1, {saturday: True}) == saturday
    assert add_working_days(FRIDAY, 1, {monday: False}) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(FRIDAY, -1)


@pytest.mark.parametrize(
    ("way", "on_site_only", "due"),
    [("lend", False, date(2026, 12, 4)), ("read", False, FRIDAY), ("lend", True, FRIDAY), ("copy", True, FRIDAY)],
)
def test_what_is_read_on_the_spot_is_due_the_same_day(way: str, on_site_only: bool, due: date) -> None:
    assert due_day(FRIDAY, 10, on_site_only=on_site_only, way=way) == due


@given(st.lists(st.integers(-30, 60), min_size=1, unique=True).map(sorted), DAYS, st.integers(-40, 80))
def test_a_step_of_reminding_comes_once_its_day_has_come(steps: list[int], due_on: date, late: int) -> None:
    text = " ".join(map(str, steps))

    assert reminder_days(text) == tuple(steps)
    assert reminders_due(due_on, due_on + timedelta(days=late), steps) == len([step for step in steps if step <= late])


@pytest.mark.parametrize("text", ["", "eins", "7 1", "1 1", "9999", "1.5"])
def test_steps_of_reminding_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        reminder_days(text)


@pytest.mark.parametrize("text", ["", "0", "61", "-1", "三", "²"])
def test_days_of_keeping_ready_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        ready_days(text)


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        (Inspection(1), "condition"),
        (Inspection(-1), "pages"),
        (Inspection(100_000), "pages"),
        (Inspection(2, "burnt"), "condition"),
        (Inspection(2, "damaged", "  "), "damage_note"),
        (Inspection(1, "short"), "damage_note"),
    ],
)
def test_a_return_that_contradicts_itself_is_refused(seen: Inspection, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_inspection(seen, 2)

    assert set(refused.value.problems) == {field}


@pytest.mark.parametrize("seen", [Inspection(2), Inspection(3), Inspection(1, "short", "缺第 2 页")])
def test_a_return_that_can_be_passes(seen: Inspection) -> None:
    check_inspection(seen, 2)
    check_pages(seen.pages)
