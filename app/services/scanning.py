"""Uploading into batches: opening one with its scanning record, changing that, and taking in files of every kind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound, WrongState
from app.domain.intake import BatchState, Source
from app.domain.policy import Action
from app.domain.scanning import Scanning, check_scanning
from app.models.customers import Customer
from app.models.intake import IntakeBatch
from app.queries.visibility import customers_for
from app.services import trail
from app.services.changes import apply_changes
from app.services.documents import ReceivedFile
from app.services.intake import open_batch, receive_into
from app.services.intake_steps import batch_subject, load_batch
from app.services.unpacking import ARCHIVE, receive_archive


def open_scanned(session: Session, actor: Actor, branch_id: int, typed: Scanning, *, now: datetime, today: date) -> int:
    """Open a batch with what is known of its scanning and return its id; raises `NotAllowed`, `Invalid`."""
    checked = check_scanning(typed, today)
    batch_id = open_batch(session, actor, branch_id, Source.UPLOAD, title=checked.title, now=now)
    batch = session.get_one(IntakeBatch, batch_id)
    for name, value in asdict(checked).items():
        setattr(batch, name, value)
    session.flush()
    return batch_id


def describe_batch(
    session: Session, actor: Actor, batch_id: int, typed: Scanning, *, version: int, now: datetime, today: date
) -> None:
    """Change the scanning record of a batch that is not accepted yet.

    Raises `NotFound`, `NotAllowed`, `WrongState`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    batch = load_batch(session, actor, batch_id, Action.INTAKE_RECEIVE)
    if batch.state == BatchState.ACCEPTED:
        raise WrongState("batch.closed")
    checked = check_scanning(typed, today)
    before, after = apply_changes(batch, asdict(checked), version=version, show=_show)
    if after:
        session.flush()
        trail.record(session, actor, "batch_changed", batch_subject(batch), now=now, before=before, after=after)


def receive_upload(
    session: Session, actor: Actor, batch_id: int, file: ReceivedFile, customer_id: int | None, *, now: datetime
) -> None:
    """Take an uploaded file into an open batch, for a customer where one was given; a ZIP is unpacked later.

    Raises `NotFound` (also for a customer that the actor may not see), `NotAllowed`, `WrongState`.
    """
    customer = _customer(session, actor, customer_id) if customer_id else None
    if file.media_type == ARCHIVE:
        receive_archive(session, actor, batch_id, file, customer=customer, now=now)
    else:
        receive_into(session, actor, batch_id, file, customer=customer, now=now)


def _customer(session: Session, actor: Actor, customer_id: int) -> Customer:
    found = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    )
    if found is None:
        raise NotFound
    return found


def _show(_field: str, value: Any) -> str:
    return "" if value in (None, "") else str(value)
