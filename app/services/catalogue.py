"""Changing the catalogue's rules 分类与期限: classes, retention periods, the template of archive numbers.

They hold for the whole house, so only the archivist of its root branch changes them. What was catalogued before
keeps what it was given; a change meets new items only. Every change names its basis and leaves before and after in
the trail.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import (
    BadNumberPart,
    BadTemplate,
    NumberParts,
    clean_archive_number,
    format_archive_number,
    is_series_code,
)
from app.domain.categories import next_code
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.levels import Level
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.domain.retention import Period
from app.models.documents import Category, RetentionPeriod
from app.queries.catalogue import may_change_rules, read_period, require_code
from app.services import trail
from app.services.changes import apply_changes
from app.services.settings import NUMBER_TEMPLATE, RETENTION_FLOOR, change_setting, setting

EVENT = "rules_changed"
LONGEST_YEARS = 100
EXAMPLE = NumberParts("J019", "CB", 2026, "D10", 37)


@dataclass(frozen=True, slots=True)
class CategoryData:
    """The fields of a class as typed; `series` counts for a new one only, numbers given before would contradict it."""

    name: str
    series: str
    default_level: int
    default_period: str
    basis: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class PeriodData:
    """The fields of a retention period as typed; `years` None is for ever."""

    years: int | None
    basis: str
    effective_from: date | None


def add_category(session: Session, actor: Actor, parent_id: int, typed: CategoryData, *, now: datetime) -> int:
    """Add a sub-class under a class and return its id; its code follows its sisters'.

    Raises `NotFound`, `NotAllowed`, `Invalid`.
    """
    require_may_change(session, actor)
    parent = session.get(Category, parent_id, with_for_update=True)
    if parent is None or parent.parent_id is not None:
        raise NotFound
    checked = _check_category(session, typed)
    sisters = session.scalars(select(Category).where(Category.parent_id == parent_id)).all()
    code = next_code(parent.code, [sister.code for sister in sisters])
    if code is None:
        raise Invalid.field("", "category.full")
    if not parent.active:
        raise Invalid.field("", "category.parent_inactive")
    category = Category(
        id=new_id(),
        parent_id=parent_id,
        code=code,
        position=max((sister.position for sister in sisters), default=parent.position),
        **asdict(checked),
    )
    session.add(category)
    session.flush()
    after = {"code": code, **{name: _show(name, value) for name, value in asdict(checked).items()}}
    trail.record(session, actor, EVENT, _subject(category), now=now, after=after)
    return category.id


def edit_category(
    session: Session, actor: Actor, category_id: int, typed: CategoryData, *, version: int, now: datetime
) -> None:
    """Change a class; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    require_may_change(session, actor)
    category = session.get(Category, category_id, with_for_update=True)
    if category is None:
        raise NotFound
    checked = _check_category(session, typed, series=category.series)
    _check_activity(session, category, active=checked.active)
    before, after = apply_changes(category, asdict(checked), version=version, show=_show)
    if after:
        session.flush()
        trail.record(session, actor, EVENT, _subject(category), now=now, before=before, after=after)


def add_period(session: Session, actor: Actor, typed: PeriodData, *, now: datetime, today: date) -> str:
    """Add a retention period and return its code; raises `NotAllowed`, `Invalid` below the legal floor or when there."""
    require_may_change(session, actor)
    _check_period(typed, today)
    _check_years(session, typed.years)
    period = Period(typed.years)
    if session.get(RetentionPeriod, period.code) is not None:
        raise Invalid.field("years", "period.there_already")
    label = "永久" if typed.years is None else f"{typed.years}年"
    values = {"basis": clean_text(typed.basis), "effective_from": typed.effective_from}
    session.add(RetentionPeriod(code=period.code, label=label, years=typed.years, **values))
    session.flush()
    after = {"code": period.code, **{name: _show(name, value) for name, value in values.items()}}
    trail.record(session, actor, EVENT, trail.Subject("period", None, period.code), now=now, after=after)
    return period.code


def edit_period(
    session: Session, actor: Actor, code: str, typed: PeriodData, *, version: int, now: datetime, today: date
) -> None:
    """Change basis and day of a period; how long it is stands in its code and never changes.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`.
    """
    require_may_change(session, actor)
    row = _load_period(session, code)
    _check_period(typed, today)
    values = {"basis": clean_text(typed.basis), "effective_from": typed.effective_from}
    before, after = apply_changes(row, values, version=version, show=_show)
    if after:
        session.flush()
        subject = trail.Subject("period", None, code)
        trail.record(session, actor, EVENT, subject, now=now, before=before, after=after)


