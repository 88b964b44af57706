"""Moving papers: the item's whereabouts, the line of the movement book and the trail change together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound, WrongState
from app.domain.whereabouts import Whereabouts, require_way
from app.models.documents import Document
from app.models.storage import Box, Movement, Place
from app.services import trail

BATCH = 500
# Reasons of the movement book 档案出入库登记簿.
LOAN, SCAN, REPAIR, TRANSFER, DESTRUCTION, SHELVING, COUNT = (
    "loan",
    "scan",
    "repair",
    "transfer",
    "destruction",
    "shelving",
    "count",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper moves: the word of the movement book, the thing behind it, who hands over or fetches."""

    word: str
    holder_kind: str = ""
    holder_id: int | None = None
    counterpart: str = ""
    remark: str = ""


def lock_paper(session: Session, document_id: int) -> Document:
    """Return an item under its row lock, fresh: whoever wants the same paper waits here. Raises `NotFound`."""
    statement = select(Document).where(Document.id == document_id).with_for_update(of=Document)
    document = session.scalar(statement.execution_options(populate_existing=True))
    if document is None:
        raise NotFound
    return document


def require_alive(state: str) -> None:
    """Raise `WrongState` for an item of which nobody gets anything any more: destroyed, or sealed 封存."""
    if state == "destroyed":
        raise WrongState("paper.destroyed")
    if state == "held":
        raise WrongState("paper.sealed")


def require_lendable(document: Document) -> None:
    """Raise `WrongState` when the paper of an item may not leave: no paper, destroyed, sealed, not filed, away."""
    require_alive(document.state)
    if document.state != "filed":
        raise WrongState("paper.not_filed")
    if document.whereabouts != Whereabouts.SHELF:
        raise WrongState(f"paper.is_{document.whereabouts}")


def move_paper(
    session: Session, actor: Actor | None, document: Document, target: Whereabouts, reason: Reason, *, now: datetime
) -> None:
    """Note that a paper is somewhere else now; raises `WrongState` for a way that does not exist.

    The caller holds the item's lock (`lock_paper`) and writes the entry of the trail that tells of the act itself.
    """
    home = place_name(session, document.box_id)
    session.add(_moved(actor, document, target, reason, home, now=now))
    session.flush()


def move_papers(
    session: Session, actor: Actor | None, ids: Select[Any], target: Whereabouts, reason: Reason, *, now: datetime
) -> int:
    """Move every item that `ids` finds, thousands in a few seconds, and return how many.

    Locked in batches in the order of their ids. Raises `WrongState` like `move_paper`; then the caller's transaction
    must not be committed.
    """
    found = sorted(session.scalars(ids))
    for start in range(0, len(found), BATCH):
        batch = select(Document).where(Document.id.in_(found[start : start + BATCH])).order_by(Document.id)
        locked = batch.with_for_update(of=Document).execution_options(populate_existing=True)
        documents = session.scalars(locked).all()
        homes = _place_names(session, {document.box_id for document in documents if document.box_id is not None})
        session.add_all(
            [_moved(actor, document, target, reason, homes.get(document.box_id, ""), now=now) for document in documents]
        )
        session.flush()
    return len(found)


def _moved(
    actor: Actor | None, document: Document, target: Whereabouts, reason: Reason, home: str, *, now: datetime
) -> Movement:
    """Put an item elsewhere and return its line of the movement book."""
    require_way(document.whereabouts, target)
    leaving = document.whereabouts == Whereabouts.SHELF
    coming = target is Whereabouts.SHELF
    document.whereabouts = target.value
    return Movement(
        branch_id=document.branch_id,
        at=now,
        # What is lost while it is away neither comes nor goes.
        direction="out" if leaving else "in" if coming else "move",
        reason=reason.word,
        document_id=document.id,
        from_place=home if leaving else "",
        to_place=home if coming else "",
        holder_kind=reason.holder_kind,
        holder_id=reason.holder_id,
        counterpart=reason.counterpart[:60],
        account_id=actor.account_id if actor else None,
        remark=reason.remark[:200],
    )


def place_name(session: Session, box_id: int | None) -> str:
    """Return where a box stands as people say it: `K1-A-03-02-05 · 盒 0012`; empty for what is in no box."""
    if box_id is None:
        return ""
    number, full_code = session.execute(
        select(Box.number, Place.full_code).outerjoin(Place, Place.id == Box.place_id).where(Box.id == box_id)
    ).one()
    return " · ".join(part for part in (full_code, number) if part)


def _place_names(session: Session, box_ids: set[int]) -> dict[int | None, str]:
    rows = session.execute(
        select(Box.id, Box.number, Place.full_code)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(Box.id.in_(box_ids))
    )
    return {box_id: " · ".join(part for part in (full_code, number) if part) for box_id, number, full_code in rows}


def paper_subject(document: Document) -> trail.Subject:
    """Return an item as the trail names it."""
    return trail.Subject("document", document.id, document.archive_number or "", document.customer_id)
