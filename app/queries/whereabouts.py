"""Where a paper is now, as one plain answer; and what a scanned or typed code stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.actor import Actor
from app.domain.policy import Action
from app.domain.scan_codes import Scan
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Account
from app.models.borrowing import LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Place, Volume
from app.queries.visibility import branches_in, customers_for, documents_for, loans_for


@dataclass(frozen=True, slots=True)
class Where:
    """The answer to "where is it now"; the borrower's name is empty for who may not see the loan."""

    whereabouts: str
    box_id: int | None
    box_number: str | None
    place_id: int | None
    place_code: str | None
    position: int
    volume_id: int | None
    volume_number: str | None
    loan_id: int | None = None
    borrower: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a code leads to."""

    kind: str
    id: int


def where_is(session: Session, actor: Actor, document_id: int) -> Where:
    """Return where an item is that the reader has been shown."""
    may_see_loan = loans_for(actor, Action.LOAN_VIEW)
    row = session.execute(
        select(
            Document.whereabouts,
            Document.box_id,
            Box.number.label("box_number"),
            Box.place_id,
            Place.full_code.label("place_code"),
            Box.position,
            Document.volume_id,
            Volume.number.label("volume_number"),
            LoanRequest.id.label("loan_id"),
            Account.full_name,
            LoanItem.due_on,
            may_see_loan.label("may_see_loan"),
        )
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .outerjoin(Volume, Volume.id == Document.volume_id)
        .outerjoin(
            LoanItem,
            and_(LoanItem.document_id == Document.id, LoanItem.takes_paper, LoanItem.state == "out"),
        )
        .outerjoin(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .outerjoin(Account, Account.id == LoanRequest.borrower_id)
        .where(Document.id == document_id)
    ).one()
    return _make_where(row)


def find_thing(session: Session, actor: Actor, scan: Scan) -> Found | None:
    """Return what a code stands for, None when there is no such thing or `actor` may not see it."""
    if scan.is_label:
        column = _NUMBERS[scan.kind].class_.id
        found = session.scalar(_visible(actor, scan.kind).where(column == scan.id))
        return Found(scan.kind, found) if found is not None else None
    for kind, number in _NUMBERS.items():
        found = session.scalar(_visible(actor, kind).where(number == scan.text).limit(1)) if scan.text else None
        if found is not None:
            return Found(kind, found)
    return None


def read_number(session: Session, actor: Actor, scan: Scan) -> str | None:
    """Return the number of the thing whose label was scanned, None when `actor` may not see it or it has none."""
    number = _NUMBERS[scan.kind]
    found = _visible(actor, scan.kind).where(number.class_.id == scan.id).with_only_columns(number)
    return session.scalar(found)


_NUMBERS: Mapping[str, InstrumentedAttribute[Any]] = {
    "box": Box.number,
    "document": Document.archive_number,
    "volume": Volume.number,
    "loan": LoanRequest.number,
    "customer": Customer.number,
    "place": Place.full_code,
}


def _visible(actor: Actor, kind: str) -> Select[Any]:
    """Return a select of the ids of a kind that `actor` may see; places of his own branch come first."""
    if kind == "document":
        joined = select(Document.id).join(Customer, Customer.id == Document.customer_id)
        return joined.where(documents_for(actor, Action.DOCUMENT_VIEW))
    if kind == "loan":
        return select(LoanRequest.id).where(loans_for(actor, Action.LOAN_VIEW))
    if kind == "customer":
        return select(Customer.id).where(customers_for(actor, Action.CUSTOMER_VIEW))
    if kind == "place":
        own_first = case((Place.branch_id == actor.branch_id, 0), else_=1)
        in_reach = branches_in(actor, Action.STORAGE_VIEW, Place.branch_id)
        return select(Place.id).where(in_reach).order_by(own_first, Place.id)
    if kind == "volume":
        return select(Volume.id).where(branches_in(actor, Action.STORAGE_VIEW, Volume.branch_id))
    return select(Box.id).where(branches_in(actor, Action.STORAGE_VIEW, Box.branch_id))


def _make_where(row: Any) -> Where:
    on_loan = row.whereabouts == Whereabouts.LOAN and row.loan_id is not None
    told = on_loan and bool(row.may_see_loan)
    return Where(
        row.whereabouts,
        row.box_id,
        row.box_number,
        row.place_id,
        row.place_code,
        row.position or 0,
        row.volume_id,
        row.volume_number,
        row.loan_id if told else None,
        row.full_name if told else "",
        row.due_on if on_loan else None,
    )
