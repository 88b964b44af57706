"""Assembling the pages of an accepted paper into one PDF: from the images as they were drawn, none encoded anew but turned ones."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.documents import Document
from app.services.intake_steps import pages_of
from app.services.intake_versions import is_current, keep_assembled


def assemble_item(work: Work, payload: dict[str, Any]) -> None:
    """Make the version of a document from the pages of its paper; one that has them already is left alone."""
    item_id, document_id = int(payload["item_id"]), int(payload["document_id"])
    with work.sessions() as session:
        pages = pages_of(session, item_id)
        if is_current(session, session.get_one(Document, document_id), pages):
            return
        wanted = [(page.image_digest, page.turned) for page in pages]
    blob = work.tools.files.put(io.BytesIO(work.tools.pages.assemble(list(_images(work, wanted)))))
    with work.sessions() as session:
        begin_write(session)
        keep_assembled(session, item_id, document_id, blob, now=work.clock())
        session.commit()


def _images(work: Work, wanted: list[tuple[str, int]]) -> Iterator[bytes]:
    for number, (digest, turned) in enumerate(wanted, 1):
        image = work.tools.files.read(digest)
        yield work.tools.pages.turn(image, turned) if turned else image
        work.beat(number, len(wanted))
