"""What of a stranger's text may reach the press: printable characters, at most 2,000 of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

LONGEST_CELL = 2_000  # characters; one cell of 60,000 costs 1.4 CPU-seconds, one of 2,000 nothing

_DROPPED = frozenset(("Cc", "Cf", "Cs", "Cn"))
_MARKS = frozenset(("Mn", "Me"))
_JOINERS = "\u200c\u200d"
_MOST_MARKS = 3  # on one letter; a tower of them would be printed over other rows


def printable(text: str) -> str:
    """Return `text` without control, direction and unassigned characters; longer than 2,000 ends in …

    Direction marks go because they can make a number read backwards on paper. Line breaks and tabs become spaces.
    """
    # The rest of an endless text is not even looked at.
    cleaned = "".join(_kept(text[: 4 * LONGEST_CELL]))
    return cleaned if len(cleaned) <= LONGEST_CELL else cleaned[: LONGEST_CELL - 1] + "…"


def _kept(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        if character in "\n\r\t\u2028\u2029":
            yield " "
        elif marks <= _MOST_MARKS and (category not in _DROPPED or character in _JOINERS):
            yield character
