"""Things as the index sees them, by key; and the keys of everything, for building it anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.cases import Case, CaseStatement
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import Document, DocumentVersion, Page
from app.models.policies import Policy
from app.ports import SearchEntry

EPOCH = date(1970, 1, 1)
BATCH = 500


def entries_by_keys(session: Session, keys: Sequence[str]) -> list[SearchEntry]:
    """Return the entries behind `keys`; a key without one is gone from the database."""
    found: list[SearchEntry] = []
    for kind, read in _READERS.items():
        ids = [int(key.partition("-")[2]) for key in keys if key.startswith(f"{kind}-")]
        for start in range(0, len(ids), BATCH):
            found += read(session, ids[start : start + BATCH])
    return found


def all_entries(session: Session) -> Iterator[SearchEntry]:
    """Yield an entry of every thing, oldest ids first, a batch in memory at a time."""
    for kind, model in _MODELS.items():
        last = 0
        while True:
            statement = select(model.id).where(model.id > last).order_by(model.id).limit(BATCH)
            ids = list(session.scalars(statement))
            if not ids:
                break
            yield from _READERS[kind](session, ids)
            last = ids[-1]
            session.expunge_all()


def customer_entry(row: Customer) -> SearchEntry:
    """Return a customer as the index sees it."""
    return SearchEntry(
        key=f"customer-{row.id}",
        kind="customer",
        title=row.name,
        numbers=_present(row.number, row.id_number, row.mobile, row.phone, row.bank_account),
        body=_joined(row.address, row.employer, row.occupation, row.legal_representative, row.contact_person),
        branch_id=row.branch_id,
        agent_id=row.agent_id,
        level=row.level,
        newest=_days(row.updated_at.date()),
    )


def policy_entry(policy: Policy, customer: Customer) -> SearchEntry:
    """Return a policy as the index sees it."""
    return SearchEntry(
        key=f"policy-{policy.id}",
        kind="policy",
        title=_joined(policy.product, customer.name),
        numbers=_present(policy.number, policy.application_number),
        body="",
        branch_id=policy.branch_id,
        agent_id=customer.agent_id,
        level=customer.level,
        newest=_days(policy.effective_on or policy.updated_at.date()),
    )


def claim_entry(claim: Claim, customer: Customer, policy_number: str) -> SearchEntry:
    """Return a claim as the index sees it."""
    return SearchEntry(
        key=f"claim-{claim.id}",
        kind="claim",
        title=customer.name,
        numbers=_present(claim.number, claim.report_number, policy_number),
        body=claim.summary,
        branch_id=claim.branch_id,
        agent_id=customer.agent_id,
        level=customer.level,
        newest=_days(claim.reported_on or claim.updated_at.date()),
    )


def document_entry(document: Document, customer: Customer, text: str) -> SearchEntry:
    """Return an item as the index sees it, with the text of its pages."""
    return SearchEntry(
        key=f"document-{document.id}",
        kind="document",
        title=_joined(document.title, customer.name),
        numbers=_present(document.archive_number, document.document_number),
        body=_joined(document.author, document.keywords, text),
        branch_id=document.branch_id,
        # Agents reach an item only until it is catalogued.
        agent_id=customer.agent_id if document.state == "received" else None,
        level=max(document.level, customer.level),
        newest=_days(document.formed_on or document.updated_at.date()),
    )


def consultation_entry(row: Consultation, policy_number: str | None, claim_number: str | None) -> SearchEntry:
    """Return a consultation as the index sees it."""
    return SearchEntry(
        key=f"consultation-{row.id}",
        kind="consultation",
        title=row.asker,
        numbers=_present(row.number, row.phone, policy_number, claim_number),
        body=_joined(row.product, row.question, row.answer, row.follow_up_note),
        branch_id=row.branch_id,
        agent_id=None,
        level=row.level,
        newest=_days(row.asked_at.date()),
    )


def case_entry(
    case: Case, said: CaseStatement | None, policy_number: str | None, claim_number: str | None
) -> SearchEntry:
    """Return a complaint as the index sees it; it is its handler's and its registrar's own."""
    names, numbers, texts = (
        [getattr(said, name) if said else "" for name in fields] for fields in (_NAMES, _NUMBERS, _TEXTS)
    )
    return SearchEntry(
        key=f"case-{case.id}",
        kind="case",
        title=_joined(*names),
        numbers=_present(case.number, case.forward_number, policy_number, claim_number, *numbers),
        body=_joined(case.accused_name, case.partner, *texts),
        branch_id=case.branch_id,
        agent_id=case.handler_id,
        registrar_id=case.registered_by,
        level=case.level,
        newest=_days(case.received_at.date()),
    )


def texts_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the text of the pages of each item's current version."""
    rows = session.execute(
        select(Document.id, Page.text)
        .join(
            DocumentVersion,
            (DocumentVersion.document_id == Document.id) & (DocumentVersion.ordinal == Document.current_version),
        )
        .join(Page, Page.version_id == DocumentVersion.id)
        .where(Document.id.in_(ids))
        .order_by(Document.id, Page.number)
    )
    texts: dict[int, str] = {}
    for document_id, text in rows:
        texts[document_id] = f"{texts.get(document_id, '')}\n{text}"
    return texts


def _customers(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    return [customer_entry(row) for row in session.scalars(select(Customer).where(Customer.id.in_(ids)))]


def _policies(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    rows = session.execute(
        select(Policy, Customer).join(Customer, Customer.id == Policy.customer_id).where(Policy.id.in_(ids))
    )
    return [policy_entry(*row) for row in rows]


def _claims(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    rows = session.execute(
        select(Claim, Customer, Policy.number)
        .join(Customer, Customer.id == Claim.customer_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.id.in_(ids))
    )
    return [claim_entry(*row) for row in rows]


def _documents(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    rows = session.execute(
        select(Document, Customer)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.id.in_(ids), Document.state != "destroyed")
    ).all()
    texts = texts_of(session, [document.id for document, _ in rows])
    return [document_entry(document, customer, texts.get(document.id, "")) for document, customer in rows]


def _consultations(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    rows = session.execute(
        select(Consultation, Policy.number, Claim.number)
        .outerjoin(Policy, Policy.id == Consultation.policy_id)
        .outerjoin(Claim, Claim.id == Consultation.claim_id)
        .where(Consultation.id.in_(ids))
    )
    return [consultation_entry(*row) for row in rows]


def _cases(session: Session, ids: Sequence[int]) -> list[SearchEntry]:
    rows = session.execute(
        select(Case, CaseStatement, Policy.number, Claim.number)
        .outerjoin(CaseStatement, CaseStatement.case_id == Case.id)
        .outerjoin(Policy, Policy.id == Case.policy_id)
        .outerjoin(Claim, Claim.id == Case.claim_id)
        .where(Case.id.in_(ids))
    )
    return [case_entry(*row) for row in rows]


_NAMES = ("name", "agent_name")
_NUMBERS = ("id_number", "phone", "agent_id_number", "agent_phone")
_TEXTS = ("request", "facts", "grounds", "finding", "decision", "decision_basis")


def _present(*numbers: str | None) -> list[str]:
    return [number for number in numbers if number]


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _days(day: date) -> int:
    return (day - EPOCH).days


_READERS = {
    "customer": _customers,
    "policy": _policies,
    "claim": _claims,
    "document": _documents,
    "consultation": _consultations,
    "case": _cases,
}
_MODELS: dict[str, Any] = {
    "customer": Customer,
    "policy": Policy,
    "claim": Claim,
    "document": Document,
    "consultation": Consultation,
    "case": Case,
}
