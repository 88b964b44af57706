"""Safety checks of storerooms 库房安全检查 (八防/十防): what each point was found to be, and when a check is settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.domain.errors import Invalid


class PointState(StrEnum):
    """What a point was found to be."""

    OK = "ok"  # 正常
    FAULT = "fault"  # 有问题
    NONE = "none"  # 不适用


def check_results(results: Mapping[str, str], asked: Collection[str], found: str) -> dict[str, str]:
    """Return the results of the points that were asked for; raises `Invalid`.

    Every point needs its word; a fault needs to be described, and what is described needs its point.
    """
    states = set(PointState)
    kept = {code: results.get(code, "") for code in asked}
    problems: dict[str, list[str]] = {}
    if any(state not in states for state in kept.values()):
        problems["results"] = ["safety.point_missing"]
    has_fault = PointState.FAULT in kept.values()
    if has_fault and not found:
        problems["found"] = ["safety.found_missing"]
    if found and not has_fault:
        problems["results"] = ["safety.fault_missing"]
    if problems:
        raise Invalid(problems)
    return kept


def has_fault(results: Mapping[str, str]) -> bool:
    """Say whether a point was not in order."""
    return PointState.FAULT in results.values()
