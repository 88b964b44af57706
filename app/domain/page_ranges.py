"""Pages as people write them: "1-3,5"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.errors import Invalid

LONGEST = 120  # characters of the shortest spelling
_COMMAS = re.compile(r"[,，、;；\s]+")
_RANGE = re.compile(r"(\d{1,4})(?:[-–—－~～至](\d{1,4}))?", re.ASCII)


def parse_pages(text: str, known: Iterable[int], *, most: int) -> tuple[int, ...]:
    """Return the pages that `text` names, once each and in order; empty means all that are `known`.

    Raises `Invalid` for the field `pages`: not readable, a page that is not there, more than `most`.
    """
    there = sorted(known)
    named = {page for part in _COMMAS.split(text.strip()) if part for page in _span(part)} or set(there)
    if not named <= set(there) or not named:
        raise Invalid.field("pages", "pages.not_there")
    if len(named) > most:
        raise Invalid.field("pages", "pages.too_many")
    if len(write_pages(named)) > LONGEST:
        raise Invalid.field("pages", "pages.too_scattered")
    return tuple(sorted(named))


def write_pages(pages: Iterable[int]) -> str:
    """Return the shortest spelling of these pages, neighbours joined: "1-3,5"."""
    spans: list[list[int]] = []
    for page in sorted(set(pages)):
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _span(part: str) -> range:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise Invalid.field("pages", "pages.unreadable")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise Invalid.field("pages", "pages.unreadable")
    return range(first, last + 1)
