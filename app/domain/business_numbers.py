"""Numbers that insurers give out: policy 保单号, application 投保单号, claim 赔案号, report 报案号.

There is no national form; a number is text of 6–32 letters, digits and dashes, kept in upper case. An insurer may
add a rule of its own, which comes from the settings.
"""

from __future__ import annotations

import re
from enum import StrEnum

from app.domain.normal import clean_number


class NumberProblem(StrEnum):
    """Why a number is refused."""

    EMPTY = "number.empty"
    LENGTH = "number.length"
    CHARACTERS = "number.characters"
    OWN_RULE = "number.own_rule"


class NumberRefused(ValueError):
    """The number cannot be right; `code` says why."""

    def __init__(self, code: NumberProblem) -> None:
        super().__init__(code.value)
        self.code = code


_CHARACTERS = re.compile(r"[A-Z0-9\-]*[0-9][A-Z0-9\-]*")


def check_business_number(text: str, own_rule: re.Pattern[str] | None = None) -> str:
    """Return the number in half width and upper case; raises `NumberRefused`.

    At least one digit is asked for, so that a word or a line of dashes is no number.
    """
    number = clean_number(text)
    if not number:
        raise NumberRefused(NumberProblem.EMPTY)
    if not _CHARACTERS.fullmatch(number):
        raise NumberRefused(NumberProblem.CHARACTERS)
    if not 6 <= len(number) <= 32:
        raise NumberRefused(NumberProblem.LENGTH)
    if own_rule is not None and not own_rule.fullmatch(number):
        raise NumberRefused(NumberProblem.OWN_RULE)
    return number
