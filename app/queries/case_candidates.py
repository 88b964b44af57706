"""Who may be given a case: people of its branch, never anybody barred, with their load and their days away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor, Role
from app.domain.cases import WORKING_STATES, CaseKind
from app.domain.errors import NotFound
from app.domain.office_time import office_day
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Absence, Case, CaseBar
from app.queries.visibility import cases_for

HANDLING_ROLES = (Role.CLERK.value, Role.ARCHIVIST.value, Role.MANAGER.value)
WORKING = sorted(state.value for state in WORKING_STATES)
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be given a case."""

    id: int
    name: str
    username: str
    branch_name: str
    open_cases: int
    overdue: int
    away_until: date | None
    deputy: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name."""

    id: int
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of somebody, for handing all of them over; `fits` says whether the receiver may have it."""

    id: int
    number: str
    state: str
    branch_name: str
    due_on: date | None
    clock_state: str
    fits: bool


def candidates(session: Session, found: Case, actor: Actor, *, now: datetime) -> Sequence[Candidate]:
    """Return who may be given the case `found`, who has least to do first; the actor himself where he may take it."""
    deputy, away = aliased(Account), _away_now(office_day(now))
    load, late = _load(now)
    rows = session.execute(
        select(
            Account.id, Account.full_name, Account.username, Branch.name, load, late, away.c.last_on, deputy.full_name
        )
        .join(Branch, Branch.id == Account.branch_id)
        .outerjoin(away, away.c.account_id == Account.id)
        .outerjoin(deputy, deputy.id == away.c.deputy_id)
        .where(Account.id.in_(select(Account.id).where(_may_have(session, found, actor, now=now))))
        .order_by(load, Account.full_name, Account.id)
    )
    return [
        Candidate(found, name, username, branch, int(count), int(overdue), until, stands_in or "")
        for found, name, username, branch, count, overdue, until, stands_in in rows
    ]


def may_be_given(session: Session, found: Case, account_id: int, actor: Actor, *, now: datetime) -> bool:
    """Say whether somebody may be given a case now; the caller holds its lock, so that no bar comes between."""
    wanted = select(Account.id).where(Account.id == account_id, _may_have(session, found, actor, now=now))
    return session.scalar(wanted) is not None


def is_barred(session: Session, case_id: int, account_id: int) -> bool:
    """Say whether somebody is barred from a case."""
    return session.scalar(select(CaseBar.case_id).where(*_bar(case_id, account_id))) is not None


def case_to_give(session: Session, actor: Actor, case_id: int) -> Case:
    """Return a case that `actor` may give to somebody: as a manager of its branch, or as its handler. Raises `NotFound`."""
    found = session.scalar(select(Case).where(Case.id == case_id, may_give(actor)))
    if found is None:
        raise NotFound
    return found


def may_give(actor: Actor) -> ColumnElement[bool]:
    """Cases that `actor` may give to somebody."""
    people = sorted({actor.account_id, *actor.stands_for})
    return or_(
        cases_for(actor, Action.CASE_ASSIGN),
        and_(Case.handler_id.in_(people), cases_for(actor, Action.CASE_HANDLE)),
    )


def colleagues(session: Session, actor: Actor, *, now: datetime) -> Sequence[Person]:
    """Return everybody with a handling role at the branches where `actor` may give cases, and at his own."""
    branches = {actor.branch_id, *(held.branch_id for held in actor.held)}
    for scope in scopes(actor, Action.CASE_ASSIGN):
        branches |= scope.branches or frozenset()
    return people_at(session, branches, now=now)


def people_at(session: Session, branches: Iterable[int], *, now: datetime) -> Sequence[Person]:
    """Return everybody active with a handling role at one of `branches`, by name."""
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .where(Account.state == "active", Account.id.in_(_holders(sorted(branches), now=now)))
        .order_by(Account.full_name, Account.id)
    )
    return [Person(*row) for row in rows]


def open_cases_of(
    session: Session, actor: Actor, from_id: int, to_id: int | None, *, now: datetime
) -> tuple[Sequence[OpenCase], bool]:
    """Return somebody's open cases that `actor` may give on, the first due first, and whether there are more."""
    rows = session.execute(
        select(Case, Branch.name)
        .join(Branch, Branch.id == Case.branch_id)
        .where(Case.handler_id == from_id, Case.state.in_(WORKING), may_give(actor))
        .order_by(Case.due_on, Case.id)
        .limit(MOST_AT_ONCE + 1)
    ).all()
    found = [(row, name) for row, name in rows[:MOST_AT_ONCE]]
    fitting = _fitting(session, [row for row, _ in found], to_id, actor, now=now)
    return [
        OpenCase(row.id, row.number, row.state, name, row.due_on, row.clock_state, row.id in fitting)
        for row, name in found
    ], len(rows) > MOST_AT_ONCE


