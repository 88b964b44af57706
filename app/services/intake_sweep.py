"""Every step of receiving that is due and that no open job stands for: asked for again, or given to a person.

The rows say what remains. A job that failed for good (a full disk, five times) is written anew; one that took its worker
down on every try is not: its file is for a person.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.page_work import WorkState
from app.models.documents import DocumentVersion, Page
from app.models.intake import IntakeFile, IntakePage
from app.models.machinery import Job
from app.services import jobs, page_work
from app.services.documents import mark_for_a_person
from app.services.intake import leave_to_a_person, want_drawing
from app.services.page_work import hand_to_people, settle_item, want_page_work
from app.services.unpacking import leave_archive_to_a_person, want_unpacking

AT_MOST = 200  # of each kind in one sweep


def sweep(session: Session, *, now: datetime) -> None:
    """Look at everything that waits; idempotent."""
    for file in session.scalars(_waiting_files()):
        _nudge_file(session, file, now=now)
    for version_id in session.scalars(_waiting_versions()):
        _nudge_version(session, version_id, now=now)
    for item_id in page_work.items_to_settle(session, AT_MOST):
        _nudge_item(session, item_id, now=now)
    for table in (IntakePage, Page):
        if session.scalar(select(table.id).where(table.work_state == WorkState.WAITING.value).limit(1)) is not None:
            want_page_work(session, now=now, priority=6)


def _waiting_files() -> Select[IntakeFile]:
    return select(IntakeFile).where(IntakeFile.state == "waiting").order_by(IntakeFile.received_at).limit(AT_MOST)


def _waiting_versions() -> Select[int]:
    waiting = select(DocumentVersion.id).where(DocumentVersion.render_state == "waiting")
    return waiting.order_by(DocumentVersion.uploaded_at).limit(AT_MOST)


def _nudge_file(session: Session, file: IntakeFile, *, now: datetime) -> None:
    is_archive = file.item_id is None
    last = _last_job(session, f"unpack:{file.id}" if is_archive else f"draw:{file.id}")
    if last is not None and last.fault == "WorkerLost" and last.state == "failed":
        if is_archive:
            leave_archive_to_a_person(session, file.id, "too_costly", now=now)
        else:
            leave_to_a_person(session, file.id, file.item_id or 0, "too_costly", now=now)
    elif is_archive:
        want_unpacking(session, None, file.id, (last.payload if last else {}).get("customer_id"), now=now)
    else:
        want_drawing(session, None, file.id, file.item_id or 0, now=now)


def _nudge_version(session: Session, version_id: int, *, now: datetime) -> None:
    key = f"render:{version_id}"
    last = _last_job(session, key)
    if last is not None and last.fault == "WorkerLost" and last.state == "failed":
        mark_for_a_person(session, version_id, "too_costly")
        return
    jobs.enqueue(session, "render_version", {"version_id": version_id}, now=now, unique_key=key, priority=3)


def _nudge_item(session: Session, item_id: int, *, now: datetime) -> None:
    """Ask for suggestions again; where they failed for good, a person works without them."""
    last = _last_job(session, f"suggest:{item_id}")
    if last is not None and last.state == "failed":
        hand_to_people(session, item_id, is_suggested=False, now=now)
    else:
        settle_item(session, item_id, now=now)


def _last_job(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.unique_key == key).order_by(Job.created_at.desc()).limit(1))
