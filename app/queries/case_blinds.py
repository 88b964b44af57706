"""Fingerprints by which a complainant is found without his name, number or phone standing anywhere in clear."""

from __future__ import annotations

from app.domain.contact_numbers import ContactRefused, check_phone
from app.domain.customers import comparable_number
from app.domain.identity_facts import IdKind
from app.domain.normal import clean_name, clean_phone, compact_number
from app.models.fields import field_cipher


def blind(field: str, value: str) -> str:
    """Return the fingerprint of a complainant's name, number or phone, for exact search; empty for nothing."""
    return field_cipher().blind(value, f"case_statements.{field}".encode()) if value else ""


def blinds_of(name: str, id_number: str, phone: str) -> dict[str, str]:
    """Return the fingerprints of a complainant as the columns of his statement."""
    return {
        "name_blind": blind("name", clean_name(name)),
        "id_number_blind": blind("id_number", spelt_identity(id_number)),
        "phone_blind": blind("phone", spelt_phone(phone)),
    }


def spelt_identity(typed: str) -> str:
    """Return an identity number in its one spelling: an old one of 15 digits as the 18 that it became."""
    number = compact_number(typed)
    old = number.isascii() and number.isdigit()
    return comparable_number(IdKind.RESIDENT_ID, number) or "" if old else number


def spelt_phone(typed: str) -> str:
    """Return a telephone number in its one spelling, or as far as it can be cleaned."""
    try:
        return check_phone(typed).number
    except ContactRefused:
        return clean_phone(typed)
