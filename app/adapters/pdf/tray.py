"""The compositor's tray: rows of an iterator, measured by eye, of which some may be laid back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

Row = Sequence[str]

_SHEET_WIDTHS = {"A4": 84.0, "A3": 122.0}  # full-width characters of 9 pt across the paper of register.css
_PADDING = 0.8  # of a cell, in the same unit


class Tray:
    """Hands out rows in their order; knows when there are no more without having read them all."""

    def __init__(self, rows: Iterable[Row], lines_of: Callable[[Row], int]) -> None:
        self._rows = iter(rows)
        self._lines_of = lines_of
        self._front: deque[Row] = deque()

    def take(self, most_rows: int, most_lines: int) -> list[Row]:
        """Return the next rows, at least one of them if there is any, within both limits."""
        taken: list[Row] = []
        lines = 0
        while len(taken) < most_rows and lines < most_lines and not self.is_empty():
            taken.append(self._front.popleft())
            lines += self._lines_of(taken[-1])
        return taken

    def lay_back(self, rows: Sequence[Row]) -> None:
        """Put `rows` in front again: they come next."""
        self._front.extendleft(reversed(rows))

    def is_empty(self) -> bool:
        """Say whether no row is left; may read one ahead."""
        if not self._front:
            self._front.extend(row for row in [next(self._rows, None)] if row is not None)
        return not self._front


def estimate_lines(widths: Sequence[float], paper: str = "A4") -> Callable[[Row], int]:
    """Return a measure for rows with columns of these widths: about how many lines the highest cell takes.

    Good enough to keep a chunk from growing to hundreds of pages when a narrow column holds a long text.
    """
    whole = sum(widths)
    rooms = [max(1.0, width / whole * _SHEET_WIDTHS[paper] - _PADDING) for width in widths]

    def lines_of(row: Row) -> int:
        return 1 + int(max(_length(cell) / room for cell, room in zip(row, rooms, strict=True)))

    return lines_of


def _length(cell: str) -> float:
    return len(cell) / 2 if cell.isascii() else len(cell)
