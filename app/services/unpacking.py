"""A ZIP that came in: kept as it is, and unpacked into files that are items of their own; no part of it is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import kept_file_name
from app.domain.errors import WrongState
from app.domain.ids import new_id
from app.domain.intake import BatchState
from app.domain.policy import Action
from app.models.customers import Customer
from app.models.intake import IntakeBatch, IntakeFile
from app.services import jobs, trail
from app.services.documents import ReceivedFile
from app.services.evidence import keep_blob
from app.services.intake import OPEN_TO_FILES, lay_item, leave_to_a_person, take_file
from app.services.intake_steps import batch_subject, load_batch
from app.services.page_work import hand_to_people

ARCHIVE = "application/zip"
UNKNOWN = "application/octet-stream"


def receive_archive(
    session: Session, actor: Actor, batch_id: int, file: ReceivedFile, *, customer: Customer | None, now: datetime
) -> int:
    """Take a ZIP into an open batch and return the id of the file; raises `NotFound`, `NotAllowed`, `WrongState`."""
    batch = load_batch(session, actor, batch_id, Action.INTAKE_RECEIVE)
    if BatchState(batch.state) not in OPEN_TO_FILES:
        raise WrongState("batch.closed")
    return take_archive(session, actor, batch, file, customer=customer, now=now)


def take_archive(
    session: Session,
    actor: Actor | None,
    batch: IntakeBatch,
    file: ReceivedFile,
    *,
    customer: Customer | None = None,
    folder_key: str | None = None,
    now: datetime,
) -> int:
    """Put a ZIP into `batch` and return the id of the file; a job unpacks it."""
    keep_blob(session, file.blob, now=now)
    kept = IntakeFile(
        id=new_id(),
        batch_id=batch.id,
        blob_digest=file.blob.digest,
        file_name=kept_file_name(file.name),
        media_type=ARCHIVE,
        size=file.blob.size,
        folder_key=folder_key,
        received_by=actor.account_id if actor else None,
        received_at=now,
    )
    session.add(kept)
    session.flush()
    subject, after = batch_subject(batch), {"sha256": file.blob.sha256, "pages": 0}
    trail.record(session, actor, "file_received", subject, now=now, after=after)
    want_unpacking(session, actor, kept.id, customer.id if customer else None, now=now)
    return kept.id


def want_unpacking(
    session: Session, actor: Actor | None, file_id: int, customer_id: int | None, *, now: datetime
) -> None:
    """Ask for a ZIP to be unpacked; what comes out is for this customer, when there is one."""
    payload = {"file_id": file_id, "customer_id": customer_id}
    jobs.enqueue(session, "unpack_file", payload, now=now, actor=actor, unique_key=f"unpack:{file_id}", priority=3)


def parts_known(session: Session, file_id: int) -> int:
    """Return how many parts of a ZIP were taken already; they are taken in order, so an interrupted run goes on there."""
    return session.scalar(select(func.count()).where(IntakeFile.parent_id == file_id)) or 0


def take_part(
    session: Session, file_id: int, part: ReceivedFile, *, customer_id: int | None, refusal: str, now: datetime
) -> None:
    """Put one part of a ZIP into its batch; one that was refused is an item for a person."""
    parent = session.get_one(IntakeFile, file_id, with_for_update=True)
    batch = session.get_one(IntakeBatch, parent.batch_id)
    customer = session.get(Customer, customer_id) if customer_id else None
    item_id = take_file(session, None, batch, part, customer=customer, parent_id=file_id, now=now)
    if refusal:
        part_id = session.scalar(select(IntakeFile.id).where(IntakeFile.item_id == item_id))
        leave_to_a_person(session, part_id or 0, item_id, refusal, now=now)


def close_archive(session: Session, file_id: int, parts: int) -> None:
    """Note that all parts were taken."""
    parent = session.get_one(IntakeFile, file_id, with_for_update=True)
    parent.state, parent.pages = "done", parts
    session.flush()


def leave_archive_to_a_person(session: Session, file_id: int, reason: str, *, now: datetime) -> None:
    """Make an item of a ZIP that could not be unpacked, so that a person sees it."""
    parent = session.get_one(IntakeFile, file_id, with_for_update=True)
    if parent.state != "waiting":
        return
    parent.state, parent.note = "manual", reason[:60]
    item = lay_item(session, session.get_one(IntakeBatch, parent.batch_id), None, now=now)
    parent.item_id = item.id
    hand_to_people(session, item.id, is_suggested=False, now=now)
