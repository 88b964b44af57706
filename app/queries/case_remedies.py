"""Remedial actions 整改措施: those of one case, one's own, and those of the branches one answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor, Role
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Case, CaseBar, CaseRemedy
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import cases_for, unbarred

PAGE_SIZE = 50
ORDER = Sort(CaseRemedy.due_on, CaseRemedy.id)
OPEN, OVERDUE, TO_CHECK, CHECKED = "open", "overdue", "to_check", "checked"


@dataclass(frozen=True, slots=True)
class RemedyFilter:
    """What the list is narrowed to; `whose` is "mine" or empty for all that one answers for."""

    whose: str = ""
    state: str = ""
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """A remedial action; the case's number is shown to who may see the case only."""

    id: int
    case_id: int
    number: str
    sees_case: bool
    measure: str
    owner_id: int
    owner: str
    branch_name: str
    due_on: date
    done_on: date | None
    result: str
    checker: str
    checked_at: datetime | None
    state: str
    may_finish: bool
    may_check: bool


def list_remedies(
    session: Session, actor: Actor, wanted: RemedyFilter, *, today: date, cursor: Cursor | None = None
) -> PageOf[RemedyRow]:
    """Return a page of the remedial actions that `actor` owns or answers for, the most urgent first."""
    found = [_seen(actor), *_conditions(actor, wanted, today)]
    ids = select(CaseRemedy.id).join(Case, Case.id == CaseRemedy.case_id).where(*found)
    total = count_up_to(session, ids)
    statement = _rows(actor).where(*found)

    def make(row: Any) -> RemedyRow:
        return _make_row(actor, row, today)

    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=make, most=MOST_COUNTED)


def remedies_of(session: Session, actor: Actor, case_id: int, *, today: date) -> Sequence[RemedyRow]:
    """Return the remedial actions of a case that the caller may see, as they were planned."""
    rows = session.execute(
        _rows(actor).where(CaseRemedy.case_id == case_id).order_by(CaseRemedy.created_at, CaseRemedy.id)
    )
    return [_make_row(actor, row, today) for row in rows]


def read_remedy(session: Session, actor: Actor, remedy_id: int, *, today: date) -> RemedyRow:
    """Return one remedial action; raises `NotFound` for who neither owns it nor may see its case."""
    row = session.execute(_rows(actor).where(CaseRemedy.id == remedy_id, _seen(actor))).first()
    if row is None:
        raise NotFound
    return _make_row(actor, row, today)


def owners_for(session: Session, case: Case, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Return account and name of those who can own a remedial action of a case: its branch, above and below, unbarred."""
    path = session.scalars(select(Branch.path).where(Branch.id == case.branch_id)).one()
    line = [int(part) for part in path.strip("/").split("/")]
    barred = select(CaseBar.account_id).where(CaseBar.case_id == case.id)
    rows = session.execute(
        select(Account.id, Account.full_name, Branch.name)
        .join(Grant, Grant.account_id == Account.id)
        .join(Branch, Branch.id == Account.branch_id)
        .where(
            Grant.role.in_([Role.CLERK.value, Role.ARCHIVIST.value, Role.MANAGER.value]),
            or_(Branch.id.in_(line), Branch.path.startswith(path, autoescape=True)),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
            Account.id.not_in(barred),
        )
        .order_by(Account.full_name, Account.id)
        .distinct()
    )
    return [(account_id, f"{name}（{branch}）") for account_id, name, branch in rows]


def _rows(actor: Actor) -> Any:
    owner, checker = aliased(Account), aliased(Account)
    return (
        select(
            CaseRemedy,
            Case.number,
            Case.handler_id,
            owner.full_name.label("owner"),
            checker.full_name.label("checker"),
            Branch.name.label("branch_name"),
            cases_for(actor, Action.CASE_VIEW).label("sees_case"),
            cases_for(actor, Action.CASE_HANDLE).label("may_handle"),
            cases_for(actor, Action.CASE_APPROVE).label("may_approve"),
            CaseRemedy.due_on,
            CaseRemedy.id,
        )
        .join(Case, Case.id == CaseRemedy.case_id)
        .join(Branch, Branch.id == CaseRemedy.branch_id)
        .join(owner, owner.id == CaseRemedy.owner_id)
        .outerjoin(checker, checker.id == CaseRemedy.checked_by)
    )


def _seen(actor: Actor) -> ColumnElement[bool]:
    mine = CaseRemedy.owner_id == actor.account_id
    return and_(or_(mine, cases_for(actor, Action.CASE_VIEW)), unbarred(actor, CaseRemedy.case_id))


def _conditions(actor: Actor, wanted: RemedyFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.whose == "mine":
        conditions.append(CaseRemedy.owner_id == actor.account_id)
    if wanted.branch_id is not None:
        conditions.append(CaseRemedy.branch_id == wanted.branch_id)
    if wanted.state in (OPEN, OVERDUE):
        conditions.append(CaseRemedy.done_on.is_(None))
    if wanted.state == OVERDUE:
        conditions.append(CaseRemedy.due_on < today)
    if wanted.state == TO_CHECK:
        conditions += [CaseRemedy.done_on.is_not(None), CaseRemedy.checked_at.is_(None)]
    if wanted.state == CHECKED:
        conditions.append(CaseRemedy.checked_at.is_not(None))
    return conditions


def _make_row(actor: Actor, row: Any, today: date) -> RemedyRow:
    remedy: CaseRemedy = row[0]
    is_mine = remedy.owner_id == actor.account_id
    is_done, is_checked = remedy.done_on is not None, remedy.checked_at is not None
    return RemedyRow(
        id=remedy.id,
        case_id=remedy.case_id,
        number=row.number,
        sees_case=bool(row.sees_case),
        measure=remedy.measure,
        owner_id=remedy.owner_id,
        owner=row.owner,
        branch_name=row.branch_name,
        due_on=remedy.due_on,
        done_on=remedy.done_on,
        result=remedy.result,
        checker=row.checker or "",
        checked_at=remedy.checked_at,
        state=_state(remedy, today),
        may_finish=not is_done and (is_mine or bool(row.may_handle)),
        may_check=is_done and not is_checked and bool(row.may_approve) and not is_mine,
    )


def _state(remedy: CaseRemedy, today: date) -> str:
    if remedy.checked_at is not None:
        return CHECKED
    if remedy.done_on is not None:
        return TO_CHECK
    return OVERDUE if remedy.due_on < today else OPEN
