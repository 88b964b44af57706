"""Inspection of condition 保管检查 by plan: everything within some years, and a sample of the rest every year.

DOMAIN: a full count every 2–3 years in an archive room, a yearly sample of 5 % at least.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid
from app.domain.normal import clean_note, clean_text
from app.domain.repairs import SOUND, Finding, Grade, check_findings

LONGEST_ROUND = 10  # years
MOST_PAGES = 9_999
GRADES = (SOUND, *(grade.value for grade in Grade))


@dataclass(frozen=True, slots=True)
class PlanData:
    """A plan as typed."""

    name: str
    years: int = 3
    sample_percent: int = 5
    basis: str = ""
    started_on: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody saw of one item; `pages` is None where nobody counted."""

    grade: str
    findings: tuple[Finding, ...] = ()
    pages: int | None = None
    note: str = ""


def check_plan(typed: PlanData, today: date) -> PlanData:
    """Return a plan normalised; raises `Invalid` with a code for each field."""
    problems: dict[str, list[str]] = {}
    name = clean_text(typed.name)[:80]
    if not name:
        problems["name"] = ["plan.name_missing"]
    if not 1 <= typed.years <= LONGEST_ROUND:
        problems["years"] = ["plan.years"]
    if not 0 <= typed.sample_percent <= 100:
        problems["sample_percent"] = ["plan.sample"]
    if problems:
        raise Invalid(problems)
    basis = clean_text(typed.basis)[:200]
    return PlanData(name, typed.years, typed.sample_percent, basis, typed.started_on or today)


def check_look(look: Look) -> Look:
    """Return a look normalised; raises `Invalid` for damage on a sound paper and for a grade without damage."""
    if look.grade not in GRADES:
        raise Invalid.field("grade", "inspection.grade_missing")
    if look.grade == SOUND and look.findings:
        raise Invalid.field("grade", "inspection.sound_damaged")
    if look.grade != SOUND:
        check_findings(look.findings)
    if look.pages is not None and not 0 <= look.pages <= MOST_PAGES:
        raise Invalid.field("pages", "stocktake.pages")
    return Look(look.grade, look.findings, look.pages, clean_note(look.note)[:300])


def turn_of(year: int, started_on: date, years: int) -> int:
    """Return which share of the papers is due in a year: 0 in the first, `years` - 1 in the last, then anew."""
    return (year - started_on.year) % years


def due_days(year: int, today: date) -> Sequence[date]:
    """Return the ends of the months that are left in a year, the month of today among them."""
    first = today.month if today.year == year else 1
    return [date(year, month, calendar.monthrange(year, month)[1]) for month in range(first, 13)]
