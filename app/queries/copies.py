"""Reads of certified copies: those of an item, and what the QR code of one may tell anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Account, Branch
from app.models.borrowing import CertifiedCopy, LoanItem, LoanRequest
from app.models.documents import Blob, Document


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A certified copy of an item."""

    id: int
    number: str
    pages: str
    page_count: int
    purpose: str
    made_by: str
    made_at: datetime
    is_there: bool  # printed
    checks: int
    revoked_at: datetime | None
    revoke_reason: str


@dataclass(frozen=True, slots=True)
class VerifiedCopy:
    """What anybody may learn who holds the QR code; nobody's name is in it."""

    id: int
    number: str
    archive_number: str
    pages: str
    page_count: int
    made_at: datetime
    unit: str
    sha256: str
    revoked_at: datetime | None


def copies_of(session: Session, item_id: int) -> Sequence[CopyRow]:
    """Return the copies of an item that the reader has been shown, newest first."""
    rows = session.execute(
        select(
            CertifiedCopy.id,
            CertifiedCopy.number,
            CertifiedCopy.pages,
            CertifiedCopy.page_count,
            CertifiedCopy.purpose,
            func.coalesce(Account.full_name, ""),
            CertifiedCopy.made_at,
            CertifiedCopy.blob_digest.is_not(None),
            CertifiedCopy.checks,
            CertifiedCopy.revoked_at,
            CertifiedCopy.revoke_reason,
        )
        .outerjoin(Account, Account.id == CertifiedCopy.made_by)
        .where(CertifiedCopy.item_id == item_id)
        .order_by(CertifiedCopy.made_at.desc(), CertifiedCopy.number.desc())
    )
    return [CopyRow(*row) for row in rows]


def verified_copy(session: Session, token: str) -> VerifiedCopy | None:
    """Return the printed copy behind the token of a QR code, or None."""
    row = session.execute(
        select(
            CertifiedCopy.id,
            CertifiedCopy.number,
            func.coalesce(Document.archive_number, ""),
            CertifiedCopy.pages,
            CertifiedCopy.page_count,
            CertifiedCopy.made_at,
            Branch.fonds_name,
            Blob.sha256,
            CertifiedCopy.revoked_at,
        )
        .join(Document, Document.id == CertifiedCopy.document_id)
        .join(LoanItem, LoanItem.id == CertifiedCopy.item_id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Branch, Branch.id == LoanRequest.branch_id)
        .join(Blob, Blob.digest == CertifiedCopy.blob_digest)
        .where(CertifiedCopy.token == token)
    ).first()
    return VerifiedCopy(*row) if row else None
