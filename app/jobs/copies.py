"""Printing a certified copy: page images from the store, through the press, the PDF sealed in the store."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.office_time import office_day
from app.domain.page_ranges import parse_pages
from app.domain.registers import day_in_letters
from app.jobs.handlers import Cancelled, Work
from app.models.accounts import Branch
from app.models.borrowing import CertifiedCopy, LoanItem, LoanRequest
from app.models.documents import Document, DocumentVersion, Page
from app.ports import CopyPage, CopySheet, PrintStopped
from app.services.copies import MOST_PAGES, keep_copy

STATEMENT = "此复印件与原件无异"


def print_copy(work: Work, payload: dict[str, Any]) -> None:
    """Print one ordered copy; a second run of a finished one, or one that was revoked, does nothing."""
    copy_id, base = int(payload["copy_id"]), str(payload["base"])
    with work.sessions() as session:
        copy = session.get_one(CertifiedCopy, copy_id)
        if copy.blob_digest is not None or copy.revoked_at is not None:
            return
        sheet, pages = lay_out(session, copy, base), _pages_of(work, session, copy)
    blob = work.tools.files.put(io.BytesIO(_print(work, sheet, pages)))
    with work.sessions() as session:
        begin_write(session)
        keep_copy(session, copy_id, blob, now=work.clock())
        session.commit()


def lay_out(session: Session, copy: CertifiedCopy, base: str) -> CopySheet:
    """Return what stands at the foot of the copy."""
    archive_number, unit = session.execute(
        select(Document.archive_number, Branch.fonds_name)
        .join_from(LoanItem, LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Branch, Branch.id == LoanRequest.branch_id)
        .where(LoanItem.id == copy.item_id)
    ).one()
    return CopySheet(
        statement=STATEMENT,
        purpose=f"此件仅供{copy.purpose}使用",
        number=copy.number,
        archive_number=archive_number or "—",
        unit=unit,
        made_on=day_in_letters(office_day(copy.made_at)),
        address=f"{base}/verify/{copy.token}",
    )


def _pages_of(work: Work, session: Session, copy: CertifiedCopy) -> list[CopyPage]:
    rows = session.execute(
        select(Page.number, Page.width, Page.height, Page.image_digest)
        .join(DocumentVersion, DocumentVersion.id == Page.version_id)
        .where(
            DocumentVersion.document_id == copy.document_id,
            DocumentVersion.ordinal == copy.version_ordinal,
        )
        .order_by(Page.number)
    ).all()
    chosen = parse_pages(copy.pages, [row.number for row in rows], most=MOST_PAGES)
    files = work.tools.files
    return [CopyPage(number, width, height, files.read(at)) for number, width, height, at in rows if number in chosen]


def _print(work: Work, sheet: CopySheet, pages: list[CopyPage]) -> bytes:
    stopped: list[Cancelled] = []

    def wanted() -> bool:
        try:
            work.beat(0, len(pages))
        except Cancelled as asked:
            stopped.append(asked)
            return False
        return True

    try:
        return work.tools.printer.print_copy(sheet, pages, wanted=wanted)
    except PrintStopped:
        if stopped:
            raise stopped[0] from None
        raise
