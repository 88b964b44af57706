"""What is asked of managers in cases and not decided yet, as far as this actor may decide it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.cases import CaseState
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseApproval
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in, cases_for

PAGE_SIZE = 50
ORDER = Sort(CaseApproval.asked_at, CaseApproval.id)
WHILE = {
    "extension": (CaseState.ACCEPTED.value, CaseState.PROPOSED.value),
    "decision": (CaseState.PROPOSED.value,),
}


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A line of the list of approvals."""

    id: int
    about: str
    case_id: int
    number: str
    state: str
    branch_name: str
    asker: str
    asked_at: datetime
    reason: str
    authority: str
    due_on: date | None
    clock_state: str
    is_major: bool


@dataclass(frozen=True, slots=True)
class OpenApproval:
    """What is asked in a case, and whether this reader may decide it."""

    id: int
    about: str
    asker: str
    asked_at: datetime
    reason: str
    authority: str
    branch_name: str
    may_decide: bool
    is_own: bool


def list_approvals(session: Session, actor: Actor, *, cursor: Cursor | None = None) -> PageOf[ApprovalRow]:
    """Return what waits for this actor's decision, the oldest first."""
    asker = aliased(Account)
    statement = (
        select(Case, CaseApproval, Branch.name, asker.full_name, CaseApproval.asked_at, CaseApproval.id)
        .join(CaseApproval, CaseApproval.case_id == Case.id)
        .join(Branch, Branch.id == Case.branch_id)
        .join(asker, asker.id == CaseApproval.asked_by)
        .where(mine_to_decide(actor))
    )
    total = count_approvals(session, actor)
    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=_make_row)


def count_approvals(session: Session, actor: Actor) -> int:
    """Return how many approvals wait for this actor."""
    counted = select(func.count()).select_from(CaseApproval).join(Case, Case.id == CaseApproval.case_id)
    return session.scalar(counted.where(mine_to_decide(actor))) or 0


def mine_to_decide(actor: Actor) -> ColumnElement[bool]:
    """Open approvals that `actor` may decide, in a select that joins their case."""
    return and_(
        CaseApproval.approved.is_(None),
        branches_in(actor, Action.CASE_APPROVE, CaseApproval.branch_id),
        cases_for(actor, Action.CASE_APPROVE),
        CaseApproval.asked_by != actor.account_id,
        or_(Case.handler_id.is_(None), Case.handler_id != actor.account_id),
        or_(*(and_(CaseApproval.about == about, Case.state.in_(states)) for about, states in WHILE.items())),
    )


def open_approval(session: Session, actor: Actor, case_id: int, about: str) -> OpenApproval | None:
    """Return what is asked in a case and not decided; the caller has seen that the actor may see the case."""
    row = session.execute(
        select(CaseApproval, Account.full_name, Branch.name, mine_to_decide(actor).label("mine"))
        .join(Case, Case.id == CaseApproval.case_id)
        .join(Account, Account.id == CaseApproval.asked_by)
        .join(Branch, Branch.id == CaseApproval.branch_id)
        .where(CaseApproval.case_id == case_id, CaseApproval.about == about, CaseApproval.approved.is_(None))
    ).first()
    if row is None:
        return None
    approval, asker, branch_name, may_decide = row
    return OpenApproval(
        id=approval.id,
        about=approval.about,
        asker=asker,
        asked_at=approval.asked_at,
        reason=approval.reason,
        authority=approval.authority,
        branch_name=branch_name,
        may_decide=bool(may_decide),
        is_own=approval.asked_by == actor.account_id,
    )


def _make_row(row: Any) -> ApprovalRow:
    case, approval, branch_name, asker = row[:4]
    return ApprovalRow(
        id=approval.id,
        about=approval.about,
        case_id=case.id,
        number=case.number,
        state=case.state,
        branch_name=branch_name,
        asker=asker,
        asked_at=approval.asked_at,
        reason=approval.reason,
        authority=approval.authority,
        due_on=case.due_on,
        clock_state=case.clock_state,
        is_major=case.is_major,
    )
