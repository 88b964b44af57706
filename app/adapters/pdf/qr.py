"""QR codes and bars as paths: one shape a code, since a shape a module takes ten times as long. Runs in the press only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import segno

from app.domain.code128 import bars

QUIET = 4  # modules without ink on every side, ISO/IEC 18004


@lru_cache(maxsize=64)
def _matrix(text: str) -> Any:
    return segno.make(text, error="m", micro=False).matrix


def dark_modules(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the dark runs of the QR code of `text`, quiet zone counted: left, top, length in modules."""
    for y, line in enumerate(_matrix(text), start=QUIET):
        start = None
        for x, dark in enumerate((*line, 0), start=QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield start, y, x - start
                start = None


def modules_across(text: str) -> int:
    """Return the side of the QR code with its quiet zone, in modules."""
    return len(_matrix(text)) + 2 * QUIET


def dots_path(text: str) -> str:
    """Return the dark modules of the QR code as the path of an SVG whose unit is a module."""
    return "".join(f"M{left} {top}h{length}v1h-{length}z" for left, top, length in dark_modules(text))


def bars_path(text: str) -> str:
    """Return the bars of Code 128 as the path of an SVG, a module wide and 30 high."""
    return "".join(f"M{left} 0h{width}v30h-{width}z" for left, width in bars(text))
