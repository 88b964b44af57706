"""Everything that can be read out of the text of a paper: who, which numbers, when, how much.

Each find says where it stands, how sure it is and why. The text may come from an image, in lines that follow a table's cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.domain.finds import Find, FindKind, Why, even
from app.domain.found_amounts import find_amounts
from app.domain.found_dates import find_dates
from app.domain.found_names import find_houses, find_keywords, find_names
from app.domain.found_numbers import find_business_numbers, find_contacts, find_identities

__all__ = ["LONGEST", "Find", "FindKind", "Why", "best", "extract"]

LONGEST = 200_000  # characters that are looked through


def extract(text: str, today: date) -> list[Find]:
    """Return all finds in the order of the text."""
    evened = even(text[:LONGEST])
    finds = [
        *find_identities(evened, today),
        *find_business_numbers(evened),
        *find_contacts(evened),
        *find_dates(evened),
        *find_amounts(evened),
        *find_names(evened),
        *find_houses(evened),
        *find_keywords(evened),
    ]
    named = {find.at for find in finds if find.kind is not FindKind.DOCUMENT_NUMBER}
    finds = [find for find in finds if find.kind is not FindKind.DOCUMENT_NUMBER or find.at not in named]
    return sorted(finds, key=lambda find: (find.at, find.kind))


def best(finds: Iterable[Find], kind: FindKind) -> list[Find]:
    """Return the values of a kind, each once, surest first; what stands there more often is surer."""
    grouped: dict[str, list[Find]] = {}
    for find in finds:
        if find.kind is kind:
            grouped.setdefault(find.value, []).append(find)
    tops = [max(group, key=lambda find: find.score) for group in grouped.values()]
    return sorted(tops, key=lambda find: (-find.score, -len(grouped[find.value]), find.at))
