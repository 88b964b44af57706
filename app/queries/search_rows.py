"""What was found as the screen of the search shows it: read from the database, for who may see it, masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_identity, mask_name
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.snippets import Snippet
from app.models.accounts import Branch
from app.models.cases import Case, CaseStatement
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.policies import Policy
from app.ports import SearchEntry
from app.queries.search_entries import (
    case_entry,
    claim_entry,
    consultation_entry,
    customer_entry,
    document_entry,
    policy_entry,
    texts_of,
)
from app.queries.visibility import (
    cases_for,
    claims_for,
    consultations_for,
    customers_for,
    documents_for,
    policies_for,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One result, masked."""

    kind: str
    id: int
    title: str
    number: str
    facts: tuple[str, ...]
    state: str
    day: date | None
    snippet: Snippet | None = None


# A result, and the thing as the index sees it: it must really contain what is looked for.
Checked = tuple[SearchEntry, Found]


def _customers(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Customer, Branch.name)
        .join(Branch, Branch.id == Customer.branch_id)
        .where(Customer.id.in_(ids), customers_for(actor, Action.CUSTOMER_VIEW))
    )
    for row, branch in rows:
        identity = mask_identity(IdKind(row.id_kind), row.id_number) if row.id_number else ""
        name = _masked(row.name, row.kind)
        yield (
            customer_entry(row),
            Found("customer", row.id, name, row.number, (identity, branch), row.state, row.birth_date),
        )


def _policies(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Policy, Customer)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id.in_(ids), policies_for(actor, Action.POLICY_VIEW))
    )
    for row, customer in rows:
        facts = (_masked(customer.name, customer.kind),)
        yield (
            policy_entry(row, customer),
            Found("policy", row.id, row.product, row.number, facts, row.status, row.effective_on),
        )


def _claims(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Claim, Customer, Policy.number)
        .join(Customer, Customer.id == Claim.customer_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.id.in_(ids), claims_for(actor, Action.CLAIM_VIEW))
    )
    for row, customer, policy_number in rows:
        name = _masked(customer.name, customer.kind)
        yield (
            claim_entry(row, customer, policy_number),
            Found("claim", row.id, name, row.number, (row.kind,), row.status, row.reported_on),
        )


def _documents(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Document, Customer, Category.name)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(Document.id.in_(ids), documents_for(actor, Action.DOCUMENT_VIEW))
    ).all()
    texts = texts_of(session, [row.id for row, _, _ in rows]) if rows else {}
    for row, customer, category in rows:
        facts = (_masked(customer.name, customer.kind), category)
        yield (
            document_entry(row, customer, texts.get(row.id, "")),
            Found("document", row.id, row.title, row.archive_number or "", facts, row.state, row.formed_on),
        )


def _consultations(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Consultation, Branch.name, Customer.kind, Policy.number, Claim.number)
        .join(Branch, Branch.id == Consultation.branch_id)
        .outerjoin(Customer, Customer.id == Consultation.customer_id)
        .outerjoin(Policy, Policy.id == Consultation.policy_id)
        .outerjoin(Claim, Claim.id == Consultation.claim_id)
        .where(Consultation.id.in_(ids), consultations_for(actor, Action.CONSULTATION_VIEW))
    )
    for row, branch, kind, policy_number, claim_number in rows:
        name, day = _masked(row.asker, kind or ""), office_day(row.asked_at)
        yield (
            consultation_entry(row, policy_number, claim_number),
            Found("consultation", row.id, name, row.number, (branch,), row.result, day),
        )


def _cases(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[Checked]:
    rows = session.execute(
        select(Case, CaseStatement, Branch.name, Policy.number, Claim.number)
        .join(Branch, Branch.id == Case.branch_id)
        .outerjoin(CaseStatement, CaseStatement.case_id == Case.id)
        .outerjoin(Policy, Policy.id == Case.policy_id)
        .outerjoin(Claim, Claim.id == Case.claim_id)
        .where(Case.id.in_(ids), cases_for(actor, Action.CASE_VIEW))
    )
    for row, said, branch, policy_number, claim_number in rows:
        name = _masked(said.name, said.complainant_kind or "") if said else ""
        yield (
            case_entry(row, said, policy_number, claim_number),
            Found("case", row.id, name or row.number, row.number, (branch,), row.state, office_day(row.received_at)),
        )


def _masked(name: str, kind: str) -> str:
    return mask_name(name, is_organisation=kind == "organisation")


Reader = Callable[[Session, Actor, Sequence[int]], Iterator[Checked]]
READERS: Mapping[str, Reader] = {
    "customer": _customers,
    "policy": _policies,
    "claim": _claims,
    "document": _documents,
    "consultation": _consultations,
    "case": _cases,
}
