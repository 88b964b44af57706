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
    require_version(row, values, version=version, show=show)
    changed = _changed(row, values)
    before = {name: show(name, getattr(row, name)) for name in changed}
    after = {name: show(name, value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.version += 1
    return before, after


def require_version(
    row: Versioned, values: Mapping[str, Any], *, version: int, show: Callable[[str, Any], str]
) -> None:
    """Pass when `row` is still at `version`; otherwise raise `ChangedMeanwhile` with where it differs from `values`."""
    if row.version == version:
        return
    changed = _changed(row, values)
    differences = [Difference(name, show(name, mine), show(name, getattr(row, name))) for name, mine in changed.items()]
    raise ChangedMeanwhile(differences, row.version)


def _changed(row: Versioned, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}
