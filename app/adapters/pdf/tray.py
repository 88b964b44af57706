"""The compositor's tray: rows of an iterator, of which some may be laid back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Row = Sequence[str]


class Tray:
    """Hands out rows in their order; knows when there are no more without having read them all."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self._front: list[Row] = []

    def take(self, most_rows: int, most_characters: int) -> list[Row]:
        """Return the next rows, at least one of them if there is any, within both limits."""
        taken: list[Row] = []
        characters = 0
        while len(taken) < most_rows and characters < most_characters and not self.is_empty():
            taken.append(self._front.pop(0))
            characters += sum(map(len, taken[-1]))
        return taken

    def lay_back(self, rows: Sequence[Row]) -> None:
        """Put `rows` in front again: they come next."""
        self._front[:0] = rows

    def is_empty(self) -> bool:
        """Say whether no row is left; may read one ahead."""
        if not self._front:
            self._front.extend(row for row in [next(self._rows, None)] if row is not None)
        return not self._front
