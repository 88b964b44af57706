"""Putting things into the cart 借阅车: an item, or everything of a volume, a file or a box that one may ask for.

What one may ask for but not see is added by its exact number only, so that nobody learns what there is by trying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import clean_archive_number
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.normal import clean_number
from app.domain.policy import Action
from app.domain.scan_codes import looks_foreign, read_scan
from app.models.borrowing import CartItem
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Volume
from app.queries.visibility import customers_for, documents_for

MOST = 300
LONGEST_CODE = 80


@dataclass(frozen=True, slots=True)
class Added:
    """What came into the cart: `added` new items, `there` that lay in it already, `left_out` that cannot be lent."""

    added: int
    there: int = 0
    left_out: int = 0


def add_document(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Added:
    """Put an item that the actor may see into his cart; raises `NotFound`, `WrongState` when it cannot be lent."""
    return _add_one(session, actor, Document.id == document_id, Action.DOCUMENT_VIEW, now=now)


def add_file(session: Session, actor: Actor, customer_id: int, *, now: datetime) -> Added:
    """Put all that the actor may ask for of a customer whom he may see into his cart; raises `NotFound`."""
    seen = select(Customer.id).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    if session.scalar(seen) is None:
        raise NotFound
    return _add_all(session, actor, "customer", customer_id, Document.customer_id == customer_id, now=now)


def add_by_code(session: Session, actor: Actor, text: str, *, now: datetime) -> Added:
    """Put what a scanner or a person typed into the cart: an archive number, or the number or label of a whole.

    Raises `Invalid` on field `code`, `WrongState` for an item that cannot be lent.
    """
    scan = read_scan(text[: 2 * LONGEST_CODE])
    try:
        if scan.is_label:
            return _add_labelled(session, actor, scan.kind, scan.id, now=now)
        return _add_numbered(session, actor, scan.text, now=now)
    except NotFound as nothing:
        raise Invalid.field("code", _why_unknown(scan.text)) from nothing


def remove(session: Session, actor: Actor, document_ids: Sequence[int]) -> None:
    """Take items out of the actor's cart; what is not in it is passed over."""
    session.execute(
        delete(CartItem).where(CartItem.account_id == actor.account_id, CartItem.document_id.in_(document_ids))
    )


def empty(session: Session, actor: Actor) -> None:
    """Take everything out of the actor's cart."""
    session.execute(delete(CartItem).where(CartItem.account_id == actor.account_id))


def _add_labelled(session: Session, actor: Actor, kind: str, thing_id: int, *, now: datetime) -> Added:
    if kind == "document":
        return add_document(session, actor, thing_id, now=now)
    if kind == "customer":
        return add_file(session, actor, thing_id, now=now)
    if kind == "volume":
        return _add_all(session, actor, kind, thing_id, Document.volume_id == thing_id, now=now)
    if kind == "box":
        return _add_all(session, actor, kind, thing_id, Document.box_id == thing_id, now=now)
    raise Invalid.field("code", "cart.not_lent")


def _add_numbered(session: Session, actor: Actor, text: str, *, now: datetime) -> Added:
    if not text or len(text) > LONGEST_CODE:
        raise NotFound
    number = clean_archive_number(text)
    if session.scalar(select(Document.id).where(Document.archive_number == number)) is not None:
        return _add_one(session, actor, Document.archive_number == number, Action.LOAN_ASK, now=now)
    for kind, model, column in (("volume", Volume, Document.volume_id), ("box", Box, Document.box_id)):
        whole = session.scalar(select(model.id).where(model.number.in_((text, clean_number(text)))))
        if whole is not None:
            return _add_all(session, actor, kind, whole, column == whole, now=now)
    raise NotFound


def _why_unknown(text: str) -> str:
    if not text:
        return "cart.code_missing"
    return "cart.foreign" if looks_foreign(text) else "cart.unknown"


def _add_one(session: Session, actor: Actor, which: ColumnElement[bool], seen: Action, *, now: datetime) -> Added:
    statement = (
        select(Document.id, Document.state)
        .join(Customer, Customer.id == Document.customer_id)
        .where(which, documents_for(actor, seen), documents_for(actor, Action.LOAN_ASK))
    )
    found = session.execute(statement).first()
    if found is None:
        raise NotFound
    require_filed(found.state)
    return _put(session, actor, "document", None, [found.id], now=now)


def _add_all(
    session: Session, actor: Actor, kind: str, whole_id: int, which: ColumnElement[bool], *, now: datetime
) -> Added:
    statement = (
        select(Document.id, Document.state)
        .join(Customer, Customer.id == Document.customer_id)
        .where(which, documents_for(actor, Action.LOAN_ASK))
        .order_by(Document.archive_number)
        .limit(MOST + 1)
    )
    rows = session.execute(statement).all()
    if not rows:
        raise NotFound
    filed = [row.id for row in rows if row.state == "filed"]
    if not filed:
        raise WrongState("cart.nothing_to_lend")
    done = _put(session, actor, kind, whole_id, filed, now=now)
    return Added(done.added, done.there, len(rows) - len(filed))


def _put(
    session: Session, actor: Actor, kind: str, whole_id: int | None, document_ids: Sequence[int], *, now: datetime
) -> Added:
    mine = CartItem.account_id == actor.account_id
    there = set(session.scalars(select(CartItem.document_id).where(mine, CartItem.document_id.in_(document_ids))))
    fresh = [document_id for document_id in document_ids if document_id not in there]
    if (session.scalar(select(func.count()).where(mine)) or 0) + len(fresh) > MOST:
        raise WrongState("cart.full")
    session.add_all(
        CartItem(
            account_id=actor.account_id, document_id=document_id, asked_as=kind, asked_as_id=whole_id, added_at=now
        )
        for document_id in fresh
    )
    session.flush()
    return Added(len(fresh), len(there))


def require_filed(state: str) -> None:
    """Raise `WrongState` for an item that is destroyed, sealed or not filed yet; where it is does not matter here."""
    if state == "destroyed":
        raise WrongState("paper.destroyed")
    if state == "held":
        raise WrongState("paper.sealed")
    if state != "filed":
        raise WrongState("paper.not_filed")
