"""Who may be asking: customers found by what was typed, and what the chosen one may ask about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_mobile, mask_name
from app.domain.policy import Action
from app.models.accounts import Account, Branch, Grant
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.customer_file import claims_of_customer, policies_of_customer
from app.queries.lookups import customer_lookups
from app.queries.visibility import claims_for, customers_for, policies_for

MOST = 6
SHORTEST = 2  # characters; one alone finds half of the house


@dataclass(frozen=True, slots=True)
class Asker:
    """A customer who may be the one that asks, masked."""

    id: int
    number: str
    name: str
    mobile: str
    branch_name: str


@dataclass(frozen=True, slots=True)
class Affairs:
    """The customer who asks, with what he may ask about as choices."""

    asker: Asker
    policies: Sequence[tuple[int, str]]
    claims: Sequence[tuple[int, str]]


def find_askers(session: Session, actor: Actor, text: str) -> Sequence[Asker]:
    """Return some customers that `actor` may see by a name's beginning or a whole number; each by an index."""
    typed = text.strip()
    if len(typed) < SHORTEST:
        return ()
    seen = customers_for(actor, Action.CUSTOMER_VIEW)
    ids: dict[int, None] = {}
    for lookup in (*customer_lookups(typed), *_of_papers(session, actor, typed)):
        ids.update(dict.fromkeys(session.scalars(select(Customer.id).where(lookup, seen).limit(MOST))))
    return _askers(session, actor, list(ids)[:MOST])


def read_affairs(session: Session, actor: Actor, customer_id: int) -> Affairs:
    """Return a customer's policies and claims as choices; raises `NotFound` for one that `actor` may not see."""
    askers = _askers(session, actor, [customer_id])
    if not askers:
        raise NotFound
    return Affairs(
        askers[0],
        [(row.id, f"{row.number} {row.product}") for row in policies_of_customer(session, actor, customer_id)],
        [(row.id, row.number) for row in claims_of_customer(session, actor, customer_id)],
    )


def customer_of_policy(session: Session, actor: Actor, policy_id: int) -> int:
    """Return whose policy it is; raises `NotFound`."""
    statement = select(Policy.customer_id).join(Customer, Customer.id == Policy.customer_id)
    found = session.scalar(statement.where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW)))
    if found is None:
        raise NotFound
    return found


def customer_of_claim(session: Session, actor: Actor, claim_id: int) -> tuple[int, int]:
    """Return whose claim it is and under which policy; raises `NotFound`."""
    statement = select(Claim.customer_id, Claim.policy_id).join(Customer, Customer.id == Claim.customer_id)
    found = session.execute(statement.where(Claim.id == claim_id, claims_for(actor, Action.CLAIM_VIEW))).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def colleagues(session: Session, branch_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of those of a branch who may keep a promise to a customer."""
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.branch_id == branch_id,
            Grant.role.in_(("clerk", "archivist", "manager")),
            Grant.revoked_at.is_(None),
            Account.state == "active",
        )
        .order_by(Account.full_name, Account.id)
        .distinct()
    )
    return [(account_id, f"{name}（{username}）") for account_id, name, username in rows]


def _of_papers(session: Session, actor: Actor, text: str) -> list[Any]:
    """Return the condition that finds whose policy or claim has this number."""
    wide = text.upper()
    policies = select(Policy.customer_id).join(Customer, Customer.id == Policy.customer_id)
    claims = select(Claim.customer_id).join(Customer, Customer.id == Claim.customer_id)
    ids = {
        *session.scalars(policies.where(Policy.number == wide, policies_for(actor, Action.POLICY_VIEW))),
        *session.scalars(claims.where(Claim.number == wide, claims_for(actor, Action.CLAIM_VIEW))),
    }
    return [Customer.id.in_(sorted(ids))] if ids else []


def _askers(session: Session, actor: Actor, ids: Sequence[int]) -> list[Asker]:
    rows = session.execute(
        select(Customer, Branch.name)
        .join(Branch, Branch.id == Customer.branch_id)
        .where(Customer.id.in_(ids), customers_for(actor, Action.CUSTOMER_VIEW))
    )
    found = {
        row.id: Asker(
            row.id,
            row.number,
            mask_name(row.name, is_organisation=row.kind == "organisation"),
            mask_mobile(row.mobile) if row.mobile else "",
            branch_name,
        )
        for row, branch_name in rows
    }
    return [found[customer_id] for customer_id in ids if customer_id in found]
