"""Finding customers by what somebody typed: each way by an index of its own."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from app.domain.customers import comparable_number
from app.domain.identity_facts import IdKind
from app.domain.normal import compact_number
from app.models.customers import Customer
from app.models.fields import field_cipher

AFTER_EVERY_CHARACTER = b"\xff\xff\xff\xff"


def customer_lookups(text: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that find a customer by the beginning of the name, or a whole number, identity, mobile."""
    low, number, cipher = text.encode("gb18030", "replace"), compact_number(text), field_cipher()
    identity = comparable_number(IdKind.RESIDENT_ID, number) or ""
    return (
        Customer.name_sort.between(low, low + AFTER_EVERY_CHARACTER),
        Customer.number == text.upper(),
        # The index begins with the kind: naming them all lets the database use it.
        and_(
            Customer.id_kind.in_([kind.value for kind in IdKind]),
            Customer.id_number_blind == cipher.blind(identity, b"customers.id_number"),
        ),
        Customer.mobile_blind == cipher.blind(number, b"customers.mobile"),
    )
