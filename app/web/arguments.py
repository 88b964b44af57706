"""What stands in the query of an address, read with suspicion: spoilt values are as good as none."""

from __future__ import annotations

from datetime import date

from flask import request

LARGEST = 1 << 62


def day_argument(name: str) -> date | None:
    """Return a date of the query, None for none and for what is no date."""
    try:
        return date.fromisoformat(request.args[name]) if request.args.get(name) else None
    except ValueError:
        return None


def number_argument(name: str) -> int | None:
    """Return a whole number of the query that a database can hold, None for everything else."""
    value = request.args.get(name, type=int)
    return value if value is not None and 0 <= value < LARGEST else None
