"""The pages of an accepted paper become a version of its document, with all that page work found out already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.documents import kept_file_name
from app.domain.ids import new_id
from app.domain.intake_desk import is_whole_file
from app.models.documents import Document, DocumentVersion, Page
from app.models.intake import IntakeFile, IntakeItem, IntakePage
from app.ports import StoredBlob
from app.services import jobs, outbox
from app.services.evidence import keep_blob
from app.services.intake_steps import pages_of

PDF = "application/pdf"


def give_version(session: Session, item: IntakeItem, document: Document, *, now: datetime) -> None:
    """Make sure that the document has the pages of its paper as its newest version.

    Exactly one whole file, in its own order and unturned, is the version itself; anything else is assembled by a job.
    """
    pages = pages_of(session, item.id)
    if not pages or is_current(session, document, pages):
        return
    file = whole_file(session, item, pages)
    if file is not None:
        add_worked_version(
            session,
            document,
            pages,
            digest=file.blob_digest,
            media_type=file.media_type,
            name=file.file_name,
            size=file.size,
            uploaded_by=file.received_by,
            now=now,
        )
        return
    payload = {"item_id": item.id, "document_id": document.id}
    key = f"assemble:{document.id}:{item.version}"
    jobs.enqueue(session, "assemble_item", payload, now=now, unique_key=key, priority=2)


def keep_assembled(session: Session, item_id: int, document_id: int, blob: StoredBlob, *, now: datetime) -> bool:
    """Add the assembled PDF as the newest version; False, and nothing done, when the document has these pages already."""
    document = session.get_one(Document, document_id, with_for_update=True)
    item = session.get_one(IntakeItem, item_id)
    pages = pages_of(session, item_id)
    if is_current(session, document, pages):
        return False
    keep_blob(session, blob, now=now)
    add_worked_version(
        session,
        document,
        pages,
        digest=blob.digest,
        media_type=PDF,
        name=kept_file_name(f"{document.title[:80]}.pdf"),
        size=blob.size,
        uploaded_by=item.catalogued_by,
        now=now,
    )
    outbox.announce(session, "document", document.id, now=now)
    return True


def is_current(session: Session, document: Document, pages: Sequence[IntakePage]) -> bool:
    """Say whether the newest version of a document shows exactly these pages."""
    version = select(DocumentVersion.id).where(
        DocumentVersion.document_id == document.id, DocumentVersion.ordinal == document.current_version
    )
    rows = session.execute(
        select(Page.image_digest, Page.turned).where(Page.version_id == version.scalar_subquery()).order_by(Page.number)
    ).all()
    return bool(rows) and [tuple(row) for row in rows] == [(page.image_digest, page.turned) for page in pages]


def whole_file(session: Session, item: IntakeItem, pages: Sequence[IntakePage]) -> IntakeFile | None:
    """Return the file that a paper is exactly, None when it is a part, several, or turned."""
    files = {page.file_id for page in pages}
    if len(files) != 1:
        return None
    file = session.get_one(IntakeFile, files.pop())
    order = [page.file_page for page in pages]
    return file if is_whole_file(order, file.pages, [page.turned for page in pages]) else None


def add_worked_version(
    session: Session,
    document: Document,
    pages: Sequence[IntakePage],
    *,
    digest: str,
    media_type: str,
    name: str,
    size: int,
    uploaded_by: int | None,
    now: datetime,
) -> int:
    """Add a version whose pages are drawn, restored and read already, and return its ordinal."""
    last = select(func.max(DocumentVersion.ordinal)).where(DocumentVersion.document_id == document.id)
    version = DocumentVersion(
        id=new_id(),
        document_id=document.id,
        ordinal=(session.scalar(last) or 0) + 1,
        blob_digest=digest,
        media_type=media_type,
        file_name=name,
        size=size,
        pages=len(pages),
        render_state="done",
        uploaded_by=uploaded_by,
        uploaded_at=now,
    )
    session.add(version)
    session.flush()
    session.add_all(_page(version.id, number, page) for number, page in enumerate(pages, 1))
    document.current_version, document.updated_at = version.ordinal, now
    document.version = (document.version or 0) + 1
    session.flush()
    return version.ordinal


def _page(version_id: int, number: int, page: IntakePage) -> Page:
    return Page(
        id=new_id(),
        version_id=version_id,
        number=number,
        width=page.width,
        height=page.height,
        image_digest=page.image_digest,
        thumbnail_digest=page.thumbnail_digest,
        text=page.text,
        restored_digest=page.restored_digest,
        words=page.words or None,
        reader=page.reader,
        score=page.score,
        work_state=page.work_state,
        work_note=page.work_note,
        turned=page.turned,
        skew=page.skew,
        blank=page.blank,
    )
