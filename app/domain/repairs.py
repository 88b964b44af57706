"""Repair 修复: kinds of damage 病害, the four grades of GB/T 42468.1-2023, the life of a repair order 修复单.

ordered 待修 → working 修复中 → finished 待验收 → accepted 已验收; what fails at acceptance goes back to work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid, WrongState

WHOLE = 100


class Damage(StrEnum):
    """病害类型 of a paper."""

    ACID = "acid"  # 酸化
    AGED = "aged"  # 老化
    MILDEW = "mildew"  # 霉变
    INSECTS = "insects"  # 虫蛀
    TORN = "torn"  # 撕裂
    STAIN = "stain"  # 污染
    INCOMPLETE = "incomplete"  # 残缺
    STUCK = "stuck"  # 粘连
    INK_SPREAD = "ink_spread"  # 字迹扩散
    FADED = "faded"  # 褪色


class Grade(StrEnum):
    """破损等级, the lightest first."""

    SLIGHT = "slight"  # 轻度
    MEDIUM = "medium"  # 中度
    SEVERE = "severe"  # 严重
    EXTREME = "extreme"  # 特残


URGENT = frozenset({Grade.SEVERE, Grade.EXTREME})
SOUND = "sound"  # 完好: what an inspection finds where nothing needs repair

# Damaged area in per cent of the sheet: extreme above the first number, severe from the second (GB/T 42468.1-2023).
# The standard measures these kinds only; all others are judged by eye.
THRESHOLDS: Mapping[Damage, tuple[int, int | None]] = {
    Damage.MILDEW: (30, 20),
    Damage.INSECTS: (30, 20),
    Damage.STAIN: (60, 20),
    Damage.INCOMPLETE: (40, 20),
    Damage.STUCK: (50, None),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of damage with the share of the sheet it covers, None where nobody measured; `firm` for hard sticking."""

    damage: Damage
    percent: int | None = None
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The grade that measured areas ask for, and why: `rule` is `above_<n>`, `from_<n>` or `firm`."""

    grade: Grade
    damage: Damage
    rule: str
    limit: int = 0


def suggest_grade(findings: Iterable[Finding]) -> Suggestion | None:
    """Return the heaviest grade that a measured area reaches, None where the thresholds leave it to the eye.

    Below severe the standard gives no areas: medium and slight are for a person to tell apart.
    """
    reached = [suggestion for finding in findings if (suggestion := _reached(finding))]
    order = list(Grade)
    return max(reached, key=lambda suggestion: order.index(suggestion.grade), default=None)


def _reached(finding: Finding) -> Suggestion | None:
    damage, limits = finding.damage, THRESHOLDS.get(finding.damage)
    if limits is None:
        return None
    above, at_least = limits
    if damage is Damage.STUCK and finding.firm:
        return Suggestion(Grade.EXTREME, damage, "firm")
    if finding.percent is None:
        return None
    if finding.percent > above:
        return Suggestion(Grade.EXTREME, damage, f"above_{above}", above)
    if at_least is not None and finding.percent >= at_least:
        return Suggestion(Grade.SEVERE, damage, f"from_{at_least}", at_least)
    return None


def check_findings(findings: Sequence[Finding]) -> None:
    """Raise `Invalid` unless something was found, each kind once, with areas that a sheet can have."""
    if not findings:
        raise Invalid.field("damages", "repair.damage_missing")
    for finding in findings:
        if finding.percent is not None and not 0 < finding.percent <= WHOLE:
            raise Invalid.field(finding.damage.value, "repair.percent")


def to_plain(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as they lie in the database."""
    return [
        {"kind": finding.damage.value}
        | ({"percent": finding.percent} if finding.percent is not None else {})
        | ({"firm": True} if finding.firm else {})
        for finding in findings
    ]


def from_plain(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return findings from what lies in the database."""
    return tuple(Finding(Damage(row["kind"]), row.get("percent"), bool(row.get("firm"))) for row in rows)


class RepairState(StrEnum):
    """Where a repair order stands."""

    ORDERED = "ordered"
    WORKING = "working"
    FINISHED = "finished"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class RepairStep(StrEnum):
    """What can be done with an order."""

    START = "start"
    FINISH = "finish"
    ACCEPT = "accept"
    REJECT = "reject"  # acceptance failed: back to work
    CANCEL = "cancel"


_S, _D = RepairState, RepairStep
STEPS: Mapping[tuple[RepairState, RepairStep], RepairState] = {
    (_S.ORDERED, _D.START): _S.WORKING,
    (_S.WORKING, _D.FINISH): _S.FINISHED,
    (_S.FINISHED, _D.ACCEPT): _S.ACCEPTED,
    (_S.FINISHED, _D.REJECT): _S.WORKING,
    (_S.ORDERED, _D.CANCEL): _S.CANCELLED,
    (_S.WORKING, _D.CANCEL): _S.CANCELLED,
}
OPEN_STATES = frozenset({_S.ORDERED, _S.WORKING, _S.FINISHED})


def next_state(current: str, step: RepairStep) -> RepairState:
    """Return where `step` leads; raises `WrongState` with `repair.is_<current>` when it is not allowed."""
    following = STEPS.get((RepairState(current), step))
    if following is None:
        raise WrongState(f"repair.is_{current}")
    return following
