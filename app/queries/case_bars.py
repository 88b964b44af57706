"""Who is barred from a case 回避, as its page shows it to those who may see the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.cases import WORKING_STATES
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseBar
from app.queries.visibility import cases_for


@dataclass(frozen=True, slots=True)
class BarRow:
    """Somebody who is barred, and why."""

    account_id: int
    name: str
    username: str
    branch_name: str
    relation: str
    reason: str
    barred_by: str
    barred_at: datetime


@dataclass(frozen=True, slots=True)
class CaseBars:
    """The bars of one case, with what this reader may do about them."""

    case_id: int
    number: str
    state: str
    accused_name: str
    accused_number: str
    rows: Sequence[BarRow]
    may_assign: bool
    may_declare: bool


def read_bars(session: Session, actor: Actor, case_id: int) -> CaseBars:
    """Return who is barred from a case; raises `NotFound` for who may not see it."""
    handle, assign = cases_for(actor, Action.CASE_HANDLE), cases_for(actor, Action.CASE_ASSIGN)
    row = session.execute(
        select(Case, handle.label("may_handle"), assign.label("may_assign")).where(
            Case.id == case_id, cases_for(actor, Action.CASE_VIEW)
        )
    ).first()
    if row is None:
        raise NotFound
    case, may_handle, may_assign = row
    is_working = case.state in WORKING_STATES
    return CaseBars(
        case_id=case.id,
        number=case.number,
        state=case.state,
        accused_name=case.accused_name,
        accused_number=case.accused_number,
        rows=_rows(session, case_id),
        may_assign=bool(may_assign) and is_working,
        may_declare=bool(may_handle) and is_working,
    )


def _rows(session: Session, case_id: int) -> Sequence[BarRow]:
    barrer = aliased(Account)
    rows = session.execute(
        select(
            CaseBar.account_id,
            Account.full_name,
            Account.username,
            Branch.name,
            CaseBar.relation,
            CaseBar.reason,
            func.coalesce(barrer.full_name, ""),
            CaseBar.barred_at,
        )
        .join(Account, Account.id == CaseBar.account_id)
        .join(Branch, Branch.id == Account.branch_id)
        .outerjoin(barrer, barrer.id == CaseBar.barred_by)
        .where(CaseBar.case_id == case_id)
        .order_by(CaseBar.barred_at, CaseBar.account_id)
    )
    return [BarRow(*row) for row in rows]
