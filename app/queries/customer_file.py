"""What stands in one customer's file: papers by class, policies, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.policy import Action
from app.models.cases import Case
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.policies import Party, Policy
from app.models.storage import Box, Place
from app.queries.visibility import cases_for, claims_for, documents_for, policies_for

MOST = 200


@dataclass(frozen=True, slots=True)
class PaperRow:
    """An item of the file."""

    id: int
    title: str
    archive_number: str | None
    formed_on: date | None
    page_count: int
    level: int
    state: str
    carrier: str
    category_name: str
    whereabouts: str
    box_number: str | None
    place_code: str | None


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A policy that the customer has a part in."""

    id: int
    number: str
    product: str
    status: str
    premium: int
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim of the customer."""

    id: int
    number: str
    kind: str
    status: str
    amount_claimed: int
    amount_paid: int | None
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A complaint of the customer, or a re-examination of one."""

    id: int
    number: str
    kind: str
    state: str
    channel: str
    received_at: datetime
    due_on: date | None
    clock_state: str
    days_over: int


def papers_of_customer(
    session: Session, actor: Actor, customer_id: int, category_ids: Sequence[int]
) -> tuple[Sequence[PaperRow], bool]:
    """Return the items in these classes, newest first, and whether there are more than one page shows."""
    in_classes = (Document.customer_id == customer_id, Document.category_id.in_(category_ids))
    rows = _papers(session, actor, *in_classes)
    return rows[:MOST], len(rows) > MOST


def papers_of_policy(session: Session, actor: Actor, policy_id: int) -> Sequence[PaperRow]:
    """Return the items that belong to a policy, newest first."""
    return _papers(session, actor, Document.policy_id == policy_id)[:MOST]


def papers_of_claim(session: Session, actor: Actor, claim_id: int) -> Sequence[PaperRow]:
    """Return the items that belong to a claim, newest first."""
    return _papers(session, actor, Document.claim_id == claim_id)[:MOST]


def policies_of_customer(session: Session, actor: Actor, customer_id: int) -> Sequence[PolicyLine]:
    """Return the policies that the customer holds or is insured or benefits under, newest first."""
    parts = select(Party.policy_id).where(Party.customer_id == customer_id)
    rows = session.execute(
        select(
            Policy.id,
            Policy.number,
            Policy.product,
            Policy.status,
            Policy.premium,
            Policy.effective_on,
            Policy.expires_on,
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .where(or_(Policy.customer_id == customer_id, Policy.id.in_(parts)), policies_for(actor, Action.POLICY_VIEW))
        .order_by(Policy.effective_on.desc(), Policy.id)
        .limit(MOST)
    )
    return [PolicyLine(*row) for row in rows]


def claims_of_customer(session: Session, actor: Actor, customer_id: int) -> Sequence[ClaimLine]:
    """Return the customer's claims, newest first."""
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
        .where(Claim.customer_id == customer_id, claims_for(actor, Action.CLAIM_VIEW))
        .order_by(Claim.reported_on.desc(), Claim.id)
        .limit(MOST)
    )
    return [ClaimLine(*row) for row in rows]


def cases_of_customer(session: Session, actor: Actor, customer_id: int) -> Sequence[CaseLine]:
    """Return the customer's complaints that `actor` may see, newest first."""
    rows = session.execute(
        select(
            Case.id,
            Case.number,
            Case.kind,
            Case.state,
            Case.channel,
            Case.received_at,
            Case.due_on,
            Case.clock_state,
            Case.days_over,
        )
        .where(Case.customer_id == customer_id, cases_for(actor, Action.CASE_VIEW))
        .order_by(Case.received_at.desc(), Case.id)
        .limit(MOST)
    )
    return [CaseLine(*row) for row in rows]


def _papers(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> Sequence[PaperRow]:
    rows: Any = session.execute(
        select(
            Document.id,
            Document.title,
            Document.archive_number,
            Document.formed_on,
            Document.page_count,
            Document.level,
            Document.state,
            Document.carrier,
            Category.name,
            Document.whereabouts,
            Box.number,
            Place.full_code,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(*conditions, documents_for(actor, Action.DOCUMENT_VIEW))
        .order_by(Document.formed_on.desc(), Document.id)
        .limit(MOST + 1)
    )
    return [PaperRow(*row) for row in rows]
