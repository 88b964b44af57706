"""The words of a page with their places, as they are kept: JSON, a row a line, scores in thousandths.

Boxes are in thousandths of the width and height of the drawn page, turned as its row says. Where a restored copy is
known to lie otherwise, rows stand under `lines`, and under `way` the 3×3 matrix that leads from a place to the copy's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.page_places import turned_box, turned_way
from app.ports import TextLine


def pack_words(lines: Iterable[TextLine], way: Sequence[float] = ()) -> str:
    """Return lines as text, with the way to the restored copy; no lines make an empty one."""
    rows = [[line.text, line.left, line.top, line.right, line.bottom, round(line.score * 1000)] for line in lines]
    return _packed(rows, way) if rows else ""


def unpack_words(words: str | None) -> tuple[TextLine, ...]:
    """Return the lines of a page; nothing was read on one without words."""
    rows, _ = _unpacked(words)
    return tuple(TextLine(text, x, y, right, low, score / 1000) for text, x, y, right, low, score in rows)


def way_to_restored(words: str | None) -> tuple[float, ...]:
    """Return the matrix that leads to the restored copy; none where it is not known."""
    return tuple(_unpacked(words)[1])


def turn_words(words: str, degrees: int) -> str:
    """Return the words of a page after it and its restored copy were turned clockwise; no words stay none."""
    rows, way = _unpacked(words)
    turned = [[text, *turned_box((x, y, right, low), degrees), *rest] for text, x, y, right, low, *rest in rows]
    return _packed(turned, turned_way(way, degrees) if way else ()) if rows else ""


def lead_words(words: str, way: Sequence[float]) -> str:
    """Return the words of a page with another way to its restored copy; no words stay none."""
    rows, _ = _unpacked(words)
    return _packed(rows, way) if rows else ""


def _packed(rows: list[Any], way: Sequence[float]) -> str:
    kept = {"lines": rows, "way": list(way)} if way else rows
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _unpacked(words: str | None) -> tuple[list[Any], list[float]]:
    kept = json.loads(words) if words else []
    return (kept["lines"], kept["way"]) if isinstance(kept, dict) else (kept, [])
