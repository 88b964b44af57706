"""Drawing the pages of a version: bytes from the store, through the sandbox, page images back into the store."""

from __future__ import annotations

import io
from typing import Any

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.documents import DocumentVersion
from app.ports import BlobDamaged, BlobMissing, RefusedFile, RenderedPage
from app.services.documents import DrawnPage, keep_pages, mark_for_a_person


def render_version(work: Work, payload: dict[str, Any]) -> None:
    """Draw every page of a version; what no machine can draw is left for a person, never lost."""
    version_id = int(payload["version_id"])
    with work.sessions() as session:
        version = session.get_one(DocumentVersion, version_id)
        digest, total, state = version.blob_digest, version.pages, version.render_state
    if state != "waiting":
        return
    try:
        pages = draw(work, work.tools.files.read(digest), total)
    except RefusedFile as refused:
        _leave_to_a_person(work, version_id, refused.reason)
        return
    except (BlobDamaged, BlobMissing) as fault:
        # Trying again would not mend it; the page must not say "being drawn" for ever.
        _leave_to_a_person(work, version_id, type(fault).__name__)
        raise
    with work.sessions() as session:
        begin_write(session)
        keep_pages(session, version_id, pages, now=work.clock())
        session.commit()


def _leave_to_a_person(work: Work, version_id: int, reason: str) -> None:
    with work.sessions() as session:
        begin_write(session)
        mark_for_a_person(session, version_id, reason)
        session.commit()


def draw(work: Work, data: bytes, total: int) -> list[DrawnPage]:
    """Return the pages with their images in the store; raises `RefusedFile`."""
    drawn = []
    for page in work.tools.images.render(data):
        drawn.append(_keep(work, page))
        work.beat(page.number, total)
    return drawn


def _keep(work: Work, page: RenderedPage) -> DrawnPage:
    image = work.tools.files.put(io.BytesIO(page.image))
    thumbnail = work.tools.files.put(io.BytesIO(page.thumbnail))
    return DrawnPage(page.number, page.width, page.height, image, thumbnail, page.text, page.is_digital, page.lines)
