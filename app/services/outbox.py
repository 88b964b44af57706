"""Telling the index of what changed, in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.claims import Claim
from app.models.documents import Document
from app.models.machinery import OutboxEntry
from app.models.policies import Policy


def announce(session: Session, kind: str, thing_id: int, *, now: datetime) -> None:
    """Note that `kind`-`thing_id` (customer, policy, claim, document, consultation, case) is new, changed or gone."""
    session.add(OutboxEntry(key=f"{kind}-{thing_id}", written_at=now))


def announce_file(session: Session, customer_id: int, *, now: datetime) -> None:
    """Note that everything in a customer's file changed with him: his name, level and agent stand in its entries."""
    for kind, model in (("policy", Policy), ("claim", Claim), ("document", Document)):
        for thing_id in session.scalars(select(model.id).where(model.customer_id == customer_id)):
            announce(session, kind, thing_id, now=now)
