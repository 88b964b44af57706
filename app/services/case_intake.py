"""What the house already knows of a complaint that comes in, put in the place of typing (Art. 13), and what cannot be so."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_registration import Registration, complains_himself
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseCause
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.queries.visibility import claims_for, consultations_for, customers_for, policies_for


def complete(
    session: Session, actor: Actor, typed: Registration, *, known: Case | None = None
) -> tuple[Registration, Customer | None]:
    """Return the registration with what the archive holds, and the customer that it is about.

    Policy and claim bring their customer; a customer who complains himself brings name, identity, phone and address.
    What the case `known` is already about is not asked for again. Raises `Invalid` for what the actor may not see and for
    things that do not belong together.
    """
    linked, customer = typed, None
    if known is None or _about(typed) != _about(known):
        linked = _link(session, actor, typed)
        customer = _customer(session, actor, linked.customer_id)
    if customer is not None:
        _require_together(session, linked, customer)
    if linked.consultation_id is not None:
        linked = _take_question(session, actor, linked, linked.consultation_id)
    if known is None or (typed.stage_id, typed.cause_id) != (known.stage_id, known.cause_id):
        linked = _place_cause(session, linked)
    _require_branch(session, linked.accused_branch_id)
    completed = _name_accused(session, linked)
    if not completed.from_archive:
        return completed, customer
    if customer is None or not complains_himself(completed.complainant_kind):
        raise Invalid.field("from_archive", "case.archive_without_customer")
    return from_archive(completed, customer), customer


def from_archive(typed: Registration, customer: Customer) -> Registration:
    """Return the registration with the customer's own data; phone and address of this time are kept when typed."""
    return replace(
        typed,
        name=customer.name,
        id_kind=customer.id_kind if customer.id_number else "",
        id_number=customer.id_number or "",
        phone=typed.phone or customer.mobile or customer.phone or "",
        address=typed.address or customer.address,
        legal_representative=typed.legal_representative or customer.legal_representative,
    )


def _about(thing: Registration | Case) -> tuple[int | None, int | None, int | None]:
    return thing.customer_id, thing.policy_id, thing.claim_id


def _link(session: Session, actor: Actor, typed: Registration) -> Registration:
    """Return the registration with the policy of its claim and the customer of its policy."""
    policy_id, customer_id = typed.policy_id, typed.customer_id
    if typed.claim_id is not None:
        statement = select(Claim.policy_id, Claim.customer_id).join(Customer, Customer.id == Claim.customer_id)
        seen = statement.where(Claim.id == typed.claim_id, claims_for(actor, Action.CLAIM_VIEW))
        found = session.execute(seen).first()
        if found is None or policy_id not in (None, found[0]):
            raise Invalid.field("claim_id", "case.claim_not_of_customer")
        policy_id, customer_id = found[0], customer_id if customer_id is not None else found[1]
    if policy_id is not None:
        holder = select(Policy.customer_id).join(Customer, Customer.id == Policy.customer_id)
        owner = session.scalar(holder.where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW)))
        if owner is None:
            raise Invalid.field("policy_id", "case.not_of_customer")
        customer_id = customer_id if customer_id is not None else owner
    return replace(typed, policy_id=policy_id, customer_id=customer_id)


def _customer(session: Session, actor: Actor, customer_id: int | None) -> Customer | None:
    if customer_id is None:
        return None
    seen = select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    found = session.scalar(seen)
    if found is None:
        raise Invalid.field("customer_id", "case.unknown_customer")
    return found


def _require_together(session: Session, typed: Registration, customer: Customer) -> None:
    """Refuse a policy in which the customer has no part."""
    if typed.policy_id is None:
        return
    parts = select(Party.policy_id).where(Party.customer_id == customer.id)
    own = select(Policy.id).where(
        Policy.id == typed.policy_id, or_(Policy.customer_id == customer.id, Policy.id.in_(parts))
    )
    if session.scalar(own) is None:
        raise Invalid.field("policy_id", "case.not_of_customer")


def _take_question(session: Session, actor: Actor, typed: Registration, consultation_id: int) -> Registration:
    """Return the registration with who asked, where nobody else was named; refuse a consultation that is taken."""
    seen = consultations_for(actor, Action.CONSULTATION_VIEW)
    found = session.scalar(select(Consultation).where(Consultation.id == consultation_id, seen))
    if found is None:
        raise Invalid.field("consultation_id", "case.unknown_consultation")
    if found.case_id is not None:
        raise Invalid.field("consultation_id", "case.consultation_taken")
    if typed.from_archive:
        return typed
    return replace(typed, name=typed.name or found.asker, phone=typed.phone or found.phone)


def _place_cause(session: Session, typed: Registration) -> Registration:
    """Return the registration with the stage of its cause; refuse what is not there, and a cause of another stage."""
    stage = _cause(session, "stage_id", typed.stage_id)
    cause = _cause(session, "cause_id", typed.cause_id)
    if stage is not None and stage.parent_id is not None:
        raise Invalid.field("stage_id", "case.unknown_cause")
    if cause is None:
        return typed
    if cause.parent_id is None or (stage is not None and cause.parent_id != stage.id):
        raise Invalid.field("cause_id", "case.cause_of_stage")
    return replace(typed, stage_id=cause.parent_id)


def _cause(session: Session, name: str, cause_id: int | None) -> CaseCause | None:
    if cause_id is None:
        return None
    cause = session.get(CaseCause, cause_id)
    if cause is None or not cause.active:
        raise Invalid.field(name, "case.unknown_cause")
    return cause


def _require_branch(session: Session, branch_id: int | None) -> None:
    if branch_id is not None and session.get(Branch, branch_id) is None:
        raise Invalid.field("accused_branch_id", "case.unknown_branch")


def _name_accused(session: Session, typed: Registration) -> Registration:
    """Return the registration with name and number of the accused whose account was chosen."""
    chosen = session.get(Account, typed.accused_account_id) if typed.accused_account_id is not None else None
    if chosen is None:
        return replace(typed, accused_account_id=None)
    return replace(
        typed,
        accused_branch_id=typed.accused_branch_id or chosen.branch_id,
        accused_name=chosen.full_name,
        accused_number=chosen.employee_number or chosen.username,
    )
