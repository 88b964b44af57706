"""Where a paper is: one answer, kept on the item itself, and the only ways it may change."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import WrongState


class Whereabouts(StrEnum):
    """The one answer to "where is it now"."""

    SHELF = "shelf"  # in its box on its place, or not yet boxed
    LOAN = "loan"
    REPAIR = "repair"
    TRANSFER = "transfer"
    MISSING = "missing"
    NONE = "none"  # there is no paper


_W = Whereabouts
WAYS: Mapping[Whereabouts, frozenset[Whereabouts]] = {
    _W.SHELF: frozenset({_W.LOAN, _W.REPAIR, _W.TRANSFER, _W.MISSING, _W.NONE}),
    _W.LOAN: frozenset({_W.SHELF, _W.MISSING}),
    _W.REPAIR: frozenset({_W.SHELF}),
    _W.TRANSFER: frozenset({_W.SHELF, _W.MISSING}),
    _W.MISSING: frozenset({_W.SHELF}),
    _W.NONE: frozenset({_W.SHELF}),
}


def at_rest(carrier: str) -> Whereabouts:
    """Return where an item of this carrier is when nobody has it."""
    return Whereabouts.NONE if carrier == "electronic" else Whereabouts.SHELF


def require_way(current: str, target: Whereabouts) -> None:
    """Raise `WrongState` with `paper.is_<current>` unless the paper may go from `current` to `target`."""
    if target not in WAYS[Whereabouts(current)]:
        raise WrongState(f"paper.is_{current}")
