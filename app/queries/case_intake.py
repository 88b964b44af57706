"""What the archive holds of whom a complaint comes from, for the form that must not ask for it again (Art. 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_lines import complaint_line
from app.domain.errors import NotFound
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from app.domain.normal import clean_number
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.customer_file import ClaimLine, PolicyLine, claims_of_customer, policies_of_customer
from app.queries.lookups import customer_lookups
from app.queries.visibility import claims_for, consultations_for, customers_for, policies_for

MOST_MATCHES = 10


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer as the form shows him: masked."""

    id: int
    number: str
    name: str
    is_organisation: bool
    id_kind: str
    id_number: str
    phone: str
    address: str
    legal_representative: str
    agent_id: int | None
    agent_name: str


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A consultation that becomes a complaint."""

    id: int
    number: str
    channel: str
    asked_at: datetime
    asker: str
    phone: str
    question: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a registration begins."""

    customer: KnownCustomer | None = None
    policies: Sequence[PolicyLine] = ()
    claims: Sequence[ClaimLine] = ()
    policy_id: int | None = None
    claim_id: int | None = None
    line: str = ""
    sales_channel: str = ""
    question: KnownQuestion | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that was found by what somebody typed; `policy_id` and `claim_id` when it was their number."""

    customer_id: int
    number: str
    name: str
    policy_id: int | None = None
    claim_id: int | None = None


def read_origin(
    session: Session,
    actor: Actor,
    *,
    customer_id: int | None = None,
    policy_id: int | None = None,
    claim_id: int | None = None,
    consultation_id: int | None = None,
) -> Origin:
    """Return what the house knows; raises `NotFound` for what `actor` may not see."""
    question = None
    if consultation_id is not None:
        consultation = _consultation(session, actor, consultation_id)
        question = _question(consultation)
        customer_id, policy_id, claim_id = (
            customer_id or consultation.customer_id,
            policy_id or consultation.policy_id,
            claim_id or consultation.claim_id,
        )
    if claim_id is not None:
        policy_id, owner = _claim(session, actor, claim_id)
        customer_id = customer_id or owner
    line = sales_channel = ""
    if policy_id is not None:
        policy = _policy(session, actor, policy_id)
        customer_id = customer_id or policy.customer_id
        line, sales_channel = complaint_line(policy.line, policy.design_type, policy.product), policy.channel
    if customer_id is None:
        return Origin(question=question)
    return Origin(
        customer=_customer(session, actor, customer_id),
        policies=policies_of_customer(session, actor, customer_id),
        claims=claims_of_customer(session, actor, customer_id),
        policy_id=policy_id,
        claim_id=claim_id,
        line=line,
        sales_channel=sales_channel,
        question=question,
    )


def find_origins(session: Session, actor: Actor, text: str) -> Sequence[Match]:
    """Return whom a whole number of policy, claim or customer, an identity number, a phone or a name belongs to."""
    number = clean_number(text)
    if not number:
        return []
    named = (Customer.id, Customer.number, Customer.name, Customer.kind)
    joined = select(*named, Policy.id).join(Policy, Policy.customer_id == Customer.id)
    row = session.execute(joined.where(Policy.number == number, policies_for(actor, Action.POLICY_VIEW))).first()
    if row is not None:
        return [_match(row, policy_id=row[4])]
    claimed = select(*named, Claim.id).join(Claim, Claim.customer_id == Customer.id)
    row = session.execute(claimed.where(Claim.number == number, claims_for(actor, Action.CLAIM_VIEW))).first()
    if row is not None:
        return [_match(row, claim_id=row[4])]
    rows = session.execute(
        select(*named)
        .where(or_(*customer_lookups(text)), customers_for(actor, Action.CUSTOMER_VIEW))
        .order_by(Customer.name_sort, Customer.id)
        .limit(MOST_MATCHES)
    )
    return [_match(row) for row in rows]


def _match(row: Sequence[object], *, policy_id: int | None = None, claim_id: int | None = None) -> Match:
    customer_id, number, name, kind = row[:4]
    masked = mask_name(str(name), is_organisation=kind == "organisation")
    return Match(int(str(customer_id)), str(number), masked, policy_id, claim_id)


def _customer(session: Session, actor: Actor, customer_id: int) -> KnownCustomer:
    row = session.execute(
        select(Customer, Account.full_name)
        .outerjoin(Account, Account.id == Customer.agent_id)
        .where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    ).first()
    if row is None:
        raise NotFound
    customer, agent_name = row
    is_organisation = customer.kind == "organisation"
    return KnownCustomer(
        id=customer.id,
        number=customer.number,
        name=mask_name(customer.name, is_organisation=is_organisation),
        is_organisation=is_organisation,
        id_kind=customer.id_kind,
        id_number=mask_identity(IdKind(customer.id_kind), customer.id_number),
        phone=mask_phone(customer.mobile or customer.phone),
        address=mask_address(customer.address),
        legal_representative=mask_name(customer.legal_representative),
        agent_id=customer.agent_id,
        agent_name=agent_name or "",
    )


def _policy(session: Session, actor: Actor, policy_id: int) -> Policy:
    joined = select(Policy).join(Customer, Customer.id == Policy.customer_id)
    policy = session.scalar(joined.where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW)))
    if policy is None:
        raise NotFound
    return policy


def _claim(session: Session, actor: Actor, claim_id: int) -> tuple[int, int]:
    """Return policy and customer of a claim."""
    joined = select(Claim.policy_id, Claim.customer_id).join(Customer, Customer.id == Claim.customer_id)
    row = session.execute(joined.where(Claim.id == claim_id, claims_for(actor, Action.CLAIM_VIEW))).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _consultation(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    seen = consultations_for(actor, Action.CONSULTATION_VIEW)
    found = session.scalar(select(Consultation).where(Consultation.id == consultation_id, seen))
    if found is None:
        raise NotFound
    return found


def _question(consultation: Consultation) -> KnownQuestion:
    return KnownQuestion(
        id=consultation.id,
        number=consultation.number,
        channel=consultation.channel,
        asked_at=consultation.asked_at,
        asker=mask_name(consultation.asker),
        phone=mask_phone(consultation.phone),
        question=consultation.question,
    )
