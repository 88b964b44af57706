"""What can be undone at the desk, as a short text that the page carries: each part names the change that puts things back.

It grants nothing: every part is done by the same services under the same powers as any other change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.ids import decode_id, encode_id

MOST = 8
# Name → how many ids and whole numbers follow it.
KINDS = {
    "turn": (1, 1),  # page, degrees
    "place": (1, 1),  # page, place
    "back": (1, 0),  # page
    "out": (1, 0),  # page
    "join": (1, 0),  # the paper that was split off
    "part": (2, 0),  # the paper that was merged, its first page
    "fetch": (2, 1),  # the paper that a page went to, the page, its place
    "restore": (1, 0),  # the paper that was dropped
}


@dataclass(frozen=True, slots=True)
class Undo:
    """One change that puts things back."""

    kind: str
    ids: tuple[int, ...]
    number: int = 0

    def __str__(self) -> str:
        """Return it as the page carries it."""
        _, numbers = KINDS[self.kind]
        return ".".join([self.kind, *map(encode_id, self.ids), *([str(self.number)] if numbers else [])])


def read_undo(text: str) -> list[Undo]:
    """Return what a page carries, newest first; what is spoilt ends it."""
    found: list[Undo] = []
    for part in text.split(",")[:MOST]:
        undo = _read(part)
        if undo is None:
            break
        found.append(undo)
    return found


def write_undo(parts: Sequence[Undo]) -> str:
    """Return the text that carries them."""
    return ",".join(str(part) for part in parts[:MOST])


def _read(part: str) -> Undo | None:
    kind, *rest = part.split(".")
    if kind not in KINDS:
        return None
    ids, numbers = KINDS[kind]
    if len(rest) != ids + numbers or (
        numbers and not (rest[-1].isascii() and rest[-1].isdigit() and len(rest[-1]) < 6)
    ):
        return None
    try:
        return Undo(kind, tuple(decode_id(text) for text in rest[:ids]), int(rest[-1]) if numbers else 0)
    except ValueError:
        return None
