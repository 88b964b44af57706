"""How much room words take on paper: millimetres from points, line breaks, the lines around a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.cli.demo.sheets import HEIGHT, WIDTH, Rule

LEFT, RIGHT, TOP, BOTTOM = 18.0, WIDTH - 18.0, 16.0, HEIGHT - 22.0
POINT = 25.4 / 72
# What stays together on a line: a number or a word, or one character.
_PIECES = re.compile(r"[0-9A-Za-z.,*/+-]{1,24}|.|\n")
_HANGING = "，。；：、）！？》”%"


def frame(x: float, y: float, width: float, height: float) -> tuple[Rule, ...]:
    """Return the four lines around a cell."""
    right, bottom = x + width, y + height
    return (Rule(x, y, right, y), Rule(x, bottom, right, bottom), Rule(x, y, x, bottom), Rule(right, y, right, bottom))


def measure(text: str, size: float) -> float:
    """Return about how many mm `text` is wide."""
    narrow = len(text.encode("ascii", "ignore"))
    return (len(text) - narrow * 0.42) * size * POINT


def fit(text: str, size: float, width: float) -> float:
    """Return the size at which `text` fits `width` mm, at most `size`."""
    return min(size, size * width / max(measure(text, size), 0.1))


def wrap(text: str, size: float, width: float) -> list[str]:
    """Cut `text` into lines of `width` mm; no line begins with a closing mark, and no number is broken."""
    lines, line, used = [], "", 0.0
    for piece in _PIECES.findall(text):
        advance = measure(piece, size)
        if piece == "\n" or (line and used + advance > width and piece not in _HANGING):
            lines.append(line)
            line, used = "", 0.0
        if piece != "\n":
            line += piece
            used += advance
    return [*lines, line]


def lefts(widths: Sequence[float]) -> list[float]:
    """Return where each column begins."""
    return [LEFT + sum(widths[:index]) for index in range(len(widths))]


def steps(start: float, stop: float, step: float) -> Iterable[float]:
    """Return the places from `start` to `stop`, `step` mm apart."""
    return (start + index * step for index in range(int((stop - start) / step)))
