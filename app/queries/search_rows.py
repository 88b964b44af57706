"""What was found as the screen of the search shows it: read from the database, for who may see it, masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def _customers(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Customer, Branch.name)
        .join(Branch, Branch.id == Customer.branch_id)
        .where(Customer.id.in_(ids), customers_for(actor, Action.CUSTOMER_VIEW))
    )
    return [
        Found(
            "customer",
            row.id,
            mask_name(row.name, is_organisation=row.kind == "organisation"),
            row.number,
            (mask_identity(IdKind(row.id_kind), row.id_number) if row.id_number else "", branch),
            row.state,
            row.birth_date,
        )
        for row, branch in rows
    ]


def _policies(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Policy, Customer.name, Customer.kind)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id.in_(ids), policies_for(actor, Action.POLICY_VIEW))
    )
    return [
        Found("policy", row.id, row.product, row.number, (_masked(name, kind),), row.status, row.effective_on)
        for row, name, kind in rows
    ]


def _claims(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Claim, Customer.name, Customer.kind)
        .join(Customer, Customer.id == Claim.customer_id)
        .where(Claim.id.in_(ids), claims_for(actor, Action.CLAIM_VIEW))
    )
    return [
        Found("claim", row.id, _masked(name, kind), row.number, (row.kind,), row.status, row.reported_on)
        for row, name, kind in rows
    ]


def _documents(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Document, Customer.name, Customer.kind, Category.name)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(Document.id.in_(ids), documents_for(actor, Action.DOCUMENT_VIEW))
    )
    return [
        Found(
            "document",
            row.id,
            row.title,
            row.archive_number or "",
            (_masked(name, kind), category),
            row.state,
            row.formed_on,
        )
        for row, name, kind, category in rows
    ]


def _masked(name: str, kind: str) -> str:
    return mask_name(name, is_organisation=kind == "organisation")


def _consultations(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Consultation, Branch.name, Customer.kind)
        .join(Branch, Branch.id == Consultation.branch_id)
        .outerjoin(Customer, Customer.id == Consultation.customer_id)
        .where(Consultation.id.in_(ids), consultations_for(actor, Action.CONSULTATION_VIEW))
    )
    return [
        Found(
            "consultation",
            row.id,
            _masked(row.asker, kind or ""),
            row.number,
            (branch,),
            row.result,
            office_day(row.asked_at),
        )
        for row, branch, kind in rows
    ]


def _cases(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Case, Branch.name, CaseStatement.name, CaseStatement.complainant_kind)
        .join(Branch, Branch.id == Case.branch_id)
        .outerjoin(CaseStatement, CaseStatement.case_id == Case.id)
        .where(Case.id.in_(ids), cases_for(actor, Action.CASE_VIEW))
    )
    return [
        Found(
            "case",
            row.id,
            _masked(name or "", kind or "") or row.number,
            row.number,
            (branch,),
            row.state,
            office_day(row.received_at),
        )
        for row, branch, name, kind in rows
    ]


Reader = Callable[[Session, Actor, Iterable[int]], list[Found]]
READERS: Mapping[str, Reader] = {
    "customer": _customers,
    "policy": _policies,
    "claim": _claims,
    "document": _documents,
    "consultation": _consultations,
    "case": _cases,
}
