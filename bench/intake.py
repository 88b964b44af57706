"""Papers on their way in: end to end, then the parts: reading, restoring, knowing what a paper is."""

from __future__ import annotations

from bench import reading, receiving, sorting
from bench.table import Figure


def run() -> list[Figure]:
    """Return all figures as one table."""
    return [*receiving.run(), *reading.run(), *sorting.run()]
