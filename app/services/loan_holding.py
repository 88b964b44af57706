"""Taking hold of lent items before anything is done with them: papers first, then items, each in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.loans import OPEN_STATES
from app.domain.policy import Action
from app.models.borrowing import LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.queries.visibility import documents_for
from app.services import papers, trail
from app.services.loan_queue import lock_papers
from app.services.loan_steps import lock_item


@dataclass(frozen=True, slots=True)
class Held:
    """An item of a request with its paper, both locked, and the request itself."""

    item: LoanItem
    document: Document
    request: LoanRequest

    def note(
        self, session: Session, actor: Actor | None, event: str, *, now: datetime, after: Mapping[str, str | int]
    ) -> None:
        """Write the entry of the trail that tells what was done with the item."""
        told = {"request": self.request.number, **after}
        trail.record(session, actor, event, papers.paper_subject(self.document), now=now, after=told)


def hold(session: Session, item_ids: Iterable[int]) -> Sequence[Held]:
    """Return items under their locks, in the order of their ids; raises `NotFound`."""
    wanted = sorted(set(item_ids))
    rows = session.execute(select(LoanItem.id, LoanItem.document_id).where(LoanItem.id.in_(wanted)))
    papers_of = {item_id: document_id for item_id, document_id in rows}
    if len(papers_of) != len(wanted):
        raise NotFound
    documents = lock_papers(session, papers_of.values())
    items = [lock_item(session, item_id) for item_id in wanted]
    return [Held(i, documents[i.document_id], session.get_one(LoanRequest, i.request_id)) for i in items]


def hold_at_desk(session: Session, actor: Actor, item_ids: Iterable[int]) -> Sequence[Held]:
    """Return items whose papers `actor` lends out, under their locks; raises `NotFound` also for those of others."""
    held = hold(session, item_ids)
    require_reach(session, actor, {one.document.id for one in held})
    return held


def require_reach(session: Session, actor: Actor, document_ids: Iterable[int]) -> None:
    """Raise `NotFound` unless `actor` lends out all of these papers."""
    wanted = set(document_ids)
    reached = session.scalars(
        select(Document.id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.id.in_(sorted(wanted)), documents_for(actor, Action.LOAN_DESK))
    )
    if set(reached) != wanted:
        raise NotFound


def close_if_done(session: Session, request_id: int, *, now: datetime) -> None:
    """Close a request of which no item is open any more; two returns at once wait here for each other."""
    statement = select(LoanRequest).where(LoanRequest.id == request_id).with_for_update(of=LoanRequest)
    request = session.scalars(statement.execution_options(populate_existing=True)).one()
    still_open = select(LoanItem.id).where(LoanItem.request_id == request_id, LoanItem.state.in_(sorted(OPEN_STATES)))
    if request.state == "open" and session.scalar(still_open.limit(1)) is None:
        request.state = "closed"
        request.closed_at = now
        request.version += 1
        session.flush()
