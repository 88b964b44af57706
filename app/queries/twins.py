"""Whether a paper may be a second copy of one that this reader may see: of others nobody is told that they exist."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from app.domain.actor import Actor
from app.domain.policy import Action
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import IntakeItem, Twin
from app.queries.visibility import documents_for, items_for


def seen_twins(actor: Actor) -> ColumnElement[bool]:
    """Second copies whose other paper `actor` may see, in a select of `Twin`."""
    document = (
        select(Document.id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.id == Twin.document_id, documents_for(actor, Action.DOCUMENT_VIEW))
    )
    item = select(IntakeItem.id).where(IntakeItem.id == Twin.other_item_id, items_for(actor, Action.INTAKE_VIEW))
    return or_(document.correlate(Twin).exists(), item.correlate(Twin).exists())
