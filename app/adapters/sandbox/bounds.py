"""How much one file may cost; the parent hands it to the child on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# The time limits are meant for one file of ordinary length; a longer one gets them again for every further 100 pages.
PAGES_PER_TURN = 100


class Bounds(NamedTuple):
    """Limits of one process: seconds of processor and clock per turn, bytes of address space, pages, pixels a page."""

    cpu_seconds: int
    wall_seconds: int
    memory_bytes: int
    max_pages: int
    max_pixels: int

    def arguments(self) -> list[str]:
        """Return the words that `from_arguments` reads."""
        return [str(number) for number in self]

    @classmethod
    def from_arguments(cls, words: Sequence[str]) -> Bounds:
        """Read what `arguments` wrote."""
        return cls(*map(int, words))

    def turns(self, pages: int) -> int:
        """Return how many times the time limits are granted to a file of so many pages."""
        return max(1, -(-pages // PAGES_PER_TURN))
