"""Who is away and who stands in for him, as far as one may look after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Absence
from app.queries.case_candidates import Person, holds_role, people_at

KEPT = timedelta(days=90)
MOST = 200


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """A line of the list of days away."""

    id: int
    account_id: int
    name: str
    deputy: str
    first_on: date
    last_on: date
    note: str
    is_cancelled: bool
    may_cancel: bool


@dataclass(frozen=True, slots=True)
class AwayNow:
    """Until when somebody is away, and who stands in."""

    until: date
    deputy: str


def list_absences(session: Session, actor: Actor, *, today: date) -> Sequence[AbsenceRow]:
    """Return the days away of the last quarter and to come that concern `actor`: his, his deputies', his branches'."""
    person, deputy = aliased(Account), aliased(Account)
    mine = or_(Absence.account_id == actor.account_id, Absence.deputy_id == actor.account_id)
    managed = _managed(actor)
    rows = session.execute(
        select(Absence, person.full_name, deputy.full_name, or_(Absence.account_id == actor.account_id, managed))
        .join(person, person.id == Absence.account_id)
        .join(deputy, deputy.id == Absence.deputy_id)
        .where(or_(mine, managed), Absence.last_on >= today - KEPT)
        .order_by(Absence.first_on.desc(), Absence.id.desc())
        .limit(MOST)
    )
    return [
        AbsenceRow(
            id=row.id,
            account_id=row.account_id,
            name=name,
            deputy=stands_in,
            first_on=row.first_on,
            last_on=row.last_on,
            note=row.note,
            is_cancelled=row.cancelled_at is not None,
            may_cancel=bool(may) and row.cancelled_at is None and row.last_on >= today,
        )
        for row, name, stands_in, may in rows
    ]


def absences_between(session: Session, actor: Actor, first: date, last: date) -> Sequence[AbsenceRow]:
    """Return the days away that touch a stretch of days, as far as they concern `actor`."""
    found = list_absences(session, actor, today=first + KEPT)
    return [row for row in found if not row.is_cancelled and row.first_on <= last and row.last_on >= first]


def people_away(session: Session, account_ids: Sequence[int], *, today: date) -> dict[int, AwayNow]:
    """Return who of some people is away today."""
    deputy = aliased(Account)
    rows = session.execute(
        select(Absence.account_id, Absence.last_on, deputy.full_name)
        .join(deputy, deputy.id == Absence.deputy_id)
        .where(Absence.account_id.in_(account_ids), *_on(today))
    )
    return {account_id: AwayNow(until, name) for account_id, until, name in rows}


def deputies_of(session: Session, account_ids: Sequence[int], *, today: date) -> list[int]:
    """Return who stands in for some people today."""
    return list(session.scalars(select(Absence.deputy_id).where(Absence.account_id.in_(account_ids), *_on(today))))


def may_look_after(session: Session, actor: Actor, account_id: int, *, now: datetime) -> bool:
    """Say whether `actor` may write down somebody's days away: his own, or those of people of his branches."""
    if account_id == actor.account_id:
        return True
    return any(person.id == account_id for person in people_looked_after(session, actor, now=now))


def people_looked_after(session: Session, actor: Actor, *, now: datetime) -> Sequence[Person]:
    """Return whose days away a manager may write down."""
    branches = _branches(actor)
    return people_at(session, branches, now=now) if branches else ()


def deputies_for(session: Session, account_id: int, *, now: datetime) -> Sequence[Person]:
    """Return who may stand in for somebody: people of the same branch, of one above, or of one below."""
    paths = session.scalars(
        select(Branch.path)
        .join(Grant, Grant.branch_id == Branch.id)
        .where(Grant.account_id == account_id, holds_role(now))
    ).all()
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    below: set[int] = set()
    if paths:
        under = or_(*(Branch.path.startswith(path, autoescape=True) for path in paths))
        below = set(session.scalars(select(Branch.id).where(under)))
    return [person for person in people_at(session, above | below, now=now) if person.id != account_id]


def _branches(actor: Actor) -> set[int]:
    return {branch for scope in scopes(actor, Action.CASE_ASSIGN) for branch in scope.branches or ()}


def _managed(actor: Actor) -> ColumnElement[bool]:
    people = select(Grant.account_id).where(Grant.branch_id.in_(sorted(_branches(actor))), Grant.revoked_at.is_(None))
    return Absence.account_id.in_(people)


def _on(today: date) -> tuple[ColumnElement[bool], ...]:
    return Absence.first_on <= today, Absence.last_on >= today, Absence.cancelled_at.is_(None)
