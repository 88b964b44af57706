"""Reads of the safety checks: the points, the list, one check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.safety import has_fault
from app.models.accounts import Account, Branch
from app.models.climate import SafetyCheck, SafetyPoint
from app.models.storage import Place
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in

PAGE_SIZE = 50
NEWEST = Sort(SafetyCheck.day, SafetyCheck.id, descending=True)


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point of the checklist."""

    code: str
    label: str
    hint: str
    basis: str
    active: bool
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of a room and day."""

    id: int
    place_id: int
    room_title: str
    branch_name: str
    day: date
    results: Mapping[str, str]
    found: str
    handled: str
    handled_at: datetime | None
    checker: str
    version: int
    may_record: bool

    @property
    def is_open(self) -> bool:
        """True while what was found is not handled."""
        return has_fault(self.results) and not self.handled


def safety_points(session: Session, *, only_active: bool = False) -> Sequence[PointRow]:
    """Return the points in their order."""
    statement = select(SafetyPoint).order_by(SafetyPoint.position, SafetyPoint.code)
    if only_active:
        statement = statement.where(SafetyPoint.active)
    return [_make_point(row) for row in session.scalars(statement)]


def read_point(session: Session, code: str) -> PointRow:
    """Return one point; raises `NotFound`."""
    row = session.get(SafetyPoint, code) if code.isascii() and code.isalnum() and len(code) <= 16 else None
    if row is None:
        raise NotFound
    return _make_point(row)


def list_checks(
    session: Session,
    actor: Actor,
    *,
    place_id: int | None = None,
    only_open: bool = False,
    cursor: Cursor | None = None,
) -> PageOf[CheckRow]:
    """Return a page of checks, newest first; `only_open` leaves those with something not handled."""
    found: list[ColumnElement[bool]] = [branches_in(actor, Action.STORAGE_VIEW, Place.branch_id)]
    if place_id is not None:
        found.append(SafetyCheck.place_id == place_id)
    if only_open:
        found += [SafetyCheck.found != "", SafetyCheck.handled == ""]
    counted = select(func.count()).select_from(SafetyCheck).join(Place, Place.id == SafetyCheck.place_id)
    total = session.scalar(counted.where(*found)) or 0
    statement = _checks(actor).where(*found).add_columns(SafetyCheck.day, SafetyCheck.id)
    return read_page(session, statement, NEWEST, cursor, size=PAGE_SIZE, total=total, make=_make_check)


def read_check(session: Session, actor: Actor, check_id: int) -> CheckRow:
    """Return one check; raises `NotFound`."""
    row = session.execute(
        _checks(actor).where(SafetyCheck.id == check_id, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
    ).first()
    if row is None:
        raise NotFound
    return _make_check(row)


def check_of_day(session: Session, actor: Actor, place_id: int, day: date) -> CheckRow | None:
    """Return the check of a room and day, if there is one."""
    row = session.execute(
        _checks(actor).where(
            SafetyCheck.place_id == place_id,
            SafetyCheck.day == day,
            branches_in(actor, Action.STORAGE_VIEW, Place.branch_id),
        )
    ).first()
    return _make_check(row) if row else None


def check_rows(session: Session, place_id: int, since: date, until: date) -> Sequence[CheckRow]:
    """Return the checks of a room between two days, oldest first, for 库房安全检查表."""
    statement = (
        select(SafetyCheck, Place.name, Place.full_code, Branch.name, Account.full_name)
        .join(Place, Place.id == SafetyCheck.place_id)
        .join(Branch, Branch.id == Place.branch_id)
        .outerjoin(Account, Account.id == SafetyCheck.checked_by)
        .where(SafetyCheck.place_id == place_id, SafetyCheck.day.between(since, until))
        .order_by(SafetyCheck.day)
    )
    return [_make_check((*row, False)) for row in session.execute(statement)]


def _checks(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SafetyCheck,
            Place.name,
            Place.full_code,
            Branch.name,
            Account.full_name,
            branches_in(actor, Action.CLIMATE_RECORD, Place.branch_id),
        )
        .join(Place, Place.id == SafetyCheck.place_id)
        .join(Branch, Branch.id == Place.branch_id)
        .outerjoin(Account, Account.id == SafetyCheck.checked_by)
    )


def _make_check(row: Any) -> CheckRow:
    check, name, code, branch_name, checker, may_record = row[:6]
    return CheckRow(
        check.id,
        check.place_id,
        name or code,
        branch_name,
        check.day,
        dict(check.results),
        check.found,
        check.handled,
        check.handled_at,
        checker or "",
        check.version,
        bool(may_record),
    )


def _make_point(row: SafetyPoint) -> PointRow:
    return PointRow(row.code, row.label, row.hint, row.basis, row.active, row.position, row.version)
