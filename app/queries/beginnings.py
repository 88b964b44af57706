"""Looking for the beginning of a business number by the index of its column."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.normal import clean_number

LONGEST = 32
_ALLOWED = re.compile(r"[A-Z0-9\-]+")


def begins_with(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Return the condition that a number (capitals, digits, dashes) begins like `typed`.

    The range is for the index, which LIKE alone does not use on SQLite; Z follows every other character that numbers
    have, in the order of bytes as in that of a language.
    """
    beginning = clean_number(typed)
    if not _ALLOWED.fullmatch(beginning):
        return false()
    return and_(column.between(beginning, beginning + "Z" * LONGEST), column.startswith(beginning, autoescape=True))
