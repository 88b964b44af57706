"""Figures and lines of the home page 工作台: what there is, what waits, what is due, inside what the reader may see.

Everything is counted up to a bound and read along an index, so that the page costs the same at 100,000 customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, not_, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import DocumentState
from app.domain.masking import mask_name
from app.domain.policies import PolicyStatus
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Grant
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document, DocumentVersion
from app.models.machinery import TrailEntry
from app.models.policies import Policy
from app.queries.claims import OPEN_STATUSES
from app.queries.counting import bounded_count
from app.queries.visibility import claims_for, customers_for, customers_in, documents_for, policies_for

LINES = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a business reader; all but the customers stop one above `counting.MOST_COUNTED`."""

    customers: int
    policies_in_force: int
    claims_open: int
    received: int
    catalogued: int
    by_hand: int
    identities_expiring: int
    identities_expired: int


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """An item that the reader took in."""

    id: int
    title: str
    customer_name: str
    category_name: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that ends soon: an identity paper (`kind` identity) or a policy in force (`kind` policy)."""

    kind: str
    id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """Counts of accounts."""

    active: int
    pending: int
    disabled: int
    without_role: int


@dataclass(frozen=True, slots=True)
class TrailFigures:
    """Counts of entries of the trail since a moment."""

    entries: int
    refused: int


def count_business(session: Session, actor: Actor, *, today: date, soon: timedelta) -> Figures:
    """Return the figures of somebody who works with customers; `soon` says how far ahead papers are looked at.

    One statement for all: each figure is a subquery that goes along an index of its own.
    """
    row = session.execute(
        select(
            customer_count(actor),
            bounded_count(_policies(actor).where(Policy.status == PolicyStatus.IN_FORCE.value)),
            bounded_count(_claims(actor).where(Claim.status.in_(OPEN_STATUSES))),
            *_document_counts(actor),
            *_identity_counts(actor, today, soon),
        )
    ).one()
    return Figures(*map(int, row))


def customer_count(actor: Actor) -> ColumnElement[int]:
    """Return the number of customers that `actor` may list: scope by scope along an index, nobody counted twice."""
    parts, counted = list[ColumnElement[int]](), list[ColumnElement[bool]]()
    for scope in scopes(actor, Action.CUSTOMER_LIST):
        within = customers_in(scope)
        fresh = and_(within, not_(or_(*counted))) if counted else within
        parts.append(select(func.count()).select_from(Customer).where(fresh).scalar_subquery())
        counted.append(within)
    return reduce(add, parts, literal(0))


def latest_received(session: Session, actor: Actor, *, since: datetime) -> Sequence[ReceivedRow]:
    """Return the newest items that `actor` himself took in and may still see; an agent sees them until they are filed."""
    rows = session.execute(
        select(
            Document.id,
            Document.title,
            Customer.name,
            Customer.kind,
            Category.name,
            Document.state,
            Document.created_at,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(
            Document.created_by == actor.account_id,
            Document.created_at >= since,
            documents_for(actor, Action.DOCUMENT_VIEW),
        )
        .order_by(Document.created_at.desc(), Document.id)
        .limit(LINES)
    )
    return [
        ReceivedRow(found, title, mask_name(name, is_organisation=kind == "organisation"), category, state, at)
        for found, title, name, kind, category, state, at in rows
    ]


def what_is_due(session: Session, actor: Actor, *, today: date, soon: timedelta) -> Sequence[DueRow]:
    """Return the identity papers and the policies in force that end first."""
    identities = session.execute(
        select(Customer.id, Customer.name, Customer.kind, Customer.id_expires_on)
        .where(
            Customer.id_expires_on.between(today, today + soon),
            Customer.state == "active",
            customers_for(actor, Action.CUSTOMER_VIEW),
        )
        .order_by(Customer.id_expires_on)
        .limit(LINES)
    )
    policies = session.execute(
        select(Policy.id, Customer.name, Customer.kind, Policy.expires_on)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(
            Policy.expires_on.between(today, today + soon),
            Policy.status == PolicyStatus.IN_FORCE.value,
            policies_for(actor, Action.POLICY_VIEW),
        )
        .order_by(Policy.expires_on)
        .limit(LINES)
    )
    due = [
        DueRow(what, found, mask_name(name, is_organisation=kind == "organisation"), on)
        for what, rows in (("identity", identities), ("policy", policies))
        for found, name, kind, on in rows
        if on is not None
    ]
    return sorted(due, key=lambda row: row.on)[:LINES]


def count_accounts(session: Session, *, now: datetime) -> AccountFigures:
    """Return how many accounts are in each state, and how many can sign in but hold no role."""
    rows = session.execute(select(Account.state, func.count()).group_by(Account.state))
    states: dict[str, int] = {state: count for state, count in rows}
    held = select(Grant.id).where(
        Grant.account_id == Account.id,
        Grant.revoked_at.is_(None),
        or_(Grant.valid_to.is_(None), Grant.valid_to > now),
    )
    without = select(func.count()).select_from(Account).where(Account.state != "disabled", ~held.exists())
    return AccountFigures(
        active=states.get("active", 0),
        pending=states.get("pending", 0),
        disabled=states.get("disabled", 0),
        without_role=session.scalar(without) or 0,
    )


def count_trail(session: Session, *, since: datetime) -> TrailFigures:
    """Return how many entries were written since a moment, and how many of them tell of a refusal."""
    refused = func.sum(case((TrailEntry.outcome == "refused", 1), else_=0))
    row = session.execute(select(func.count(), refused).where(TrailEntry.at >= since)).one()
    return TrailFigures(row[0], row[1] or 0)


def security_administrators(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the names of those who grant roles: whom to ask for one."""
    rows = session.scalars(
        select(Account.full_name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == "secadmin",
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
        )
        .order_by(Account.full_name)
        .distinct()
    )
    return rows.all()


def _policies(actor: Actor) -> Select[int]:
    joined = select(Policy.id).join(Customer, Customer.id == Policy.customer_id)
    return joined.where(policies_for(actor, Action.POLICY_VIEW, by_index=True))


def _claims(actor: Actor) -> Select[int]:
    joined = select(Claim.id).join(Customer, Customer.id == Claim.customer_id)
    return joined.where(claims_for(actor, Action.CLAIM_VIEW, by_index=True))


def _document_counts(actor: Actor) -> Iterator[ColumnElement[int]]:
    """Yield how many items are received, are catalogued, and have pages that no machine could draw 待人工处理."""
    joined = select(Document.id).join(Customer, Customer.id == Document.customer_id)
    seen = documents_for(actor, Action.DOCUMENT_VIEW, by_index=True)
    for state in (DocumentState.RECEIVED, DocumentState.CATALOGUED):
        yield bounded_count(joined.where(Document.state == state.value, seen))
    current = and_(DocumentVersion.document_id == Document.id, DocumentVersion.ordinal == Document.current_version)
    # Spelled out, since a bound value does not let SQLite use the partial index.
    manual = DocumentVersion.render_state == literal_column("'manual'")
    unseen_by_machine = joined.join(DocumentVersion, current)
    yield bounded_count(unseen_by_machine.where(manual, documents_for(actor, Action.DOCUMENT_VIEW)))


def _identity_counts(actor: Actor, today: date, soon: timedelta) -> Iterator[ColumnElement[int]]:
    """Yield how many identity papers run out soon, and how many have run out."""
    seen = select(Customer.id).where(Customer.state == "active", customers_for(actor, Action.CUSTOMER_LIST))
    yield bounded_count(seen.where(Customer.id_expires_on.between(today, today + soon)))
    yield bounded_count(seen.where(Customer.id_expires_on < today))
