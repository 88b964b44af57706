"""The words of a page with their places, as they are kept: JSON, a row a line, scores in thousandths.

Boxes are in thousandths of the width and height of the drawn page, turned as its row says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from app.ports import TextLine


def pack_words(lines: Iterable[TextLine]) -> str:
    """Return lines as text; none make an empty one."""
    rows = [[line.text, line.left, line.top, line.right, line.bottom, round(line.score * 1000)] for line in lines]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""


def unpack_words(words: str | None) -> tuple[TextLine, ...]:
    """Return the lines of a page; nothing was read on one without words."""
    if not words:
        return ()
    rows = json.loads(words)
    return tuple(TextLine(text, x, y, right, low, score / 1000) for text, x, y, right, low, score in rows)
