"""A piece of text around the first hit, with the hits marked and long numbers that nobody asked for hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BEFORE = 24
LENGTH = 96
_LONG_NUMBER = re.compile(r"[0-9Xx]{8,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is a hit or not."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """Pieces in order; `opens` and `ends` say whether text was left out before and after."""

    pieces: tuple[Piece, ...]
    opens: bool
    ends: bool


def snippet_of(text: str, spans: Sequence[tuple[int, int]]) -> Snippet | None:
    """Return the surroundings of the first hit in `text`; None without a hit."""
    if not spans:
        return None
    start = max(0, spans[0][0] - BEFORE)
    end = min(len(text), start + LENGTH)
    pieces: list[Piece] = []
    at = start
    for first, last in spans:
        if first >= end:
            break
        pieces.append(Piece(_plain(text, at, first, start, end), is_hit=False))
        pieces.append(Piece(text[first : min(last, end)], is_hit=True))
        at = min(last, end)
    pieces.append(Piece(_plain(text, at, end, start, end), is_hit=False))
    return Snippet(tuple(piece for piece in pieces if piece.text), start > 0, end < len(text))


def _plain(text: str, first: int, last: int, start: int, end: int) -> str:
    """Return text between hits; a long number is hidden whole, also where the snippet cuts through it."""
    hidden = _LONG_NUMBER.sub(lambda match: "*" * len(match[0]), text)
    return " ".join(hidden[max(first, start) : min(last, end)].split()) if first < last else ""
