"""Changing a row from the version that the user saw, and telling what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from app.domain.errors import ChangedMeanwhile, Difference


class Versioned(Protocol):
    """A row with a lock counter."""

    version: Any


def apply_changes(
    row: Versioned,
    values: Mapping[str, Any],
    *,
    version: int,
    show: Callable[[str, Any], str],
) -> tuple[dict[str, str], dict[str, str]]:
    """Set `values` on `row` and return the texts before and after of what really changed.

    `show(field, value)` masks a value for trail and conflict page. Raises `ChangedMeanwhile` with the fields that
    differ when the row is no longer at `version`.
    """
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if row.version != version:
        differences = [
            Difference(name, show(name, value), show(name, getattr(row, name))) for name, value in changed.items()
        ]
        raise ChangedMeanwhile(differences, row.version)
    before = {name: show(name, getattr(row, name)) for name in changed}
    after = {name: show(name, value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.version += 1
    return before, after
