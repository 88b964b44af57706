"""Changing what storerooms are judged by: limits of climate and points of the safety check.

They hold for the whole house, so only the archivist of its root branch changes them. Readings that are there keep
the judgement of their day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.climate import BadReading, Limits, parse_tenths, show_tenths
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.models.climate import ClimateLimit, SafetyPoint
from app.queries.climate import LIMIT_FIELDS, may_change_storage_rules
from app.services import trail
from app.services.changes import apply_changes

EVENT = "storage_rules_changed"
COLDEST, HOTTEST, WETTEST, WIDEST_SWING = -300, 500, 1000, 300


@dataclass(frozen=True, slots=True)
class TypedLimits:
    """Limits as typed; a swing that is left empty is not limited."""

    temperature_low: str
    temperature_high: str
    humidity_low: str
    humidity_high: str
    temperature_swing: str
    humidity_swing: str
    basis: str
    effective_from: date | None


@dataclass(frozen=True, slots=True)
class PointData:
    """A point of the safety check as typed."""

    label: str
    hint: str
    basis: str
    position: int
    active: bool


def change_limits(
    session: Session, actor: Actor, kind: str, typed: TypedLimits, *, version: int, now: datetime, today: date
) -> None:
    """Change the limits of a kind of carrier; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    require_may_change(session, actor)
    row = session.get(ClimateLimit, kind, with_for_update=True)
    if row is None:
        raise NotFound
    values = _check_limits(typed, today)
    before, after = apply_changes(row, values, version=version, show=_show)
    if after:
        session.flush()
        subject = trail.Subject("climate_limit", None, kind)
        trail.record(session, actor, EVENT, subject, now=now, before=before, after=after)


def add_point(session: Session, actor: Actor, typed: PointData, *, now: datetime) -> str:
    """Add a point to the checklist and return its code; raises `NotAllowed`, `Invalid`."""
    require_may_change(session, actor)
    checked = _check_point(typed)
    taken = set(session.scalars(select(SafetyPoint.code).with_for_update()))
    number = (session.scalar(select(func.count()).select_from(SafetyPoint)) or 0) + 1
    code = next(f"p{n}" for n in range(number, number + len(taken) + 1) if f"p{n}" not in taken)
    session.add(SafetyPoint(code=code, **asdict(checked)))
    session.flush()
    after = {name: str(value) for name, value in asdict(checked).items()}
    trail.record(session, actor, EVENT, trail.Subject("safety_point", None, code), now=now, after=after)
    return code


def change_point(session: Session, actor: Actor, code: str, typed: PointData, *, version: int, now: datetime) -> None:
    """Change a point; one that rests is not asked for any more. Raises as `change_limits` does."""
    require_may_change(session, actor)
    row = session.get(SafetyPoint, code, with_for_update=True)
    if row is None:
        raise NotFound
    before, after = apply_changes(row, asdict(_check_point(typed)), version=version, show=_show)
    if after:
        session.flush()
        subject = trail.Subject("safety_point", None, code)
        trail.record(session, actor, EVENT, subject, now=now, before=before, after=after)


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may change the rules of storage."""
    if not may_change_storage_rules(session, actor):
        raise NotAllowed(Action.STORAGE_RULES)


def _check_limits(typed: TypedLimits, today: date) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for name in LIMIT_FIELDS:
        text = getattr(typed, name)
        try:
            values[name] = 0 if name.endswith("swing") and not text.strip() else parse_tenths(text)
        except BadReading as bad:
            problems[name] = [bad.problem.value]
    if not problems:
        problems = _order_problems(Limits(**values))
    basis = clean_text(typed.basis)
    if not basis:
        problems["basis"] = ["rules.basis_missing"]
    if typed.effective_from is None:
        problems["effective_from"] = ["rules.effective_missing"]
    elif typed.effective_from > today:
        problems["effective_from"] = ["rules.effective_later"]
    if problems:
        raise Invalid(problems)
    return values | {"basis": basis, "effective_from": typed.effective_from}


def _order_problems(limits: Limits) -> dict[str, list[str]]:
    checks = (
        (COLDEST <= limits.temperature_low < limits.temperature_high <= HOTTEST, "temperature_high"),
        (0 <= limits.humidity_low < limits.humidity_high <= WETTEST, "humidity_high"),
        (0 <= limits.temperature_swing <= WIDEST_SWING, "temperature_swing"),
        (0 <= limits.humidity_swing <= WIDEST_SWING, "humidity_swing"),
    )
    return {name: ["climate.limit_order"] for holds, name in checks if not holds}


def _check_point(typed: PointData) -> PointData:
    label, hint, basis = clean_text(typed.label)[:30], clean_text(typed.hint)[:120], clean_text(typed.basis)[:200]
    problems = {}
    if not label:
        problems["label"] = ["safety.label_missing"]
    if not basis:
        problems["basis"] = ["rules.basis_missing"]
    if not 0 <= typed.position <= 999:
        problems["position"] = ["safety.position"]
    if problems:
        raise Invalid(problems)
    return PointData(label, hint, basis, typed.position, typed.active)


def _show(field: str, value: Any) -> str:
    return show_tenths(value) if field in LIMIT_FIELDS else str(value)
