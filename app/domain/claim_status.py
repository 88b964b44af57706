"""The nodes of a claim 赔案: which may follow which, and when it is closed.

报案 → 立案 → 查勘/调查 → 定损/理算 → 核赔 → 通知 → 支付 → 结案 → 归档, with 复议, 诉讼, 追偿, 重开 beside. A case may
be closed from every node before (撤案, 零结案); how it ended is its outcome.
"""

from __future__ import annotations

from enum import StrEnum

from app.domain.transitions import require_transition


class ClaimStatus(StrEnum):
    """Node that a case has reached."""

    REPORTED = "reported"  # 报案
    OPENED = "opened"  # 立案
    INVESTIGATING = "investigating"  # 查勘/调查
    ASSESSING = "assessing"  # 定损/理算
    APPROVING = "approving"  # 核赔
    NOTIFIED = "notified"  # 通知
    PAYING = "paying"  # 支付
    CLOSED = "closed"  # 结案
    ARCHIVED = "archived"  # 归档
    RECONSIDERING = "reconsidering"  # 复议
    LITIGATING = "litigating"  # 诉讼
    RECOVERING = "recovering"  # 追偿
    REOPENED = "reopened"  # 重开


_C = ClaimStatus
_BESIDE = frozenset({_C.RECONSIDERING, _C.LITIGATING, _C.RECOVERING})

CLAIM_TRANSITIONS: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    _C.REPORTED: frozenset({_C.OPENED, _C.CLOSED}),
    _C.OPENED: frozenset({_C.INVESTIGATING, _C.ASSESSING, _C.APPROVING, _C.LITIGATING, _C.CLOSED}),
    _C.INVESTIGATING: frozenset({_C.ASSESSING, _C.APPROVING, _C.LITIGATING, _C.CLOSED}),
    _C.ASSESSING: frozenset({_C.INVESTIGATING, _C.APPROVING, _C.LITIGATING, _C.CLOSED}),
    _C.APPROVING: frozenset({_C.INVESTIGATING, _C.ASSESSING, _C.NOTIFIED, _C.LITIGATING, _C.CLOSED}),
    _C.NOTIFIED: frozenset({_C.PAYING, _C.CLOSED, _C.RECONSIDERING, _C.LITIGATING}),
    _C.PAYING: frozenset({_C.CLOSED, _C.RECONSIDERING, _C.LITIGATING}),
    _C.CLOSED: _BESIDE | {_C.ARCHIVED, _C.REOPENED},
    _C.ARCHIVED: _BESIDE | {_C.REOPENED},
    _C.RECONSIDERING: frozenset({_C.ASSESSING, _C.APPROVING, _C.NOTIFIED, _C.LITIGATING, _C.CLOSED}),
    _C.LITIGATING: frozenset({_C.APPROVING, _C.NOTIFIED, _C.PAYING, _C.CLOSED}),
    _C.RECOVERING: frozenset({_C.LITIGATING, _C.CLOSED}),
    _C.REOPENED: frozenset({_C.INVESTIGATING, _C.ASSESSING, _C.APPROVING, _C.LITIGATING, _C.CLOSED}),
}


def check_claim_transition(current: ClaimStatus, target: ClaimStatus) -> None:
    """Pass when `target` may follow `current`; raises `TransitionRefused`."""
    require_transition(CLAIM_TRANSITIONS, current, target)


def next_claim_statuses(current: ClaimStatus) -> tuple[ClaimStatus, ...]:
    """Return what a form offers after `current`, in the order of the enum."""
    return tuple(status for status in ClaimStatus if status in CLAIM_TRANSITIONS[current])


def starts_retention(status: ClaimStatus) -> bool:
    """Say whether the case is closed, so that its retention clock runs from the closing date."""
    return status in (ClaimStatus.CLOSED, ClaimStatus.ARCHIVED)
