"""Typing in numbers of the business 业务数据 that the portal cannot count itself, by branch and month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.figures import Given
from app.domain.ids import new_id
from app.domain.money import LARGEST_CENTS
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.figures import BusinessFigure
from app.services import trail

# What cannot be more than another number.
PARTS = (
    (Given.CALLS_ANSWERED, Given.CALLS),
    (Given.RATED_WELL, Given.RATED),
    (Given.DISPUTES_SOLVED, Given.DISPUTES),
    (Given.DELIVERED, Given.DELIVERABLE),
)


def enter_figures(
    session: Session,
    actor: Actor,
    branch_id: int,
    month: date,
    values: Mapping[Given, int | None],
    *,
    now: datetime,
    today: date,
) -> None:
    """Keep the numbers of a branch and month; what is None is taken away. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise NotFound
    if not may(actor, Action.CASE_RULES, Target(branch_id)):
        raise NotAllowed(Action.CASE_RULES)
    _check(month, values, today)
    known = {row.name: row for row in _rows(session, branch_id, month)}
    before = {name: str(row.value) for name, row in known.items()}
    for name, value in values.items():
        _set(session, actor, known.get(name.value), (branch_id, month, name, value), now=now)
    session.flush()
    after = {name.value: str(value) for name, value in values.items() if value is not None}
    if before != after:
        subject = trail.Subject("business_figures", branch_id, f"{branch.code} {month:%Y-%m}")
        trail.record(session, actor, "business_figures_entered", subject, now=now, before=before, after=after)


def _check(month: date, values: Mapping[Given, int | None], today: date) -> None:
    problems: dict[str, list[str]] = {}
    if month.day != 1 or month > today:
        problems["month"] = ["figure.month"]
    for name, value in values.items():
        if value is not None and not 0 <= value <= LARGEST_CENTS:
            problems[name.value] = ["figure.value"]
    for part, whole in PARTS:
        if (values.get(part) or 0) > (values.get(whole) or 0):
            problems[part.value] = ["figure.part_of_whole"]
    if problems:
        raise Invalid(problems)


def _rows(session: Session, branch_id: int, month: date) -> list[BusinessFigure]:
    found = select(BusinessFigure).where(BusinessFigure.branch_id == branch_id, BusinessFigure.month == month)
    return list(session.scalars(found.with_for_update()))


def _set(
    session: Session,
    actor: Actor,
    row: BusinessFigure | None,
    wanted: tuple[int, date, Given, int | None],
    *,
    now: datetime,
) -> None:
    branch_id, month, name, value = wanted
    if value is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(
            BusinessFigure(
                id=new_id(),
                branch_id=branch_id,
                month=month,
                name=name.value,
                value=value,
                entered_by=actor.account_id,
                entered_at=now,
            )
        )
    elif row.value != value:
        row.value, row.entered_by, row.entered_at, row.version = value, actor.account_id, now, row.version + 1
