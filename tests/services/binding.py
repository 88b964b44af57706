"""Filed papers of claims and policies that want to be bound."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claims import ClaimOutcome, ClaimStatus
from app.models.claims import Claim
from app.models.documents import Category, Document
from app.models.intake import PaperType
from app.services.paper_types import seed_paper_types
from tests.records import make_claim, make_customer, make_document, make_policy

CLOSED_ON = date(2026, 3, 5)


def closed_claim(session: Session, policy_id: int, number: str = "C2026-000456", **fields: Any) -> int:
    """A claim that was closed in 2026."""
    claim_id = make_claim(session, policy_id, number=number)
    claim = session.get_one(Claim, claim_id)
    claim.status, claim.closed_on = ClaimStatus.CLOSED.value, fields.pop("closed_on", CLOSED_ON)
    claim.outcome = fields.pop("outcome", ClaimOutcome.FULL.value)
    session.flush()
    return claim_id


def filed_paper(session: Session, customer_id: int, title: str, code: str = "32", kind: str = "", **fields: Any) -> int:
    """A filed paper of a class, with a kind where it has one."""
    if kind and session.scalar(select(PaperType.id).limit(1)) is None:
        seed_paper_types(session)
    category = session.scalars(select(Category).where(Category.code == code)).one()
    plain = {"title": title, "category_id": category.id, "formed_on": date(2026, 1, 10), "page_count": 2}
    after = {name: fields.pop(name) for name in ("policy_id", "claim_id", "case_id", "level") if name in fields}
    document_id = make_document(session, customer_id, **{**plain, **fields})
    document = session.get_one(Document, document_id)
    document.state, document.archive_number = "filed", f"J019-ZY·{category.series}·2026·D10-{document_id % 10**9:09d}"
    document.period = "D10"
    document.level = after.pop("level", 2)
    for name, value in after.items():
        setattr(document, name, value)
    if kind:
        document.paper_type_id = session.scalars(select(PaperType.id).where(PaperType.code == kind)).one()
    session.flush()
    return document_id


def a_case(
    session: Session, name: str = "王芳", number: str = "C2026-000456", policy: str = "P2026-000123"
) -> tuple[int, int]:
    """A customer's closed claim; customer and claim."""
    customer_id = make_customer(session, name=name)
    policy_id = make_policy(session, customer_id, number=policy)
    return customer_id, closed_claim(session, policy_id, number)
