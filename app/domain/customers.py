"""What makes a customer's particulars acceptable 准确性: numbers checked, facts of the number compared with those typed.

A person has a document of identity, an organisation a unified social credit code. Birth date and sex are taken from
the number where it tells them; typed otherwise, the two are shown to the user instead of choosing one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.domain.contact_numbers import ContactRefused, check_bank_card, check_company_account, check_mobile, check_phone
from app.domain.errors import DomainError, Invalid
from app.domain.identity_facts import IdentityFacts, IdentityRefused, IdKind, IdWarning, Sex
from app.domain.identity_numbers import check_identity, compare_with_typed
from app.domain.normal import clean_email, clean_name, clean_note, clean_text
from app.domain.resident_ids import check_character

Value = TypeVar("Value")
EMAIL_PARTS = 2


@dataclass(frozen=True, slots=True)
class Particulars:
    """The fields of a customer as typed, later as checked. None in a sealed field means "leave as it is"."""

    kind: str = "person"
    name: str = ""
    branch_id: int = 0
    agent_id: int | None = None
    level: int = 2
    id_kind: str = IdKind.RESIDENT_ID
    id_number: str | None = None
    id_expires_on: date | None = None
    id_never_expires: bool = False
    sex: str | None = None
    birth_date: date | None = None
    nationality: str = "中国"
    marital_status: str | None = None
    mobile: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str = ""
    postcode: str = ""
    bank_name: str = ""
    bank_account: str | None = None
    occupation: str = ""
    employer: str = ""
    annual_income: str | None = None
    income_source: str = ""
    health_notice: str | None = None
    medical_history: str | None = None
    legal_representative: str = ""
    contact_person: str = ""
    industry: str = ""
    remark: str = ""


SEALED = ("id_number", "mobile", "phone", "email", "bank_account", "annual_income", "health_notice", "medical_history")
BLIND = ("id_number", "mobile", "phone", "bank_account")


@dataclass(frozen=True, slots=True)
class Match:
    """A customer who may be the same: found by number, or by name and birth date."""

    customer_id: int
    number: str
    by_number: bool


class SamePerson(DomainError):
    """There is a customer like this already. `matches` are those the actor may see; by number there is no way past."""

    def __init__(self, matches: tuple[Match, ...], *, by_number: bool) -> None:
        super().__init__("the same person")
        self.matches = matches
        self.by_number = by_number


def check_particulars(typed: Particulars, today: date) -> Particulars:
    """Return the particulars normalised and completed from the number; raises `Invalid` naming every field at fault."""
    problems: dict[str, list[str]] = {}
    checked = _clean(typed)
    if not checked.name:
        problems["name"] = ["customer.name_missing"]
    facts = _check_id(checked, today, problems)
    if facts is not None:
        checked = _with_facts(checked, facts, problems)
    if checked.birth_date is not None and checked.birth_date > today:
        problems.setdefault("birth_date", []).append("identity.future_birth")
    checked = _check_contacts(checked, problems)
    if problems:
        raise Invalid(problems)
    return checked


def _clean(typed: Particulars) -> Particulars:
    is_person = typed.kind == "person"
    return replace(
        typed,
        name=clean_name(typed.name),
        id_kind=typed.id_kind if is_person else IdKind.USCC,
        sex=(typed.sex or None) if is_person else None,
        birth_date=typed.birth_date if is_person else None,
        marital_status=(typed.marital_status or None) if is_person else None,
        nationality=clean_text(typed.nationality),
        address=clean_text(typed.address),
        postcode=clean_text(typed.postcode),
        bank_name=clean_text(typed.bank_name),
        occupation=clean_text(typed.occupation),
        employer=clean_text(typed.employer),
        income_source=clean_text(typed.income_source),
        legal_representative=clean_name(typed.legal_representative),
        contact_person=clean_name(typed.contact_person),
        industry=clean_text(typed.industry),
        remark=clean_note(typed.remark),
        id_expires_on=None if typed.id_never_expires else typed.id_expires_on,
    )


def _check_id(typed: Particulars, today: date, problems: dict[str, list[str]]) -> IdentityFacts | None:
    if not typed.id_number:
        return None
    kind = IdKind(typed.id_kind)
    if typed.kind == "person" and kind == IdKind.USCC:
        problems["id_kind"] = ["customer.uscc_for_person"]
        return None
    try:
        return check_identity(kind, typed.id_number, today)
    except IdentityRefused as refused:
        problems["id_number"] = [refused.code]
        return None


def _with_facts(typed: Particulars, facts: IdentityFacts, problems: dict[str, list[str]]) -> Particulars:
    for mismatch in compare_with_typed(facts, typed.birth_date, Sex(typed.sex) if typed.sex else None):
        problems.setdefault(mismatch.value.rpartition(".")[2], []).append(mismatch.value)
    return replace(
        typed,
        id_number=facts.number,
        birth_date=typed.birth_date or facts.birth_date,
        sex=typed.sex if typed.sex not in (None, Sex.UNKNOWN) else facts.sex,
    )


def _check_contacts(typed: Particulars, problems: dict[str, list[str]]) -> Particulars:
    check_account = check_bank_card if typed.kind == "person" else check_company_account
    return replace(
        typed,
        mobile=_checked(typed.mobile, check_mobile, "mobile", problems),
        phone=_checked(typed.phone, lambda text: check_phone(text).number, "phone", problems),
        bank_account=_checked(typed.bank_account, check_account, "bank_account", problems),
        email=_checked(typed.email, _check_email, "email", problems),
    )


def _checked(text: str | None, check: Callable[[str], str], field: str, problems: dict[str, list[str]]) -> str | None:
    if not text:
        return text
    try:
        return check(text)
    except ContactRefused as refused:
        problems[field] = [refused.code.value]
    except Invalid as invalid:
        problems.update(invalid.problems)
    return text


def _check_email(text: str) -> str:
    address = clean_email(text)
    parts = address.split("@")
    if len(parts) != EMAIL_PARTS or not all(parts) or "." not in parts[1]:
        raise Invalid.field("email", "customer.email_form")
    return address


def doubts_about(id_kind: str, number: str | None, today: date) -> tuple[IdWarning, ...]:
    """Return what a person should look at in a number that was accepted; nothing where there is no number."""
    try:
        return check_identity(IdKind(id_kind), number, today).warnings if number else ()
    except IdentityRefused:  # kept by an earlier edition, under its rules
        return ()


OLD_LENGTH = 15


def comparable_number(id_kind: str, number: str | None) -> str | None:
    """Return the number by which the same person is recognised: an old 15-digit number counts as its 18-digit form."""
    if not number or id_kind != IdKind.RESIDENT_ID or len(number) != OLD_LENGTH:
        return number
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_character(longer)
