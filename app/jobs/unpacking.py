"""Unpacking a ZIP: each part is looked into in the sandbox and becomes an item; what no machine opens is for a person."""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.intake import IntakeFile
from app.ports import BlobDamaged, BlobMissing, PackedFile, RefusedFile
from app.services import unpacking
from app.services.documents import ReceivedFile


def unpack_file(work: Work, payload: dict[str, Any]) -> None:
    """Take the parts of a ZIP into its batch, each in a transaction of its own; an interrupted run goes on where it was."""
    file_id, customer_id = int(payload["file_id"]), payload["customer_id"]
    with work.sessions() as session:
        file = session.get_one(IntakeFile, file_id)
        digest, state, known = file.blob_digest, file.state, unpacking.parts_known(session, file_id)
    if state != "waiting":
        return
    try:
        parts = work.tools.images.unpack(work.tools.files.read(digest))
        count = known
        for count, part in enumerate(islice(parts, known, None), known + 1):
            _take(work, file_id, part, customer_id)
            work.beat(count, 0)
    except RefusedFile as refused:
        _leave_to_a_person(work, file_id, refused.reason)
        return
    except (BlobDamaged, BlobMissing):
        _leave_to_a_person(work, file_id, "damaged_in_store")
        raise
    with work.sessions() as session:
        begin_write(session)
        unpacking.close_archive(session, file_id, count)
        session.commit()


def _take(work: Work, file_id: int, part: PackedFile, customer_id: int | None) -> None:
    refusal, media_type, pages = "", unpacking.UNKNOWN, 0
    try:
        found = work.tools.images.examine(part.data)
        media_type, pages = found.media_type, found.pages
    except RefusedFile as refused:
        refusal = refused.reason
    blob = work.tools.files.put(io.BytesIO(part.data))
    with work.sessions() as session:
        begin_write(session)
        received = ReceivedFile(blob, part.name, media_type, pages)
        unpacking.take_part(session, file_id, received, customer_id=customer_id, refusal=refusal, now=work.clock())
        session.commit()


def _leave_to_a_person(work: Work, file_id: int, reason: str) -> None:
    with work.sessions() as session:
        begin_write(session)
        unpacking.leave_archive_to_a_person(session, file_id, reason, now=work.clock())
        session.commit()
