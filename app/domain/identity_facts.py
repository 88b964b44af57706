"""The words in which identity numbers are spoken of: kinds, what a number tells, why one is refused.

A problem's code is a key for the sentence on the screen, as in all of the domain: `family.what`, and for length and
form `family.what.kind`, since each kind of document is described in other words.

No error carries the number or a part of it: errors are logged, numbers must not be. Nor does one carry the
expected check digit, which would turn the form into a generator of valid numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class IdKind(StrEnum):
    """证件类型."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    PASSPORT = "passport"  # 护照
    HK_MACAO_PERMIT = "hk_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    HMT_RESIDENCE = "hmt_residence"  # 港澳台居民居住证
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证
    MILITARY_ID = "military_id"  # 军官证
    HOUSEHOLD_BOOK = "household_book"  # 户口簿
    BIRTH_CERTIFICATE = "birth_certificate"  # 出生医学证明
    USCC = "uscc"  # 统一社会信用代码
    OTHER = "other"


class Sex(StrEnum):
    """性别; the sequence number of an identity card knows only the first two."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"  # 未说明


class IdWarning(StrEnum):
    """What a person should look at although the number is accepted."""

    OLD_15_DIGITS = "id_warning.old_15_digits"  # 15位旧证
    CENTURY_UNCERTAIN = "id_warning.century_uncertain"  # 15 digits, sequence 996–999: people born before 1900
    RESIDENCE_PERMIT_NUMBER = "id_warning.residence_permit_number"  # 81/82/83 typed as a resident's card
    VERY_OLD = "id_warning.very_old"
    FOREIGN_FORM = "id_warning.foreign_form"  # a passport that does not look Chinese
    OLD_FORM = "id_warning.old_form"  # permanent residence card before 2023
    ORGANISATION_CODE = "id_warning.organisation_code"  # 组织机构代码 inside the credit code does not check


class Mismatch(StrEnum):
    """What was typed otherwise than the number says."""

    BIRTH_DATE = "identity_mismatch.birth_date"
    SEX = "identity_mismatch.sex"


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What an accepted number tells.

    `number` is as on the document, normalised; `modern_number` is the 18-digit form of an old 15-digit number and
    the same as `number` otherwise: look for the same person by it.
    """

    kind: IdKind
    number: str
    modern_number: str
    birth_date: date | None = None
    sex: Sex | None = None
    warnings: tuple[IdWarning, ...] = ()


class IdentityRefused(ValueError):
    """The number cannot be one of its kind; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongLength(IdentityRefused):
    """Too short or too long for its kind."""

    def __init__(self, kind: IdKind) -> None:
        super().__init__(f"identity.length.{kind.value}")
        self.kind = kind


class WrongForm(IdentityRefused):
    """Not built as numbers of its kind are."""

    def __init__(self, kind: IdKind) -> None:
        super().__init__(f"identity.form.{kind.value}")
        self.kind = kind


class WrongCharacters(IdentityRefused):
    """A character that such numbers never have."""

    def __init__(self) -> None:
        super().__init__("identity.charset")


class UnknownProvince(IdentityRefused):
    """The first two digits are no province (or not one of this kind of document)."""

    def __init__(self) -> None:
        super().__init__("identity.province")


class ImpossibleBirthDate(IdentityRefused):
    """Digits 7 to 14 are no day of the calendar, or one that nobody alive was born on."""

    def __init__(self) -> None:
        super().__init__("identity.birth_date")


class BirthInFuture(IdentityRefused):
    """The day of birth has not come yet."""

    def __init__(self) -> None:
        super().__init__("identity.future_birth")


class WrongCheckDigit(IdentityRefused):
    """The last character does not fit the others: one was misread or two were swapped."""

    def __init__(self) -> None:
        super().__init__("identity.check_digit")