def holds_role(day: datetime) -> ColumnElement[bool]:
    """Grants of a handling role that are in force."""
    return and_(
        Grant.role.in_(HANDLING_ROLES),
        Grant.revoked_at.is_(None),
        Grant.valid_from <= day,
        or_(Grant.valid_to.is_(None), Grant.valid_to > day),
    )


def _fitting(session: Session, found: Sequence[Case], to_id: int | None, actor: Actor, *, now: datetime) -> set[int]:
    """Return which cases somebody may have: asked once for each branch and kind, then without his bars."""
    if to_id is None or not found:
        return set()
    kinds: dict[tuple[int, str], bool] = {}
    for row in found:
        key = (row.branch_id, row.kind)
        if key not in kinds:
            kinds[key] = bool(
                session.scalar(select(Account.id).where(Account.id == to_id, _fits(session, row, actor, now=now)))
            )
    barred = set(session.scalars(select(CaseBar.case_id).where(CaseBar.account_id == to_id)))
    parents = _parents(session, found, to_id)
    return {row.id for row in found if kinds[row.branch_id, row.kind] and row.id not in barred | parents}


def _parents(session: Session, found: Sequence[Case], to_id: int) -> set[int]:
    """Return the re-examinations of what somebody handled himself."""
    asked = {row.id: row.parent_id for row in found if row.parent_id is not None}
    if not asked:
        return set()
    own = set(session.scalars(select(Case.id).where(Case.id.in_(sorted(asked.values())), Case.handler_id == to_id)))
    return {review for review, parent in asked.items() if parent in own}


def _may_have(session: Session, found: Case, actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    barred = select(CaseBar.account_id).where(CaseBar.case_id == found.id)
    conditions = [_fits(session, found, actor, now=now), Account.id.not_in(barred)]
    if found.parent_id is not None:  # who decided is not who examines the decision
        first = session.scalar(select(Case.handler_id).where(Case.id == found.parent_id))
        if first is not None:
            conditions.append(Account.id != first)
    return and_(*conditions)


def _fits(session: Session, found: Case, actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """People of the branch of a case, for a re-examination also of those above, and the actor who manages it."""
    branches = [found.branch_id]
    if found.kind == CaseKind.REVIEW:
        path = session.scalars(select(Branch.path).where(Branch.id == found.branch_id)).one()
        branches = [int(part) for part in path.strip("/").split("/")]
    of_branch = Account.id.in_(_holders(branches, now=now))
    manages = session.scalar(select(Case.id).where(Case.id == found.id, cases_for(actor, Action.CASE_ASSIGN)))
    here = or_(of_branch, Account.id == actor.account_id) if manages is not None else of_branch
    return and_(Account.state == "active", here)


def _holders(branches: Sequence[int], *, now: datetime) -> Select[int]:
    return select(Grant.account_id).where(Grant.branch_id.in_(branches), holds_role(now))


def _bar(case_id: int, account_id: int) -> tuple[ColumnElement[bool], ...]:
    return CaseBar.case_id == case_id, CaseBar.account_id == account_id


def _load(now: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return how many open cases an account has, and how many of them are overdue."""
    of_account = and_(Case.handler_id == Account.id, Case.state.in_(WORKING))
    late = case((Case.clock_state == "overdue", 1), else_=0)
    return (
        select(func.count()).select_from(Case).where(of_account).correlate(Account).scalar_subquery(),
        select(func.coalesce(func.sum(late), 0))
        .where(of_account, Case.closed_at.is_(None))
        .correlate(Account)
        .scalar_subquery(),
    )


def _away_now(today: date) -> Subquery:
    """Return who is away today, each once."""
    return (
        select(
            Absence.account_id,
            func.max(Absence.last_on).label("last_on"),
            func.max(Absence.deputy_id).label("deputy_id"),
        )
        .where(Absence.first_on <= today, Absence.last_on >= today, Absence.cancelled_at.is_(None))
        .group_by(Absence.account_id)
        .subquery()
    )


def name_of(session: Session, account_id: int | None) -> str:
    """Return somebody's name, nothing for nobody."""
    return session.scalar(select(Account.full_name).where(Account.id == account_id)) or ""
