"""Reads of 欠件台账: what is owed, by day, with what this reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import STILL_OWED, MissingState
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.completeness import MissingPaper
from app.models.customers import Customer
from app.models.intake import PaperType
from app.models.policies import Policy
from app.queries.counting import MOST_COUNTED, count_up_to, unindexed
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import missing_for

PAGE_SIZE = 50
OWED, OVERDUE, ALL = "owed", "overdue", "all"
SORTS = {
    "due": Sort(MissingPaper.due_on, MissingPaper.id),
    "due_desc": Sort(MissingPaper.due_on, MissingPaper.id, descending=True),
    "opened": Sort(MissingPaper.opened_at, MissingPaper.id, descending=True),
}
_OWED = sorted(state.value for state in STILL_OWED)


@dataclass(frozen=True, slots=True)
class MissingFilter:
    """What the list is narrowed to; `state` is "owed", "overdue", "all" or a state of its own."""

    state: str = OWED
    business: str = ""
    branch_id: int | None = None
    due_before: date | None = None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A line of the register."""

    id: int
    state: str
    business: str
    paper_name: str
    reason: str
    waiver_reason: str
    due_on: date
    days_over: int
    customer_name: str
    policy_id: int
    policy_number: str
    claim_id: int | None
    claim_number: str
    branch_name: str
    opened_by: str
    document_id: int | None
    version: int
    may_edit: bool
    may_waive: bool


@dataclass(frozen=True, slots=True)
class MissingCounts:
    """How much a reader's branches are owed."""

    owed: int
    overdue: int
    waivers: int


def list_missing(
    session: Session,
    actor: Actor,
    wanted: MissingFilter,
    today: date,
    *,
    sort: str = "due",
    cursor: Cursor | None = None,
) -> PageOf[MissingRow]:
    """Return a page of what is owed to the branches that `actor` sees, the earliest day first."""
    found = [missing_for(actor, Action.MISSING_VIEW, by_index=True), *_conditions(wanted, today)]
    total = count_up_to(session, _joined(select(MissingPaper.id)).where(*found))
    statement = (
        _joined(
            select(
                MissingPaper,
                MissingPaper.due_on,
                MissingPaper.opened_at,
                MissingPaper.id,
                PaperType.name.label("paper_name"),
                Customer.name.label("customer_name"),
                Customer.kind.label("customer_kind"),
                Policy.number.label("policy_number"),
                func.coalesce(Claim.number, "").label("claim_number"),
                Branch.name.label("branch_name"),
                func.coalesce(Account.full_name, "").label("opener"),
                missing_for(actor, Action.MISSING_EDIT).label("may_edit"),
                missing_for(actor, Action.MISSING_WAIVE).label("may_waive"),
            )
        )
        .join(PaperType, PaperType.id == MissingPaper.paper_type_id)
        .join(Policy, Policy.id == MissingPaper.policy_id)
        .outerjoin(Claim, Claim.id == MissingPaper.claim_id)
        .join(Branch, Branch.id == MissingPaper.branch_id)
        .outerjoin(Account, Account.id == MissingPaper.opened_by)
        .where(*found)
    )

    def make(row: Any) -> MissingRow:
        return _make_row(row, actor, today)

    order = SORTS.get(sort, SORTS["due"])
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=make, most=MOST_COUNTED)


def count_missing(session: Session, actor: Actor, today: date) -> MissingCounts:
    """Return what stands in the heads of the list."""
    state, due = MissingPaper.state, MissingPaper.due_on
    row = session.execute(
        _joined(
            select(
                func.count(),
                func.count().filter(due < today),
                func.count().filter(state == MissingState.WAIVER.value),
            ).select_from(MissingPaper)
        ).where(missing_for(actor, Action.MISSING_VIEW, by_index=True), state.in_(_OWED))
    ).one()
    return MissingCounts(*row)


def _joined(statement: Any) -> Any:
    return statement.join(Customer, Customer.id == MissingPaper.customer_id)


def _conditions(wanted: MissingFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state in (OWED, OVERDUE):
        conditions.append(MissingPaper.state.in_(_OWED))
    elif wanted.state != ALL:
        conditions.append(MissingPaper.state == wanted.state)
    if wanted.state == OVERDUE:
        conditions.append(MissingPaper.due_on < today)
    if wanted.due_before is not None:
        conditions.append(MissingPaper.due_on <= wanted.due_before)
    if wanted.business:
        conditions.append(unindexed(MissingPaper.business) == wanted.business)
    if wanted.branch_id is not None:
        conditions.append(MissingPaper.branch_id == wanted.branch_id)
    return conditions


def _make_row(row: Any, actor: Actor, today: date) -> MissingRow:
    paper: MissingPaper = row.MissingPaper
    is_owed = paper.state in STILL_OWED
    is_own = actor.account_id in (paper.waiver_asked_by, paper.opened_by)
    return MissingRow(
        id=paper.id,
        state=paper.state,
        business=paper.business,
        paper_name=row.paper_name,
        reason=paper.reason,
        waiver_reason=paper.waiver_reason,
        due_on=paper.due_on,
        days_over=max(0, (today - paper.due_on).days) if is_owed else 0,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        policy_id=paper.policy_id or 0,
        policy_number=row.policy_number,
        claim_id=paper.claim_id,
        claim_number=row.claim_number,
        branch_name=row.branch_name,
        opened_by=row.opener,
        document_id=paper.document_id,
        version=paper.version,
        may_edit=bool(row.may_edit) and is_owed,
        may_waive=bool(row.may_waive) and paper.state == MissingState.WAIVER and not is_own,
    )
