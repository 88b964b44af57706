"""Telephone numbers and bank accounts as people type them.

Forms: mobile 1[3-9] + 9 digits; landline area code, 7–8 digits, perhaps an extension; service
numbers 400/800 + 7 digits and 95 + 3–4 digits. Bank cards have 12–19 digits and pass Luhn's check; accounts of
organisations 对公账户 have no common check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.normal import clean_phone, compact_number


class PhoneKind(StrEnum):
    """What sort of line a number belongs to."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"  # 400 / 800
    HOTLINE = "hotline"  # 95xxx


class ContactProblem(StrEnum):
    """Why a number is refused."""

    EMPTY = "contact.empty"
    MOBILE_FORM = "contact.mobile_form"
    PHONE_FORM = "contact.phone_form"
    CARD_LENGTH = "contact.card_length"
    CARD_CHARACTERS = "contact.card_characters"
    CARD_CHECK = "contact.card_check"
    ACCOUNT_FORM = "contact.account_form"


class ContactRefused(ValueError):
    """The number cannot be right; `code` says why. It never carries the number."""

    def __init__(self, code: ContactProblem) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in its one spelling: 13800138000, 010-65123456-8001, 400-123-4567, 95511."""

    kind: PhoneKind
    number: str


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-([0-9]{1,6}))?")
_SERVICE = re.compile(r"([48]00)-?([0-9]{3})-?([0-9]{4})")
_HOTLINE = re.compile(r"95[0-9]{3,4}")


def check_mobile(text: str) -> str:
    """Return the 11 digits of a mobile number; raises `ContactRefused`."""
    number = _present(clean_phone(text)).replace("-", "")
    if not _MOBILE.fullmatch(number):
        raise ContactRefused(ContactProblem.MOBILE_FORM)
    return number


def check_phone(text: str) -> Phone:
    """Return a telephone number of any kind in its one spelling; raises `ContactRefused`."""
    number = _present(clean_phone(text))
    if _MOBILE.fullmatch(number.replace("-", "")):
        return Phone(PhoneKind.MOBILE, number.replace("-", ""))
    for kind, form in _FORMS:
        match = form.fullmatch(number)
        if match:
            return Phone(kind, "-".join(part for part in match.groups() if part) or number)
    raise ContactRefused(ContactProblem.PHONE_FORM)


def check_bank_card(text: str) -> str:
    """Return the 12–19 digits of a bank card whose check digit fits; raises `ContactRefused`."""
    number = _present(compact_number(text))
    if not re.fullmatch("[0-9]+", number):
        raise ContactRefused(ContactProblem.CARD_CHARACTERS)
    if not 12 <= len(number) <= 19:
        raise ContactRefused(ContactProblem.CARD_LENGTH)
    # A row of zeros passes Luhn's check and is nobody's card.
    if not passes_luhn(number) or not number.strip("0"):
        raise ContactRefused(ContactProblem.CARD_CHECK)
    return number


def check_company_account(text: str) -> str:
    """Return the 8–32 digits of an organisation's bank account, which has no check; raises `ContactRefused`."""
    number = _present(compact_number(text))
    if not re.fullmatch("[0-9]{8,32}", number):
        raise ContactRefused(ContactProblem.ACCOUNT_FORM)
    return number


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit is the check of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    plain = [int(digit) for digit in digits[::-2]]
    return (sum(doubled) + sum(plain)) % 10 == 0


def _present(number: str) -> str:
    if not number:
        raise ContactRefused(ContactProblem.EMPTY)
    return number


_FORMS = ((PhoneKind.LANDLINE, _LANDLINE), (PhoneKind.SERVICE, _SERVICE), (PhoneKind.HOTLINE, _HOTLINE))
