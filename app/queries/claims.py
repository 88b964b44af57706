"""Reads for the claim screens: one select a list, frozen rows, names masked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_particulars import ClaimParticulars
from app.domain.claims import ClaimStatus, starts_retention
from app.domain.errors import NotFound
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.beginnings import begins_with
from app.queries.counting import MOST_COUNTED, count_up_to, unindexed
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import claims_for

PAGE_SIZE = 50
OPEN = "open"
OPEN_STATUSES = tuple(status.value for status in ClaimStatus if not starts_retention(status))
SORTS = {
    "updated": Sort(Claim.updated_at, Claim.id, descending=True),
    "updated_asc": Sort(Claim.updated_at, Claim.id),
    "number": Sort(Claim.number, Claim.id),
    "number_desc": Sort(Claim.number, Claim.id, descending=True),
}


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a list is narrowed to; empty means no limit.

    `number` is the beginning of a claim number, `status` a node or "open" for every node before the closing.
    """

    number: str = ""
    status: str = ""
    kind: str = ""
    outcome: str = ""
    branch_id: int | None = None
    reported_from: date | None = None
    reported_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        """True when number or dates have an index that finds few rows by itself."""
        return bool(self.number) or self.reported_from is not None or self.reported_to is not None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line of the claim list."""

    id: int
    number: str
    kind: str
    status: str
    outcome: str | None
    customer_id: int
    customer_name: str
    policy_number: str
    amount_claimed: int
    amount_paid: int | None
    reported_on: date | None
    branch_name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim as its page shows it; `may_edit` says whether this reader may change it."""

    id: int
    particulars: ClaimParticulars
    status: str
    policy_id: int
    policy_number: str
    product: str
    line: str
    customer_id: int
    customer_number: str
    customer_name: str
    branch_name: str
    created_at: datetime
    updated_at: datetime
    version: int
    may_edit: bool


def list_claims(
    session: Session, actor: Actor, wanted: ClaimFilter, *, sort: str = "updated", cursor: Cursor | None = None
) -> PageOf[ClaimRow]:
    """Return a page of the claims that `actor` may see."""
    order = SORTS.get(sort, SORTS["updated"])
    found = [claims_for(actor, Action.CLAIM_VIEW, by_index=not wanted.is_narrow), *_conditions(wanted)]
    counted = select(Claim.id).join(Customer, Customer.id == Claim.customer_id).where(*found)
    total = count_up_to(session, counted)
    if total > MOST_COUNTED:
        found = [claims_for(actor, Action.CLAIM_VIEW), *_conditions(wanted, walk=True)]
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_claim(session: Session, actor: Actor, claim_id: int) -> ClaimDetail:
    """Return one claim; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(
            Claim,
            Policy.number,
            Policy.product,
            Policy.line,
            Customer.number,
            Customer.name,
            Customer.kind,
            Branch.name,
            claims_for(actor, Action.CLAIM_EDIT),
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Branch, Branch.id == Claim.branch_id)
        .where(Claim.id == claim_id, claims_for(actor, Action.CLAIM_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(*row)


def _conditions(wanted: ClaimFilter, *, walk: bool = False) -> list[ColumnElement[bool]]:
    """Return the filters; `walk` keeps the database from sorting thousands of rows found by a date's index."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.number:
        conditions.append(begins_with(Claim.number, wanted.number))
    if wanted.status:
        one_of = OPEN_STATUSES if wanted.status == OPEN else (wanted.status,)
        conditions.append(Claim.status.in_(one_of))
    if wanted.kind:
        conditions.append(Claim.kind == wanted.kind)
    if wanted.outcome:
        conditions.append(Claim.outcome == wanted.outcome)
    if wanted.branch_id is not None:
        conditions.append(Claim.branch_id == wanted.branch_id)
    reported: Any = unindexed(Claim.reported_on) if walk else Claim.reported_on
    if wanted.reported_from is not None:
        conditions.append(reported >= wanted.reported_from)
    if wanted.reported_to is not None:
        conditions.append(reported <= wanted.reported_to)
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Claim.number,
            Claim.kind,
            Claim.status,
            Claim.outcome,
            Claim.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Policy.number.label("policy_number"),
            Claim.amount_claimed,
            Claim.amount_paid,
            Claim.reported_on,
            Branch.name.label("branch_name"),
            Claim.updated_at,
            order.column,
            Claim.id,
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Branch, Branch.id == Claim.branch_id)
    )


def _make_row(row: Any) -> ClaimRow:
    return ClaimRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        status=row.status,
        outcome=row.outcome,
        customer_id=row.customer_id,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        policy_number=row.policy_number,
        amount_claimed=row.amount_claimed,
        amount_paid=row.amount_paid,
        reported_on=row.reported_on,
        branch_name=row.branch_name,
        updated_at=row.updated_at,
    )


def _make_detail(
    claim: Claim,
    policy_number: str,
    product: str,
    line: str,
    customer_number: str,
    customer_name: str,
    customer_kind: str,
    branch_name: str,
    may_edit: bool,
) -> ClaimDetail:
    return ClaimDetail(
        id=claim.id,
        particulars=ClaimParticulars(**{item.name: getattr(claim, item.name) for item in fields(ClaimParticulars)}),
        status=claim.status,
        policy_id=claim.policy_id,
        policy_number=policy_number,
        product=product,
        line=line,
        customer_id=claim.customer_id,
        customer_number=customer_number,
        customer_name=mask_name(customer_name, is_organisation=customer_kind == "organisation"),
        branch_name=branch_name,
        created_at=claim.created_at,
        updated_at=claim.updated_at,
        version=claim.version,
        may_edit=bool(may_edit),
    )
