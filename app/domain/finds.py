"""What was found in the text of a page: a value, after which label, where, how sure, and whether its check digits hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# One character for one, so that a place in the evened text is the same place in the text.
_EVEN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys([0x3000, 0xA0, 0x200B, 0xFEFF, 9], 0x20)
_EVEN |= {ord("￥"): ord("¥"), **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), ord("-"))}

# Letters that are no letters where only digits can stand.
ALIKE = str.maketrans("OoQDlIi|!ZzSsBb", "000011111225588"[:15])
_WIDE = 2


class FindKind(StrEnum):
    """What sort of thing was found."""

    NAME = "name"
    ORGANISATION = "organisation"
    IDENTITY = "identity"
    CREDIT_CODE = "credit_code"
    POLICY = "policy"
    APPLICATION = "application"
    CLAIM = "claim"
    REPORT = "report"
    ENDORSEMENT = "endorsement"
    DOCUMENT_NUMBER = "document_number"
    PHONE = "phone"
    ACCOUNT = "account"
    DATE = "date"
    AMOUNT = "amount"
    KEYWORD = "keyword"


class Why(StrEnum):
    """What speaks for a find, or against it."""

    LABEL = "label"  # it stands after a label
    FORM = "form"  # it has the form of such a number
    CHECKED = "checked"  # its check digit holds
    REPAIRED = "repaired"  # … after one look-alike letter was read as a digit
    TOO_MANY_REPAIRS = "too_many_repairs"
    CHECK_FAILS = "check_fails"
    LENGTH = "length"
    WORDS_AGREE = "words_agree"  # the amount stands there in words as well
    WORDS_DIFFER = "words_differ"
    SURNAME = "surname"
    PLACE = "place"  # it stands where such a thing stands


@dataclass(frozen=True, slots=True)
class Find:
    """A value in its one spelling (dates ISO, amounts in yuan with two decimals).

    `at` is the character of the text where it begins; `checked` is None where there is nothing to check by.
    """

    kind: FindKind
    value: str
    label: str
    at: int
    score: float
    why: tuple[Why, ...]
    checked: bool | None = None


def even(text: str) -> str:
    """Return `text` in half width, every character at its place."""
    return text.translate(_EVEN)


def repairs(raw: str) -> tuple[str, int]:
    """Return `raw` with look-alike letters read as digits, and how many those were."""
    mended = raw.translate(ALIKE)
    return mended, sum(map(str.__ne__, raw, mended))


def spaced(words: str) -> str:
    """Return an expression for any of `words`, the longest first, whose characters may stand apart: 姓　名.

    Words of two characters are often set so wide apart that a reader takes them for two lines.
    """
    ordered = sorted(words.split(), key=len, reverse=True)
    return "|".join((r"[ \n]{0,6}" if len(word) == _WIDE else " *").join(word) for word in ordered)
