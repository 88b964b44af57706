"""Identity documents 证件: is this number one of its kind, and what does it tell about its holder?

One door for all kinds. What the number tells (birth date, sex) is compared with what was typed, since the
archive must be right (准确性). Source: GB 11643 and GB 32100 in their own modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.domain.credit_codes import check_credit_code, organisation_code_checks
from app.domain.identity_facts import (
    BirthInFuture,
    IdentityFacts,
    IdentityRefused,
    IdKind,
    IdWarning,
    ImpossibleBirthDate,
    Mismatch,
    Sex,
    UnknownProvince,
    WrongCharacters,
    WrongCheckDigit,
    WrongForm,
    WrongLength,
)
from app.domain.normal import clean_number, clean_text, compact_number
from app.domain.resident_ids import RESIDENCE_PERMIT_PROVINCES, Reading, read_eighteen, read_fifteen

__all__ = [
    "ORGANISATION_KINDS",
    "PERSON_KINDS",
    "BirthInFuture",
    "IdKind",
    "IdWarning",
    "IdentityFacts",
    "IdentityRefused",
    "ImpossibleBirthDate",
    "Mismatch",
    "Sex",
    "UnknownProvince",
    "WrongCharacters",
    "WrongCheckDigit",
    "WrongForm",
    "WrongLength",
    "age_on",
    "check_identity",
    "compare_with_typed",
]

ORGANISATION_KINDS = frozenset({IdKind.USCC, IdKind.OTHER})
PERSON_KINDS = frozenset(IdKind) - {IdKind.USCC}

_RARELY_OLDER_YEARS = 110

_CHINESE_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{7,8}")
_ANY_PASSPORT = re.compile(r"[A-Z0-9]{5,12}")
_HK_MACAO = re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")
_TAIWAN = re.compile(r"[0-9]{8}")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_BIRTH_CERTIFICATE = re.compile(r"[A-Z][0-9]{9}")
_FREE_TEXT = re.compile(r"[0-9A-Z\u3400-\u9fff()\-〔〕]+")


def check_identity(kind: IdKind, number: str, today: date) -> IdentityFacts:
    """Return what `number` tells; raises `IdentityRefused` (one of its subclasses) when it cannot be right."""
    facts = _CHECKS[kind](number, today)
    return _with_warning_of_age(facts, today)


def compare_with_typed(facts: IdentityFacts, birth_date: date | None, sex: Sex | None) -> list[Mismatch]:
    """Return what was typed otherwise than the number says; nothing typed is no mismatch."""
    mismatches = []
    if facts.birth_date and birth_date and facts.birth_date != birth_date:
        mismatches.append(Mismatch.BIRTH_DATE)
    if facts.sex and sex not in (None, Sex.UNKNOWN, facts.sex):
        mismatches.append(Mismatch.SEX)
    return mismatches


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years of age 周岁 on `day`; born on 29 February, a year is full on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _resident(number: str, today: date) -> IdentityFacts:
    number = compact_number(number)
    _require_length(IdKind.RESIDENT_ID, number, 15, 18)
    if len(number) == 15:
        return _old_resident(number, today)
    reading = read_eighteen(number, today)
    is_permit = number[:2] in RESIDENCE_PERMIT_PROVINCES
    return _facts(IdKind.RESIDENT_ID, number, reading, *[IdWarning.RESIDENCE_PERMIT_NUMBER] * is_permit)


def _old_resident(number: str, today: date) -> IdentityFacts:
    reading = read_fifteen(number, today)
    uncertain = reading.birth_date is None
    return _facts(
        IdKind.RESIDENT_ID, number, reading, IdWarning.OLD_15_DIGITS, *[IdWarning.CENTURY_UNCERTAIN] * uncertain
    )


def _residence_permit(number: str, today: date) -> IdentityFacts:
    number = compact_number(number)
    _require_length(IdKind.HMT_RESIDENCE, number, 18)
    reading = read_eighteen(number, today)
    if number[:2] not in RESIDENCE_PERMIT_PROVINCES:
        raise UnknownProvince
    return _facts(IdKind.HMT_RESIDENCE, number, reading)


def _foreign_permanent(number: str, today: date) -> IdentityFacts:
    number = compact_number(number)
    _require_length(IdKind.FOREIGN_PERMANENT, number, 15, 18)
    if len(number) == 15:
        _require_form(IdKind.FOREIGN_PERMANENT, _OLD_FOREIGN, number)
        return IdentityFacts(IdKind.FOREIGN_PERMANENT, number, number, warnings=(IdWarning.OLD_FORM,))
    reading = read_eighteen(number, today, with_province=False)
    if number[0] != "9":
        raise WrongForm(IdKind.FOREIGN_PERMANENT)
    return _facts(IdKind.FOREIGN_PERMANENT, number, reading)


def _passport(number: str, _today: date) -> IdentityFacts:
    number = compact_number(number)
    _require_form(IdKind.PASSPORT, _ANY_PASSPORT, number)
    warnings = () if _CHINESE_PASSPORT.fullmatch(number) else (IdWarning.FOREIGN_FORM,)
    return IdentityFacts(IdKind.PASSPORT, number, number, warnings=warnings)


def _credit_code(number: str, _today: date) -> IdentityFacts:
    number = compact_number(number)
    _require_length(IdKind.USCC, number, 18)
    check_credit_code(number)
    warnings = () if organisation_code_checks(number) else (IdWarning.ORGANISATION_CODE,)
    return IdentityFacts(IdKind.USCC, number, number, warnings=warnings)


def _of_form(kind: IdKind, form: re.Pattern[str]) -> Callable[[str, date], IdentityFacts]:
    """Return a check for numbers that have nothing but a form."""

    def check(number: str, _today: date) -> IdentityFacts:
        compact = compact_number(number)
        _require_form(kind, form, compact)
        return IdentityFacts(kind, compact, compact)

    return check


def _free_text(kind: IdKind, shortest: int, longest: int) -> Callable[[str, date], IdentityFacts]:
    """Return a check for what each office numbers in its own way: 军字第0123456号."""

    def check(number: str, _today: date) -> IdentityFacts:
        cleaned = clean_number(clean_text(number))
        if not shortest <= len(cleaned) <= longest:
            raise WrongLength(kind)
        if not _FREE_TEXT.fullmatch(cleaned) or not any(mark.isalnum() for mark in cleaned):
            raise WrongCharacters
        return IdentityFacts(kind, cleaned, cleaned)

    return check


def _facts(kind: IdKind, number: str, reading: Reading, *warnings: IdWarning) -> IdentityFacts:
    return IdentityFacts(kind, number, reading.modern_number, reading.birth_date, reading.sex, warnings)


def _with_warning_of_age(facts: IdentityFacts, today: date) -> IdentityFacts:
    if facts.birth_date and age_on(facts.birth_date, today) > _RARELY_OLDER_YEARS:
        return replace(facts, warnings=(*facts.warnings, IdWarning.VERY_OLD))
    return facts


def _require_length(kind: IdKind, number: str, *lengths: int) -> None:
    if len(number) not in lengths:
        raise WrongLength(kind)


def _require_form(kind: IdKind, form: re.Pattern[str], number: str) -> None:
    if not form.fullmatch(number):
        raise WrongForm(kind)


_CHECKS: dict[IdKind, Callable[[str, date], IdentityFacts]] = {
    IdKind.RESIDENT_ID: _resident,
    IdKind.PASSPORT: _passport,
    IdKind.HK_MACAO_PERMIT: _of_form(IdKind.HK_MACAO_PERMIT, _HK_MACAO),
    IdKind.TAIWAN_PERMIT: _of_form(IdKind.TAIWAN_PERMIT, _TAIWAN),
    IdKind.HMT_RESIDENCE: _residence_permit,
    IdKind.FOREIGN_PERMANENT: _foreign_permanent,
    IdKind.MILITARY_ID: _free_text(IdKind.MILITARY_ID, 4, 32),
    IdKind.HOUSEHOLD_BOOK: _free_text(IdKind.HOUSEHOLD_BOOK, 4, 32),
    IdKind.BIRTH_CERTIFICATE: _of_form(IdKind.BIRTH_CERTIFICATE, _BIRTH_CERTIFICATE),
    IdKind.USCC: _credit_code,
    IdKind.OTHER: _free_text(IdKind.OTHER, 2, 32),
}