def remove_period(session: Session, actor: Actor, code: str, *, now: datetime) -> None:
    """Take a period out of the table; raises `NotFound`, `NotAllowed`, `WrongState` for one in use."""
    require_may_change(session, actor)
    row = _load_period(session, code)
    if read_period(session, code).in_use:
        raise WrongState("period_in_use")
    before = {"code": code, "basis": row.basis, "effective_from": _show("effective_from", row.effective_from)}
    session.delete(row)
    session.flush()
    trail.record(session, actor, EVENT, trail.Subject("period", None, code), now=now, before=before)


def change_template(session: Session, actor: Actor, template: str, basis: str, *, version: int, now: datetime) -> None:
    """Put another template of archive numbers into force; raises `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    require_may_change(session, actor)
    example_number(template)
    basis = clean_text(basis)
    if not basis:
        raise Invalid.field("basis", "rules.basis_missing")
    before, after = change_setting(session, NUMBER_TEMPLATE, template.strip(), basis, version=version, now=now)
    if after:
        subject = trail.Subject("setting", None, NUMBER_TEMPLATE)
        trail.record(session, actor, EVENT, subject, now=now, before=before, after=after)


def example_number(template: str) -> str:
    """Return a number as `template` spells it; raises `Invalid` for the field `value`."""
    try:
        return format_archive_number(template.strip(), EXAMPLE)
    except BadTemplate as bad:
        raise Invalid.field("value", bad.reason) from bad
    except BadNumberPart as bad:
        # Items are numbered one by one; a template with a volume would find none when an item is filed.
        raise Invalid.field("value", "template.volume") from bad


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may change the rules."""
    if not may_change_rules(session, actor):
        raise NotAllowed(Action.CATALOGUE_RULES)


def _check_category(session: Session, typed: CategoryData, series: str | None = None) -> CategoryData:
    """Return the checked fields; `series` is that of an existing class, which stays."""
    checked = CategoryData(
        clean_text(typed.name),
        series or clean_archive_number(typed.series),
        typed.default_level,
        typed.default_period,
        clean_text(typed.basis),
        typed.active,
    )
    checks = (
        (bool(checked.name), "name", "category.name_missing"),
        (is_series_code(checked.series), "series", "category.series"),
        (checked.default_level in {int(level) for level in Level}, "default_level", "category.level"),
        (session.get(RetentionPeriod, checked.default_period) is not None, "default_period", "document.period"),
        (bool(checked.basis), "basis", "rules.basis_missing"),
    )
    problems = {field: [code] for holds, field, code in checks if not holds}
    if problems:
        raise Invalid(problems)
    return checked


def _check_activity(session: Session, category: Category, *, active: bool) -> None:
    """A class rests only when all its sub-classes do; a sub-class never works under a class that rests."""
    if active and category.parent_id is not None and not session.get_one(Category, category.parent_id).active:
        raise Invalid.field("active", "category.parent_inactive")
    working = select(Category.id).where(Category.parent_id == category.id, Category.active)
    if not active and session.scalars(working.limit(1)).first() is not None:
        raise Invalid.field("active", "category.has_active")


def _load_period(session: Session, code: str) -> RetentionPeriod:
    require_code(code)
    row = session.get(RetentionPeriod, code, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _check_period(typed: PeriodData, today: date) -> None:
    problems: dict[str, list[str]] = {}
    if not clean_text(typed.basis):
        problems["basis"] = ["rules.basis_missing"]
    if typed.effective_from is None:
        problems["effective_from"] = ["rules.effective_missing"]
    elif typed.effective_from > today:
        problems["effective_from"] = ["rules.effective_later"]
    if problems:
        raise Invalid(problems)


def _check_years(session: Session, years: int | None) -> None:
    """The floor is law and stands in the settings with its basis; for ever is always long enough."""
    if years is None:
        return
    if years < int(setting(session, RETENTION_FLOOR)):
        raise Invalid.field("years", "period.below_floor")
    if years > LONGEST_YEARS:
        raise Invalid.field("years", "period.too_long")


def _subject(category: Category) -> trail.Subject:
    return trail.Subject("category", category.id, category.code)


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)
