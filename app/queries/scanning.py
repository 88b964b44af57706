"""The scanning record of a batch, for the form that changes it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.intake import BatchState
from app.domain.policy import Action
from app.domain.scanning import Scanning
from app.models.accounts import Branch
from app.models.intake import IntakeBatch
from app.queries.visibility import batches_for


@dataclass(frozen=True, slots=True)
class ReceivingBatch:
    """A batch that files are put into: its record as it stands."""

    id: int
    number: str
    branch_name: str
    scanning: Scanning
    is_open: bool
    is_accepted: bool
    version: int


def read_receiving(session: Session, actor: Actor, batch_id: int) -> ReceivingBatch:
    """Return a batch that `actor` may put files into; raises `NotFound`."""
    found = session.execute(
        select(IntakeBatch, Branch.name)
        .join(Branch, Branch.id == IntakeBatch.branch_id)
        .where(IntakeBatch.id == batch_id, batches_for(actor, Action.INTAKE_RECEIVE))
    ).first()
    if found is None:
        raise NotFound
    batch, branch_name = found
    return ReceivingBatch(
        id=batch.id,
        number=batch.number,
        branch_name=branch_name,
        scanning=Scanning(**{name: getattr(batch, name) for name in Scanning.__dataclass_fields__}),
        is_open=batch.state in {BatchState.OPEN, BatchState.REWORK},
        is_accepted=batch.state == BatchState.ACCEPTED,
        version=batch.version,
    )
