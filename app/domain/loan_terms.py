"""The days of a loan: how long it is kept ready, when it is due, when its borrower is reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.domain.errors import Invalid
from app.domain.working_days import NO_EXCEPTIONS, add_working_days

MOST_PAGES = 9_999
MOST_READY_DAYS = 60
MOST_REMINDER_DAYS = 365
RECALL_DAYS = 2  # working days that are left to the borrower of a paper that is called back
# What came of the use 利用效果: asked at return, collected once a year.
EFFECTS = ("settled", "evidence", "reference", "nothing", "later")
CONDITIONS = ("intact", "damaged", "short")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen when a paper came back."""

    pages: int
    condition: str = "intact"
    damage_note: str = ""


def check_inspection(seen: Inspection, pages_out: int | None) -> None:
    """Raise `Invalid` for what cannot be: fewer pages than went out and yet intact, damage without a word on it."""
    problems: dict[str, list[str]] = {}
    if not 0 <= seen.pages <= MOST_PAGES:
        problems["pages"] = ["desk.pages"]
    elif seen.condition == "intact" and seen.pages < (pages_out or 0):
        problems["condition"] = ["desk.pages_short"]
    if seen.condition not in CONDITIONS:
        problems["condition"] = ["desk.condition"]
    elif seen.condition != "intact" and not seen.damage_note.strip():
        problems["damage_note"] = ["desk.damage_note"]
    if problems:
        raise Invalid(problems)


def check_pages(pages: int) -> None:
    """Raise `Invalid` for a number of pages that no paper has."""
    if not 0 <= pages <= MOST_PAGES:
        raise Invalid.field("pages", "desk.pages")


def due_day(
    day: date, days: int, *, on_site_only: bool, way: str, exceptions: Mapping[date, bool] = NO_EXCEPTIONS
) -> date:
    """Return when a paper handed out on `day` is due: the same day for reading on the spot 查阅, else in working days."""
    if on_site_only or way == "read":
        return day
    return add_working_days(day, days, exceptions)


def ready_days(text: str) -> int:
    """Return for how many working days a paper is kept for its borrower; raises `Invalid` on field `value`."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_READY_DAYS:
        return int(text)
    raise Invalid.field("value", "desk.ready_days")


def reminder_days(text: str) -> tuple[int, ...]:
    """Return the days of reminding counted from the due day, rising: `-1 1 7 15`; raises `Invalid` on field `value`."""
    try:
        days = tuple(int(part) for part in text.replace(",", " ").replace("，", " ").split())
    except ValueError:
        raise Invalid.field("value", "desk.reminder_days") from None
    rising = all(earlier < later for earlier, later in pairwise(days))
    if not days or not rising or max(abs(day) for day in days) > MOST_REMINDER_DAYS:
        raise Invalid.field("value", "desk.reminder_days")
    return days


def reminders_due(due_on: date, today: date, steps: Sequence[int]) -> int:
    """Return how many steps of reminding have come by `today`."""
    late = (today - due_on).days
    return sum(1 for step in steps if step <= late)
