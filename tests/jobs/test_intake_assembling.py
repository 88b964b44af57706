"""The PDF of an accepted paper that is no whole file: made once, of the images as they were drawn, turned where they were turned."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.db import db
from app.domain.intake_desk import TypedItem
from app.jobs.handlers import Work
from app.jobs.intake_assembling import assemble_item
from app.models.documents import Document, DocumentVersion, Page
from app.models.intake import IntakeItem, IntakePage, PaperType
from app.ports import BlobMissing
from app.services.evidence import keep_blob
from app.services.intake_accepting import accept_item
from tests.cast import actor
from tests.client import Portal
from tests.records import make_customer
from tests.services.papers_in import make_batch, make_item


@pytest.fixture
def work(portal: Portal) -> Work:
    """What the worker of this portal works with."""
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    with portal.app.app_context():
        sessions: sessionmaker[Session] = sessionmaker(db.engine, expire_on_commit=False)
    return Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda _done, _total: None, None)


def accept_a_part(portal: Portal) -> tuple[int, int]:
    """Accept the last two of three pages, of which the first lies on its side; return paper and document."""
    store, now = portal.app.extensions["tools"].files, datetime.now(UTC)
    with portal.session() as session:
        item_id = make_item(session, make_batch(session, now=now), texts=("一", "二", "三"), now=now)
        for n, page in enumerate(session.scalars(select(IntakePage).order_by(IntakePage.position))):
            image = BytesIO()
            Image.new("RGB", (60, 40 + n), "white").save(image, "JPEG")
            kept = store.put(BytesIO(image.getvalue()))
            keep_blob(session, kept, now=now)
            page.image_digest, page.removed, page.turned = kept.digest, n == 0, 90 if n == 1 else 0
        kind = session.scalars(select(PaperType.id).where(PaperType.code == "application")).one()
        customer = make_customer(session)
        said = TypedItem(
            customer_id=customer, paper_type_id=kind, title="王芳投保单", author="王芳", formed_on=date(2026, 11, 1)
        )
        version = session.get_one(IntakeItem, item_id).version
        who = actor(session, "archivist")
        document = accept_item(session, who, item_id, said, version=version, now=now, today=now.date())
        session.commit()
    return item_id, document


def test_the_pages_become_one_pdf_exactly_once(portal: Portal, work: Work) -> None:
    item_id, document_id = accept_a_part(portal)
    payload = {"item_id": item_id, "document_id": document_id}

    assemble_item(work, payload)
    assemble_item(work, payload)

    with portal.session() as session:
        version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document_id)).one()
        pages = session.scalars(select(Page).where(Page.version_id == version.id).order_by(Page.number)).all()
        assert session.get_one(Document, document_id).current_version == 1
    data = work.tools.files.read(version.blob_digest)
    found = work.tools.images.examine(data)
    drawn = list(work.tools.images.render(data))
    assert (found.media_type, found.pages) == ("application/pdf", 2)
    assert [(page.text, page.turned) for page in pages] == [("二", 90), ("三", 0)]
    assert [page.width < page.height for page in drawn] == [True, False]


def test_a_store_without_the_image_leaves_the_document_as_it_was(portal: Portal, work: Work) -> None:
    item_id, document_id = accept_a_part(portal)
    with portal.session() as session:
        digest = session.scalars(select(IntakePage.image_digest).where(IntakePage.position == 3)).one()
    work.tools.files.delete(digest)

    with pytest.raises(BlobMissing):
        assemble_item(work, {"item_id": item_id, "document_id": document_id})

    with portal.session() as session:
        assert session.scalars(select(DocumentVersion.id)).all() == []
