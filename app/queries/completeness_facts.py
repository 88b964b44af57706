"""What rules of completeness may ask about: policies and claims with their people, loaded together, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, null, or_, select
from sqlalchemy.orm import Session

from app.domain.conditions import Value
from app.domain.errors import NotFound
from app.domain.policies import PartyRole
from app.domain.product_lines import ProductLine, class_of
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Party, Policy

ADULT = 18
# A claim by its own id, whatever its policy; a policy by its own.
Key = tuple[str, int]
_PERSON = (Customer.id, Customer.kind, Customer.birth_date, Customer.annual_income)


@dataclass(frozen=True, slots=True)
class Person:
    """What rules ask about somebody; `income` in cents, as digits."""

    id: int
    kind: str
    birth_date: date | None
    income: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A policy, or a claim with its policy, and its people; neither for a business of `customer` that only begins."""

    policy: Policy | None
    claim: Claim | None
    customer: Person
    parties: tuple[tuple[str, Person], ...] = ()

    @property
    def key(self) -> Key | None:
        """Return what its answers, its papers and what it owes are found by."""
        return key_of(self.policy.id if self.policy else None, self.claim.id if self.claim else None)

    @property
    def people(self) -> frozenset[int]:
        """Return whose own papers count for it."""
        return frozenset({self.customer.id, *(person.id for _, person in self.parties)})


def subjects_of_policies(session: Session, policy_ids: Sequence[int]) -> Sequence[Subject]:
    """Return policies with their people, in no order."""
    found = select(Policy, null(), *_PERSON).join(Customer, Customer.id == Policy.customer_id)
    return _load(session, found.where(Policy.id.in_(policy_ids)))


def subjects_of_claims(session: Session, claim_ids: Sequence[int]) -> Sequence[Subject]:
    """Return claims with their policies and people, in no order."""
    found = select(Policy, Claim, *_PERSON).join(Claim, Claim.policy_id == Policy.id)
    return _load(session, found.join(Customer, Customer.id == Claim.customer_id).where(Claim.id.in_(claim_ids)))


def read_subject(
    session: Session, *, policy_id: int | None = None, claim_id: int | None = None, customer_id: int | None = None
) -> Subject:
    """Return one policy or claim with its people, or a customer; raises `NotFound`."""
    found: Sequence[Subject]
    if claim_id is not None:
        found = subjects_of_claims(session, [claim_id])
    elif policy_id is not None:
        found = subjects_of_policies(session, [policy_id])
    else:
        rows = session.execute(select(*_PERSON).where(Customer.id == customer_id))
        found = [Subject(None, None, Person(*row)) for row in rows]
    if not found:
        raise NotFound
    return found[0]


def key_of(policy_id: int | None, claim_id: int | None) -> Key | None:
    """Return to what a row with these ids belongs."""
    if claim_id is not None:
        return ("claim", claim_id)
    return ("policy", policy_id) if policy_id is not None else None


def of_subjects(model: Any, subjects: Sequence[Subject]) -> ColumnElement[bool]:
    """Return the condition for the rows of a table that belong to some policies or claims themselves."""
    keys = [subject.key for subject in subjects if subject.key is not None]
    claims, policies = ([number for kind, number in keys if kind == wanted] for wanted in ("claim", "policy"))
    found = [model.claim_id.in_(claims)] if claims else []
    if policies:
        found.append(and_(model.policy_id.in_(policies), model.claim_id.is_(None)))
    return or_(*found) if found else false()


def facts_of(
    session: Session, *, policy_id: int | None = None, claim_id: int | None = None, today: date
) -> dict[str, Value]:
    """Return what is known of a policy or claim; raises `NotFound`."""
    return facts_about(read_subject(session, policy_id=policy_id, claim_id=claim_id), "", today)


def facts_about(subject: Subject, line: str, today: date) -> dict[str, Value]:
    """Return what is known of a subject; `line` is that of the policy which a business that begins will have."""
    policy, claim, holder = subject.policy, subject.claim, subject.customer
    income = holder.income or ""
    known: dict[str, Value] = {
        "customer_kind": holder.kind,
        "income": _yuan(int(income)) if income.isdigit() else None,
        **_line_facts(policy.line if policy is not None else line),
    }
    day = (policy.applied_on or policy.effective_on if policy is not None else None) or today
    if policy is not None:
        holder = next((person for role, person in subject.parties if role == PartyRole.HOLDER), holder)
        known |= {**_policy_facts(policy), **_insured_facts(subject, holder, day)}
    known["age"] = _age(holder.birth_date, day)
    if claim is not None:
        # A case that is not decided is not refused: nobody is asked about its outcome yet.
        known |= {"claim_kind": claim.kind, "outcome": claim.outcome or "none", "claimed": _yuan(claim.amount_claimed)}
    return known


def _load(session: Session, statement: Select[*tuple[Any, ...]]) -> Sequence[Subject]:
    rows = session.execute(statement).all()
    policies = {row[0].id for row in rows}
    parties: dict[int, list[tuple[str, Person]]] = {}
    joined = select(Party.policy_id, Party.role, *_PERSON).join(Customer, Customer.id == Party.customer_id)
    for row in session.execute(joined.where(Party.policy_id.in_(policies)).order_by(Party.id)):
        parties.setdefault(row[0], []).append((row[1], Person(*row[2:])))
    return [Subject(row[0], row[1], Person(*row[2:]), tuple(parties.get(row[0].id, ()))) for row in rows]


def _line_facts(line: str) -> dict[str, Value]:
    known = line in set(ProductLine)
    return {"line": line or None, "insurance": class_of(ProductLine(line)).value if known else None}


def _policy_facts(policy: Policy) -> dict[str, Value]:
    return {
        "design_type": policy.design_type or "ordinary",
        "term_kind": policy.term_kind,
        "channel": policy.channel,
        "pay_mode": policy.pay_mode,
        "pay_years": Decimal(policy.pay_years) if policy.pay_years is not None else None,
        "amount": _yuan(policy.insured_amount),
        "premium": _yuan(policy.premium),
    }


def _insured_facts(subject: Subject, holder: Person, day: date) -> dict[str, Value]:
    insured = [person for role, person in subject.parties if role == PartyRole.INSURED] or [holder]
    ages = [years for person in insured if (years := _age(person.birth_date, day)) is not None]
    return {
        "insured_age": min(ages, default=None),
        "minor": min(ages) < ADULT if ages else None,
        "own_life": all(person.id == holder.id for person in insured),
    }


def _yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _age(birth: date | None, day: date) -> Decimal | None:
    if birth is None:
        return None
    return Decimal(day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))
