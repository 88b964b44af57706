"""Places 库位: 库房–区–列–节–层, their codes, and how full they are.

A level may be skipped (a room whose rows carry shelves without bays), never turned round. `full_code` joins the codes
from the room down: `K1-A-03-02-05`. Boxes are as wide as their spines; DA/T 22 knows 20, 30, 40 and 50 mm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.normal import clean_number

SPINES = (20, 30, 40, 50)  # mm
NARROWEST, WIDEST = 10, 100  # spines that the table takes
LONGEST_CODE, LONGEST_FULL_CODE = 12, 80
WIDEST_SHELF = 10_000  # mm
MOST_AT_ONCE = 2_000
SHELF_WIDTH = 900  # mm, of the common steel shelf

_CODE = re.compile(rf"[0-9A-Z]{{1,{LONGEST_CODE}}}")


class PlaceKind(StrEnum):
    """The levels, from the largest to the smallest."""

    ROOM = "room"
    ZONE = "zone"
    ROW = "row"
    BAY = "bay"
    SHELF = "shelf"


_DEPTH: Mapping[str, int] = {kind.value: depth for depth, kind in enumerate(PlaceKind)}


def kinds_inside(parent: str | None) -> tuple[PlaceKind, ...]:
    """Return what may stand directly in a place of kind `parent`; only rooms stand by themselves."""
    if parent is None:
        return (PlaceKind.ROOM,)
    return tuple(kind for kind in PlaceKind if _DEPTH[kind] > _DEPTH[parent])


def clean_code(text: str) -> str:
    """Return the code of one level as it is kept; raises `Invalid` for what is no code."""
    code = clean_number(text)
    if not _CODE.fullmatch(code):
        raise Invalid.field("code", "place.code")
    return code


def join_code(parent: str, code: str) -> str:
    """Return the full code of a place in `parent` (empty for a room); raises `Invalid` when it grows too long."""
    full = f"{parent}-{code}" if parent else code
    if len(full) > LONGEST_FULL_CODE:
        raise Invalid.field("code", "place.code_long")
    return full


def moved_code(full_code: str, before: str, after: str) -> str:
    """Return the full code of something inside a place whose own full code has changed."""
    if full_code != before and not full_code.startswith(f"{before}-"):
        raise ValueError(f"{full_code} is not in {before}")
    return after + full_code[len(before) :]


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a shelf, or everything inside a place, is; `width` 0 says that nothing limits it."""

    used: int  # mm of spines
    width: int  # mm

    @property
    def free(self) -> int:
        """Millimetres that are left, never less than nothing."""
        return max(0, self.width - self.used)

    @property
    def tenths(self) -> int:
        """Tenths that are taken, 0 … 10: 0 only when empty, 10 only when nothing fits any more."""
        if not self.used or not self.width:
            return 0
        if self.used >= self.width:
            return 10
        return min(9, max(1, self.used * 10 // self.width))

    @property
    def per_cent(self) -> int:
        """Per cent that are taken, up to 100."""
        return min(100, self.used * 100 // self.width) if self.width else 0

    def takes(self, millimetres: int) -> bool:
        """Say whether this much more fits."""
        return not self.width or self.used + millimetres <= self.width


@dataclass(frozen=True, slots=True)
class Pattern:
    """Many places of the same build: 3 列 × 4 节 × 6 层; a count of 0 leaves that level out."""

    rows: int = 0
    bays: int = 0
    shelves: int = 0
    first: int = 1  # number of the first place on the topmost of these levels
    width_mm: int = SHELF_WIDTH  # of each shelf

    def levels(self) -> tuple[tuple[PlaceKind, int], ...]:
        """Return the levels that are built, with how many each has in the one above it."""
        counts = ((PlaceKind.ROW, self.rows), (PlaceKind.BAY, self.bays), (PlaceKind.SHELF, self.shelves))
        return tuple((kind, count) for kind, count in counts if count)

    @property
    def total(self) -> int:
        """How many places that makes."""
        total, product = 0, 1
        for _, count in self.levels():
            product *= count
            total += product
        return total


@dataclass(frozen=True, slots=True)
class Planned:
    """A place that a pattern will make: `path` holds the codes from the parent down, its own last."""

    kind: PlaceKind
    path: tuple[str, ...]
    position: int
    width_mm: int


def check_pattern(pattern: Pattern, parent: str) -> None:
    """Pass a pattern that can be built inside a place of kind `parent`; raises `Invalid` naming the field."""
    for name, most in (("rows", 99), ("bays", 99), ("shelves", 30)):
        if not 0 <= getattr(pattern, name) <= most:
            raise Invalid.field(name, "place.count")
    levels = pattern.levels()
    if not levels:
        raise Invalid.field("shelves", "place.nothing_planned")
    if levels[0][0] not in kinds_inside(parent):
        raise Invalid.field(f"{levels[0][0]}s", "place.kind")
    if not 1 <= pattern.first <= 99:
        raise Invalid.field("first", "place.count")
    if not 0 <= pattern.width_mm <= WIDEST_SHELF:
        raise Invalid.field("width_mm", "place.width")
    if pattern.total > MOST_AT_ONCE:
        raise Invalid.field("rows", "place.too_many")


def planned(pattern: Pattern) -> Iterator[Planned]:
    """Yield the places of a pattern, each after the one that it stands in; codes have two digits."""
    yield from _level(pattern, pattern.levels(), (), pattern.first)


def _level(
    pattern: Pattern, levels: tuple[tuple[PlaceKind, int], ...], above: tuple[str, ...], first: int
) -> Iterator[Planned]:
    if not levels:
        return
    (kind, count), *below = levels
    for number in range(first, first + count):
        path = (*above, f"{number:02d}")
        yield Planned(kind, path, number, pattern.width_mm if kind is PlaceKind.SHELF else 0)
        yield from _level(pattern, tuple(below), path, 1)


def check_spine(millimetres: int) -> int:
    """Return the width of a box's spine; raises `Invalid` outside of what boxes are made in."""
    if not NARROWEST <= millimetres <= WIDEST:
        raise Invalid.field("spine_mm", "box.spine")
    return millimetres
