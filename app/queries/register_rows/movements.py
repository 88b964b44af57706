"""档案出入库登记簿: what left the storeroom and what came back, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.masking import mask_name
from app.domain.registers import RegisterFilter
from app.models.accounts import Account
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Movement
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, papers_reached, within
from app.queries.register_rows.words import DIRECTIONS, REASONS, say


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(Movement.id)
        .outerjoin(Document, Document.id == Movement.document_id)
        .outerjoin(Customer, Customer.id == Document.customer_id)
        .where(
            Movement.direction.in_(list(DIRECTIONS)),
            papers_reached(actor, Movement.branch_id),
            *within(wanted, Movement.branch_id, Movement.at),
        )
        .order_by(Movement.at, Movement.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(Movement, Document, Box)
        .outerjoin(Document, Document.id == Movement.document_id)
        .outerjoin(Box, Box.id == Movement.box_id)
        .where(Movement.id.in_(keys))
    ).all()
    names = names_of(session, [movement.account_id for movement, _, _ in found])
    colleagues = _colleagues(session, {movement.counterpart for movement, _, _ in found})
    return {
        movement.id: [
            catalogue_day(movement.at),
            say(DIRECTIONS, movement.direction),
            *_thing(document, box),
            say(REASONS, movement.reason),
            names.get(movement.account_id, ""),
            # Who fetched it may come from outside: his name leaves the house masked.
            movement.counterpart if movement.counterpart in colleagues else mask_name(movement.counterpart),
            movement.remark,
        ]
        for movement, document, box in found
    }


def _thing(document: Document | None, box: Box | None) -> Row:
    if document is not None:
        return [document.archive_number or "", document.title, "1件"]
    return [box.number, box.title, "1盒"] if box is not None else ["", "", ""]


def _colleagues(session: Session, names: set[str]) -> set[str]:
    return set(session.scalars(select(Account.full_name).where(Account.full_name.in_(names))))


READER = keyed(_keys, _read)
