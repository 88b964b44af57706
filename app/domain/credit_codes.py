"""Unified social credit codes of organisations 统一社会信用代码.

18 characters without I O S V Z: registering authority, category, 6 digits of region, 9 of the old organisation code
组织机构代码 and one check character. Source: GB 32100-2015; the inner code has a check of its own (GB 11714).
"""

from __future__ import annotations

import re

from app.domain.identity_facts import WrongCharacters, WrongCheckDigit

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_MODULUS = 31
_WEIGHTS = tuple(pow(3, place, _MODULUS) for place in range(17))
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_credit_code(code: str) -> None:
    """Pass an 18-character code that is well formed; raises `WrongCharacters` or `WrongCheckDigit`."""
    if not _FORM.fullmatch(code):
        raise WrongCharacters
    if credit_check_character(code[:17]) != code[17]:
        raise WrongCheckDigit


def credit_check_character(first_seventeen: str) -> str:
    """Return the check character that belongs to the first 17."""
    total = sum(ALPHABET.index(mark) * weight for mark, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return ALPHABET[-total % _MODULUS]


def organisation_code_checks(code: str) -> bool:
    """Say whether the old organisation code inside (characters 9 to 17) passes its own check."""
    # Its letters count by their place in the full alphabet: A is 10, Z is 35.
    inner, check = code[8:16], code[16]
    total = sum(int(mark, 36) * weight for mark, weight in zip(inner, _INNER_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == check
