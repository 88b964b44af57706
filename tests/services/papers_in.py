"""Batches and items for tests, made by the real services."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.intake import Source
from app.models.customers import Customer
from app.models.intake import IntakeItem, IntakePage
from app.ports import StoredBlob
from app.queries.actors import actor_of_account
from app.services.documents import DrawnPage, ReceivedFile
from app.services.intake import keep_drawn, open_batch, receive_into
from tests.cast import EAST, NOW, PEOPLE


def blob(name: str) -> StoredBlob:
    """Return a blob that is on the list, though no bytes are in a store."""
    digest = sha256(name.encode()).hexdigest()
    return StoredBlob(digest, digest, 1000)


def make_batch(session: Session, who: str = "archivist", branch_id: int = EAST, *, now: datetime = NOW) -> int:
    """Open a batch of uploads."""
    actor = actor_of_account(session, PEOPLE[who][0], now=now)
    assert actor is not None
    return open_batch(session, actor, branch_id, Source.UPLOAD, title="十一月扫描", now=now)


def make_item(
    session: Session,
    batch_id: int,
    who: str = "archivist",
    *,
    customer_id: int = 0,
    texts: tuple[str, ...] = ("投保单\n投保人：王芳",),
    now: datetime = NOW,
    **fields: Any,
) -> int:
    """Receive a file whose pages are drawn, worked on and ready for a person; `texts` stand on its pages."""
    actor = actor_of_account(session, PEOPLE[who][0], now=now)
    assert actor is not None
    name = f"{new_id()}.pdf"
    file = ReceivedFile(blob(name), name, "application/pdf", len(texts))
    customer = session.get(Customer, customer_id) if customer_id else None
    item_id = receive_into(session, actor, batch_id, file, customer=customer, now=now)
    drawn = [
        DrawnPage(number, 1654, 2339, blob(f"{name}-{number}"), blob(f"{name}-{number}-small"), text)
        for number, text in enumerate(texts, 1)
    ]
    keep_drawn(session, file_id_of(session, item_id, name), item_id, drawn, now=now)
    for page in session.query(IntakePage).filter_by(item_id=item_id):
        page.work_state, page.reader, page.score = "done", "layer", 1.0
    item = session.get_one(IntakeItem, item_id)
    for field, value in {"state": "ready", "is_suggested": True, **fields}.items():
        setattr(item, field, value)
    session.flush()
    return item_id


def file_id_of(session: Session, item_id: int, name: str) -> int:
    """Return the file that an item was just received as."""
    from app.models.intake import IntakeFile

    batch_id = session.get_one(IntakeItem, item_id).batch_id
    files = session.query(IntakeFile).filter_by(batch_id=batch_id)
    return next(file.id for file in files if file.file_name == name)
