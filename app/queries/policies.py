"""Reads for the policy screens: one select a list, frozen rows, names masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.domain.policy_terms import PolicyTerms
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.queries.beginnings import begins_with
from app.queries.counting import MOST_COUNTED, count_up_to, unindexed
from app.queries.customer_file import MOST, ClaimLine
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import claims_for, customers_for, policies_for

PAGE_SIZE = 50
SORTS = {
    "updated": Sort(Policy.updated_at, Policy.id, descending=True),
    "updated_asc": Sort(Policy.updated_at, Policy.id),
    "number": Sort(Policy.number, Policy.id),
    "number_desc": Sort(Policy.number, Policy.id, descending=True),
}


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """What a list is narrowed to; empty means no limit. `number` is the beginning of a policy number."""

    number: str = ""
    status: str = ""
    line: str = ""
    term_kind: str = ""
    branch_id: int | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    expires_from: date | None = None
    expires_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        """True when number or dates have an index that finds few rows by itself."""
        days = (self.effective_from, self.effective_to, self.expires_from, self.expires_to)
        return bool(self.number) or any(day is not None for day in days)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A line of the policy list."""

    id: int
    number: str
    product: str
    line: str
    customer_id: int
    customer_name: str
    status: str
    term_kind: str
    premium: int
    effective_on: date | None
    expires_on: date | None
    branch_name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyDetail:
    """A policy as its page shows it; `may_edit` says whether this reader may change it."""

    id: int
    terms: PolicyTerms
    status: str
    customer_id: int
    customer_number: str
    customer_name: str
    branch_name: str
    agent_name: str
    created_at: datetime
    updated_at: datetime
    version: int
    may_edit: bool


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody in a policy; a reader who may not open that file gets no number and no way there."""

    id: int
    role: str
    share: int | None
    customer_id: int | None
    number: str
    name: str


def list_policies(
    session: Session, actor: Actor, wanted: PolicyFilter, *, sort: str = "updated", cursor: Cursor | None = None
) -> PageOf[PolicyRow]:
    """Return a page of the policies that `actor` may see."""
    order = SORTS.get(sort, SORTS["updated"])
    found = [policies_for(actor, Action.POLICY_VIEW, by_index=not wanted.is_narrow), *_conditions(wanted)]
    counted = select(Policy.id).join(Customer, Customer.id == Policy.customer_id).where(*found)
    total = count_up_to(session, counted)
    if total > MOST_COUNTED:
        found = [policies_for(actor, Action.POLICY_VIEW), *_conditions(wanted, walk=True)]
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_policy(session: Session, actor: Actor, policy_id: int) -> PolicyDetail:
    """Return one policy; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(
            Policy,
            Customer.number,
            Customer.name,
            Customer.kind,
            Branch.name,
            Account.full_name,
            policies_for(actor, Action.POLICY_EDIT),
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Branch, Branch.id == Policy.branch_id)
        .outerjoin(Account, Account.id == Customer.agent_id)
        .where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(*row)


def parties_of(session: Session, actor: Actor, policy_id: int) -> Sequence[PartyRow]:
    """Return who is what in a policy that the reader has been shown: holder, insured, beneficiaries."""
    rows = session.execute(
        select(
            Party.id,
            Party.role,
            Party.share,
            Customer.id,
            Customer.number,
            Customer.name,
            Customer.kind,
            customers_for(actor, Action.CUSTOMER_VIEW),
        )
        .join(Customer, Customer.id == Party.customer_id)
        .where(Party.policy_id == policy_id)
        .order_by(
            Party.role != "holder", Party.role != "insured", func.coalesce(Party.share, 0).desc(), Customer.number
        )
    )
    return [_make_party(*row) for row in rows]


def claims_of_policy(session: Session, actor: Actor, policy_id: int) -> Sequence[ClaimLine]:
    """Return the claims under a policy, newest first."""
    rows = session.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.kind,
            Claim.status,
            Claim.amount_claimed,
            Claim.amount_paid,
            Claim.reported_on,
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .where(Claim.policy_id == policy_id, claims_for(actor, Action.CLAIM_VIEW))
        .order_by(Claim.reported_on.desc(), Claim.id)
        .limit(MOST)
    )
    return [ClaimLine(*row) for row in rows]


def _conditions(wanted: PolicyFilter, *, walk: bool = False) -> list[ColumnElement[bool]]:
    """Return the filters; `walk` keeps the database from sorting thousands of rows found by a date's index."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.number:
        conditions.append(begins_with(Policy.number, wanted.number))
    for column, value in (
        (Policy.status, wanted.status),
        (Policy.line, wanted.line),
        (Policy.term_kind, wanted.term_kind),
    ):
        if value:
            conditions.append(column == value)
    if wanted.branch_id is not None:
        conditions.append(Policy.branch_id == wanted.branch_id)
    for day, first, last in (
        (Policy.effective_on, wanted.effective_from, wanted.effective_to),
        (Policy.expires_on, wanted.expires_from, wanted.expires_to),
    ):
        shown: Any = unindexed(day) if walk else day
        if first is not None:
            conditions.append(shown >= first)
        if last is not None:
            conditions.append(shown <= last)
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Policy.number,
            Policy.product,
            Policy.line,
            Policy.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Policy.status,
            Policy.term_kind,
            Policy.premium,
            Policy.effective_on,
            Policy.expires_on,
            Branch.name.label("branch_name"),
            Policy.updated_at,
            order.column,
            Policy.id,
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Branch, Branch.id == Policy.branch_id)
    )


def _make_row(row: Any) -> PolicyRow:
    return PolicyRow(
        id=row.id,
        number=row.number,
        product=row.product,
        line=row.line,
        customer_id=row.customer_id,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        status=row.status,
        term_kind=row.term_kind,
        premium=row.premium,
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        branch_name=row.branch_name,
        updated_at=row.updated_at,
    )


def _make_detail(
    policy: Policy,
    customer_number: str,
    customer_name: str,
    customer_kind: str,
    branch_name: str,
    agent_name: str | None,
    may_edit: bool,
) -> PolicyDetail:
    return PolicyDetail(
        id=policy.id,
        terms=PolicyTerms(**{item.name: getattr(policy, item.name) for item in fields(PolicyTerms)}),
        status=policy.status,
        customer_id=policy.customer_id,
        customer_number=customer_number,
        customer_name=mask_name(customer_name, is_organisation=customer_kind == "organisation"),
        branch_name=branch_name,
        agent_name=agent_name or "",
        created_at=policy.created_at,
        updated_at=policy.updated_at,
        version=policy.version,
        may_edit=bool(may_edit),
    )


def _make_party(
    party_id: int,
    role: str,
    share: int | None,
    customer_id: int,
    number: str,
    name: str,
    kind: str,
    may_see: bool,
) -> PartyRow:
    masked = mask_name(name, is_organisation=kind == "organisation")
    return PartyRow(party_id, role, share, customer_id if may_see else None, number if may_see else "", masked)
