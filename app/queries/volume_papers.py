"""Papers as the order inside a volume looks at them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claims import ClaimOutcome, ClaimStatus
from app.domain.volume_order import Paper
from app.models.claims import Claim
from app.models.documents import Category, Document
from app.models.intake import PaperType
from app.models.policies import Policy


def papers_of(session: Session, document_ids: Iterable[int]) -> list[Paper]:
    """Return the items with what their order goes by."""
    rows = session.execute(
        select(
            Document.id,
            Document.title,
            PaperType.code,
            Category.code,
            Document.formed_on,
            Document.archive_number,
            Policy.number,
        )
        .join(Category, Category.id == Document.category_id)
        .outerjoin(PaperType, PaperType.id == Document.paper_type_id)
        .outerjoin(Policy, Policy.id == Document.policy_id)
        .where(Document.id.in_(list(document_ids)))
    )
    return [
        Paper(key, title, kind or "", category, formed_on, number or "", policy or "")
        for key, title, kind, category, formed_on, number, policy in rows
    ]


def is_litigated(session: Session, claim_id: int | None) -> bool:
    """Say whether a claim went to court; False without a claim."""
    row = session.execute(select(Claim.outcome, Claim.status).where(Claim.id == claim_id)).first()
    return row is not None and (row.outcome == ClaimOutcome.LITIGATED or row.status == ClaimStatus.LITIGATING)
