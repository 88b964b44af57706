"""Files that scanners left in a watched folder: taken once into the day's batch of their branch."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.intake import BatchState, Source
from app.domain.office_time import first_moment, office_day
from app.models.accounts import Branch
from app.models.intake import IntakeBatch, IntakeFile
from app.services.documents import ReceivedFile
from app.services.intake import open_batch, take_file
from app.services.unpacking import ARCHIVE, take_archive


def branch_codes(session: Session) -> dict[str, int]:
    """Return the branches by their codes."""
    return {code: branch_id for branch_id, code in session.execute(select(Branch.id, Branch.code))}


def fingerprint(master_key: bytes, branch: str, name: str, changed_ns: int, digest: str) -> str:
    """Return by which a file is known again: where it lay, since when, and what was in it; tells nothing without the key."""
    where = "\0".join(("scan folder", branch, name, str(changed_ns), digest))
    return hmac.new(master_key, where.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def take_scan(session: Session, branch_id: int, file: ReceivedFile, folder_key: str, *, now: datetime) -> bool:
    """Take a file into today's batch of its branch; return False when it was taken before."""
    if session.scalar(select(IntakeFile.id).where(IntakeFile.folder_key == folder_key)) is not None:
        return False
    batch = _batch_of_today(session, branch_id, now=now)
    if file.media_type == ARCHIVE:
        take_archive(session, None, batch, file, folder_key=folder_key, now=now)
    else:
        take_file(session, None, batch, file, folder_key=folder_key, now=now)
    return True


def _batch_of_today(session: Session, branch_id: int, *, now: datetime) -> IntakeBatch:
    day = office_day(now)
    today = (
        select(IntakeBatch)
        .where(
            IntakeBatch.branch_id == branch_id,
            IntakeBatch.state == BatchState.OPEN.value,
            IntakeBatch.source == Source.FOLDER.value,
            IntakeBatch.opened_at >= first_moment(day),
        )
        .order_by(IntakeBatch.opened_at.desc())
        .limit(1)
    )
    found = session.scalar(today.with_for_update())
    if found is not None:
        return found
    title = f"扫描文件夹 {day.isoformat()}"
    return session.get_one(IntakeBatch, open_batch(session, None, branch_id, Source.FOLDER, title=title, now=now))
