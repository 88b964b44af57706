"""Papers on their way in: drawing the pages of a file, and a sweep for what a crash left behind."""

from __future__ import annotations

from typing import Any

from app.db import begin_write
from app.jobs.documents import draw
from app.jobs.handlers import Work
from app.models.intake import IntakeFile
from app.ports import BlobDamaged, BlobMissing, RefusedFile
from app.services import intake, intake_sweep


def draw_file(work: Work, payload: dict[str, Any]) -> None:
    """Draw every page of a file into its item; what no machine can draw goes to the desk for a person."""
    file_id, item_id = int(payload["file_id"]), int(payload["item_id"])
    with work.sessions() as session:
        file = session.get_one(IntakeFile, file_id)
        digest, total, state = file.blob_digest, file.pages, file.state
    if state != "waiting":
        return
    try:
        pages = draw(work, work.tools.files.read(digest), total)
    except RefusedFile as refused:
        _leave_to_a_person(work, file_id, item_id, refused.reason)
        return
    except (BlobDamaged, BlobMissing):
        # Trying again would not mend it; the fault is noted, and the item must not wait for ever.
        _leave_to_a_person(work, file_id, item_id, "damaged_in_store")
        raise
    with work.sessions() as session:
        begin_write(session)
        intake.keep_drawn(session, file_id, item_id, pages, now=work.clock())
        session.commit()


def sweep_intake(work: Work, _payload: dict[str, Any]) -> None:
    """Ask again for every step that is due and that no open job stands for: a crash or a full disk left it behind."""
    with work.sessions() as session:
        begin_write(session)
        intake_sweep.sweep(session, now=work.clock())
        session.commit()


def _leave_to_a_person(work: Work, file_id: int, item_id: int, reason: str) -> None:
    with work.sessions() as session:
        begin_write(session)
        intake.leave_to_a_person(session, file_id, item_id, reason, now=work.clock())
        session.commit()
