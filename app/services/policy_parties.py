"""Who is what in a policy 保单当事人: 被保险人 and 受益人 are added to the 投保人 and taken out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.customers import comparable_number
from app.domain.errors import Invalid, NotFound
from app.domain.identity_facts import IdKind
from app.domain.ids import new_id
from app.domain.normal import clean_number, compact_number
from app.domain.policy import Action
from app.domain.policy_parties import PartyEntry, check_new_party, check_removal
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.queries.visibility import customers_for
from app.services.customers import blind
from app.services.policies import load_policy, note


def add_party(
    session: Session, actor: Actor, policy_id: int, number: str, role: str, share: int | None, *, now: datetime
) -> int:
    """Make the customer with this number (客户号 or 证件号码) a party of a policy and return the party's id.

    Raises `NotFound`, `NotAllowed`, `Invalid` also for a customer that the actor may not see.
    """
    policy = load_policy(session, actor, policy_id, Action.POLICY_EDIT)
    customer = _customer(session, actor, number)
    entry = PartyEntry(customer.id, role, share)
    check_new_party(_present(session, policy), entry)
    party = Party(id=new_id(), policy_id=policy_id, customer_id=customer.id, role=role, share=share)
    session.add(party)
    _note(session, actor, policy, {"party_added": _words(customer.number, entry)}, now=now)
    return party.id


def remove_party(session: Session, actor: Actor, policy_id: int, party_id: int, *, now: datetime) -> None:
    """Take a party out of a policy. Raises `NotFound`, `NotAllowed`, and `WrongState` for the holder."""
    policy = load_policy(session, actor, policy_id, Action.POLICY_EDIT)
    row = session.execute(
        select(Party, Customer.number)
        .join(Customer, Customer.id == Party.customer_id)
        .where(Party.id == party_id, Party.policy_id == policy_id)
    ).first()
    if row is None:
        raise NotFound
    party, number = row
    entry = PartyEntry(party.customer_id, party.role, party.share)
    check_removal(entry)
    session.delete(party)
    _note(session, actor, policy, {"party_removed": _words(number, entry)}, now=now)


def _customer(session: Session, actor: Actor, typed: str) -> Customer:
    number = clean_number(typed)
    identity = comparable_number(IdKind.RESIDENT_ID, compact_number(typed)) or ""
    # The index begins with the kind: naming them all lets the database use it.
    by_identity = and_(
        Customer.id_kind.in_([kind.value for kind in IdKind]),
        Customer.id_number_blind == blind("id_number", identity),
    )
    seen = customers_for(actor, Action.CUSTOMER_VIEW)
    found = session.scalars(select(Customer).where(or_(Customer.number == number, by_identity), seen)).first()
    if found is None:
        raise Invalid.field("customer", "party.unknown_customer")
    return found


def _present(session: Session, policy: Policy) -> list[PartyEntry]:
    rows = session.execute(select(Party.customer_id, Party.role, Party.share).where(Party.policy_id == policy.id))
    return [PartyEntry(*row) for row in rows]


def _words(number: str, entry: PartyEntry) -> str:
    return f"{entry.role} {number}" + (f" {entry.share}%" if entry.share else "")


def _note(session: Session, actor: Actor, policy: Policy, after: dict[str, str], *, now: datetime) -> None:
    policy.updated_at = now
    note(session, actor, "policy_changed", policy, now=now, after=after)
