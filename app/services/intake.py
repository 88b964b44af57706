"""Receiving papers 收集: a batch is opened, files come in, each becomes an item whose pages are drawn and worked on later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import kept_file_name
from app.domain.errors import NotAllowed, WrongState
from app.domain.ids import new_id
from app.domain.intake import BatchState, ItemState, Source
from app.domain.policy import Action, Target, may
from app.models.customers import Customer
from app.models.documents import Blob
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem, IntakePage
from app.services import jobs, trail
from app.services.documents import DrawnPage, ReceivedFile
from app.services.evidence import keep_blob
from app.services.intake_steps import batch_subject, load_batch, pages_of
from app.services.numbers import take_number
from app.services.page_work import hand_to_people, has_waiting, known_already, settle_item, want_page_work

OPEN_TO_FILES = frozenset({BatchState.OPEN, BatchState.REWORK})


def open_batch(
    session: Session, actor: Actor | None, branch_id: int, source: Source, *, title: str = "", now: datetime
) -> int:
    """Open a batch at a branch and return its id; `actor` is None for what the portal takes in by itself.

    Raises `NotAllowed`.
    """
    if actor is not None and source != Source.AGENT and not may(actor, Action.INTAKE_RECEIVE, Target(branch_id)):
        raise NotAllowed(Action.INTAKE_RECEIVE)
    batch_id = new_id()
    number = take_number(
        session,
        actor,
        f"batch|{now.year}",
        lambda value: f"SJ{now.year}-{value:06d}",
        holder_kind="intake_batch",
        holder_id=batch_id,
        now=now,
    )
    batch = IntakeBatch(
        id=batch_id,
        number=number,
        branch_id=branch_id,
        source=source.value,
        title=title.strip()[:120],
        opened_by=actor.account_id if actor else None,
        opened_at=now,
        version=1,
    )
    session.add(batch)
    session.flush()
    trail.record(session, actor, "batch_opened", batch_subject(batch), now=now, after={"source": source.value})
    return batch_id


def receive_into(
    session: Session,
    actor: Actor,
    batch_id: int,
    file: ReceivedFile,
    *,
    customer: Customer | None = None,
    now: datetime,
) -> int:
    """Take a file into an open batch and return the id of its item; raises `NotFound`, `NotAllowed`, `WrongState`."""
    batch = load_batch(session, actor, batch_id, Action.INTAKE_RECEIVE)
    if BatchState(batch.state) not in OPEN_TO_FILES:
        raise WrongState("batch.closed")
    return take_file(session, actor, batch, file, customer=customer, now=now)


def take_file(
    session: Session,
    actor: Actor | None,
    batch: IntakeBatch,
    file: ReceivedFile,
    *,
    customer: Customer | None = None,
    folder_key: str | None = None,
    parent_id: int | None = None,
    now: datetime,
) -> int:
    """Put a file into `batch` as an item of its own and return the item's id; its pages are drawn by a job."""
    keep_blob(session, file.blob, now=now)
    kept = IntakeFile(
        id=new_id(),
        batch_id=batch.id,
        parent_id=parent_id,
        blob_digest=file.blob.digest,
        file_name=kept_file_name(file.name),
        media_type=file.media_type,
        size=file.blob.size,
        pages=file.pages,
        folder_key=folder_key,
        received_by=actor.account_id if actor else None,
        received_at=now,
    )
    item = lay_item(session, batch, customer, now=now)
    session.add(kept)
    session.flush()
    trail.record(
        session,
        actor,
        "file_received",
        batch_subject(batch),
        now=now,
        after={"sha256": file.blob.sha256, "pages": file.pages},
    )
    want_drawing(session, actor, kept.id, item.id, now=now)
    return item.id


def lay_item(session: Session, batch: IntakeBatch, customer: Customer | None, *, now: datetime) -> IntakeItem:
    """Return a new item at the end of a batch; the machine has not looked at it yet."""
    last = session.scalar(select(func.max(IntakeItem.position)).where(IntakeItem.batch_id == batch.id)) or 0
    item = IntakeItem(
        id=new_id(),
        batch_id=batch.id,
        branch_id=batch.branch_id,
        position=last + 1,
        state=ItemState.WAITING.value,
        customer_id=customer.id if customer else None,
        touched=["customer_id"] if customer else [],
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(item)
    session.flush()
    return item


def want_drawing(session: Session, actor: Actor | None, file_id: int, item_id: int, *, now: datetime) -> None:
    """Ask for the pages of a file to be drawn into an item."""
    session.get_one(IntakeFile, file_id).item_id = item_id
    payload = {"file_id": file_id, "item_id": item_id}
    jobs.enqueue(session, "draw_file", payload, now=now, actor=actor, unique_key=f"draw:{file_id}", priority=3)


def keep_drawn(session: Session, file_id: int, item_id: int, pages: Iterable[DrawnPage], *, now: datetime) -> None:
    """Write the drawn pages of a file at the end of an item; a second run changes nothing."""
    file = session.get_one(IntakeFile, file_id, with_for_update=True)
    if file.state != "waiting":
        return
    known = set(session.scalars(select(IntakePage.file_page).where(IntakePage.file_id == file_id)))
    last = session.scalar(select(func.max(IntakePage.position)).where(IntakePage.item_id == item_id)) or 0
    count = 0
    for page in pages:
        count += 1
        if page.number in known:
            continue
        for blob in (page.image, page.thumbnail):
            if session.get(Blob, blob.digest) is None:
                keep_blob(session, blob, now=now)
        session.add(
            IntakePage(
                id=new_id(),
                item_id=item_id,
                position=last + page.number,
                file_id=file_id,
                file_page=page.number,
                width=page.width,
                height=page.height,
                image_digest=page.image.digest,
                thumbnail_digest=page.thumbnail.digest,
                text=page.text,
                **known_already(page.text, page.lines, is_digital=page.is_digital),
            )
        )
    file.state, file.pages = "done", count
    session.flush()
    if has_waiting(session, IntakePage.item_id, item_id, IntakePage.work_state):
        want_page_work(session, now=now)
    else:
        settle_item(session, item_id, now=now)


def leave_to_a_person(session: Session, file_id: int, item_id: int, reason: str, *, now: datetime) -> None:
    """Note that no machine can draw a file 打不开，请人处理; its item goes on to the desk. The original stays."""
    file = session.get_one(IntakeFile, file_id, with_for_update=True)
    if file.state != "waiting":
        return
    file.state, file.note = "manual", reason[:60]
    session.flush()
    if pages_of(session, item_id, removed=True):
        settle_item(session, item_id, now=now)
    else:
        hand_to_people(session, item_id, is_suggested=False, now=now)
