"""What goes away by itself: expired exports, old jobs, keys of forms, sign-in attempts; debris of the file store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.documents import Blob
from app.models.machinery import Export
from app.services import attempts, case_visits, idempotency, jobs


def tidy(work: Work, _payload: dict[str, Any]) -> None:
    """Remove what has run out; the bytes of an export go before its row forgets them."""
    now = work.clock()
    with work.sessions() as session:
        expired = select(Export.blob_digest).where(Export.expires_at < now, Export.blob_digest.is_not(None))
        digests = [digest for digest in session.scalars(expired) if digest]
    for digest in digests:
        work.tools.files.delete(digest)
    work.tools.files.sweep(now=now)
    with work.sessions() as session:
        begin_write(session)
        session.execute(update(Export).where(Export.blob_digest.in_(digests)).values(blob_digest=None))
        session.execute(delete(Blob).where(Blob.digest.in_(digests)))
        jobs.forget_old(session, now=now)
        idempotency.forget_old(session, now=now)
        attempts.forget_old(session, now=now)
        case_visits.forget_old(session, now=now)
        session.commit()
