"""Reads for the cards of the desk: one paper with its line, one loan with the papers that change hands together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.loans import LoanState
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo, Signature
from app.models.storage import Box, Place
from app.queries.visibility import documents_for, loans_for

LONGEST_LINE = 20


@dataclass(frozen=True, slots=True)
class DeskPaper:
    """A paper as the desk sees it."""

    id: int
    title: str
    archive_number: str
    state: str
    whereabouts: str
    level: int
    page_count: int
    place: str


@dataclass(frozen=True, slots=True)
class InLine:
    """A colleague who waits."""

    borrower: str
    number: str
    queued_at: datetime | None
    wanted_from: date | None


@dataclass(frozen=True, slots=True)
class CardItem:
    """A paper of a loan."""

    id: int
    state: str
    paper: DeskPaper
    pages_out: int | None
    pages_back: int | None
    out_at: datetime | None
    due_on: date | None
    ready_until: date | None
    back_at: datetime | None
    condition: str
    damage_note: str
    renewals: int
    reminders: int
    recalled: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A loan at the desk: the item that was scanned, and the papers of the same request that are in its state."""

    item: CardItem
    together: Sequence[CardItem]
    request_id: int
    number: str
    way: str
    days: int
    on_site_only: bool
    renewals_left: int
    external_kind: str
    external_unit: str
    borrower: str
    borrower_branch: str
    purpose: str
    effect: str


def read_paper(session: Session, actor: Actor, document_id: int) -> DeskPaper:
    """Return a paper that `actor` lends out; raises `NotFound`."""
    row = session.execute(
        select(Document, Place.full_code, Box.number)
        .join(Customer, Customer.id == Document.customer_id)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(Document.id == document_id, documents_for(actor, Action.LOAN_DESK))
    ).first()
    if row is None:
        raise NotFound
    return _make_paper(*row)


def line_for(session: Session, document_id: int) -> Sequence[InLine]:
    """Return the first who wait for a paper, in their order."""
    rows = session.execute(
        select(Account.full_name, LoanRequest.number, LoanItem.queued_at, LoanRequest.wanted_from)
        .select_from(LoanItem)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .where(
            LoanItem.document_id == document_id,
            LoanItem.takes_paper,
            LoanItem.state == LoanState.WAITING.value,
        )
        .order_by(LoanItem.queued_at, LoanItem.id)
        .limit(LONGEST_LINE)
    )
    return [InLine(*row) for row in rows]


def read_card(session: Session, actor: Actor, item_id: int) -> Card:
    """Return a loan by one of its items; raises `NotFound` for papers that `actor` does not lend out."""
    row = session.execute(
        select(LoanItem.state, LoanRequest, Account.full_name, Branch.name)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .where(LoanItem.id == item_id, LoanItem.takes_paper)
    ).first()
    if row is None:
        raise NotFound
    state, request, borrower, branch = row
    items = _items(session, actor, request.id, item_id, state)
    first = next((item for item in items if item.id == item_id), None)
    if first is None:
        raise NotFound
    return Card(
        item=first,
        together=items,
        request_id=request.id,
        number=request.number,
        way=request.way,
        days=request.days,
        on_site_only=request.on_site_only,
        renewals_left=request.renewals_left,
        external_kind=request.external_kind,
        external_unit=request.external_unit,
        borrower=borrower,
        borrower_branch=branch,
        purpose=request.purpose,
        effect=request.effect,
    )


def request_of(session: Session, actor: Actor, item_id: int) -> int:
    """Return the request of an item that `actor` may see; raises `NotFound`."""
    found = session.scalar(
        select(LoanRequest.id)
        .join(LoanItem, LoanItem.request_id == LoanRequest.id)
        .where(LoanItem.id == item_id, loans_for(actor, Action.LOAN_VIEW))
    )
    if found is None:
        raise NotFound
    return found


def signatures_of(session: Session, item_id: int) -> Sequence[Signature]:
    """Return the signatures of an item, the oldest first."""
    found = select(Signature).where(Signature.holder_kind == "loan_item", Signature.holder_id == item_id)
    return session.scalars(found.order_by(Signature.taken_at, Signature.id)).all()


def photos_of(session: Session, item_id: int) -> Sequence[Photo]:
    """Return the photos of an item's return."""
    found = select(Photo).where(Photo.holder_kind == "loan_item", Photo.holder_id == item_id)
    return session.scalars(found.order_by(Photo.taken_at, Photo.id)).all()


def evidence_digest(session: Session, actor: Actor, kind: str, evidence_id: int) -> str:
    """Return where the image of a signature or photo of a loan is; raises `NotFound`."""
    model: Any = Signature if kind == "signature" else Photo
    digest = session.scalar(
        select(model.image_digest)
        .join(LoanItem, LoanItem.id == model.holder_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(model.id == evidence_id, model.holder_kind == "loan_item", documents_for(actor, Action.LOAN_DESK))
    )
    if digest is None:
        raise NotFound
    return str(digest)


def _items(session: Session, actor: Actor, request_id: int, item_id: int, state: str) -> list[CardItem]:
    rows = session.execute(
        select(LoanItem, Document, Place.full_code, Box.number)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(
            LoanItem.request_id == request_id,
            LoanItem.state == state,
            LoanItem.takes_paper,
            documents_for(actor, Action.LOAN_DESK),
        )
        .order_by(LoanItem.id != item_id, Document.archive_number, LoanItem.id)
    )
    return [_make_item(item, _make_paper(document, code, box)) for item, document, code, box in rows]


def _make_paper(document: Document, place: str | None, box: str | None) -> DeskPaper:
    return DeskPaper(
        document.id,
        document.title,
        document.archive_number or "",
        document.state,
        document.whereabouts,
        document.level,
        document.page_count,
        " · ".join(part for part in (place, box) if part),
    )


def _make_item(item: LoanItem, paper: DeskPaper) -> CardItem:
    return CardItem(
        item.id,
        item.state,
        paper,
        item.pages_out,
        item.pages_back,
        item.out_at,
        item.due_on,
        item.ready_until,
        item.back_at,
        item.condition,
        item.damage_note,
        item.renewals,
        item.reminders,
        item.recalled_at is not None,
    )
