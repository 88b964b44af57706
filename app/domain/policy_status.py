"""The status of a policy 保单状态: which may follow which, and which ends it.

The status decides when the retention clock starts: with every terminal status that has a date 合同终止之日. A lapsed
policy may be reinstated within two years 复效 (保险法 Art. 36–37), so lapsing starts nothing. Terminal statuses have
no way out; a typing mistake is corrected as a correction, with a reason, not as a transition.
Source: 保险法 Art. 16, 36, 37, 47, 87.
"""

from __future__ import annotations

from enum import StrEnum

from app.domain.product_lines import InsuranceClass
from app.domain.transitions import TransitionRefused, require_transition


class PolicyStatus(StrEnum):
    """保单状态 of life and of property policies."""

    APPLIED = "applied"  # 投保中
    UNDERWRITING = "underwriting"  # 待核保
    DECLINED = "declined"  # 拒保
    POSTPONED = "postponed"  # 延期
    WITHDRAWN = "withdrawn"  # 撤单
    ACCEPTED = "accepted"  # 承保
    PENDING = "pending"  # 待生效
    IN_FORCE = "in_force"  # 有效
    GRACE = "grace"  # 宽限期
    LAPSED = "lapsed"  # 效力中止
    PAID_UP = "paid_up"  # 减额交清
    ON_LOAN = "on_loan"  # 贷款中
    WAIVED = "waived"  # 豁免保费
    ENDORSING = "endorsing"  # 批改中
    COOLED_OFF = "cooled_off"  # 犹豫期退保
    SURRENDERED = "surrendered"  # 退保
    CLAIMED_OUT = "claimed_out"  # 理赔终止
    MATURED = "matured"  # 满期
    RESCINDED = "rescinded"  # 合同解除
    LAPSE_ENDED = "lapse_ended"  # 失效满二年解除
    CANCELLED = "cancelled"  # 注销
    EXPIRED = "expired"  # 到期终止
    RENEWED = "renewed"  # 到期已续保
    TERMINATED = "terminated"  # 终止（其他）


_S = PolicyStatus

# While the contract stands it may end in these ways, whatever else is going on.
_ENDS = frozenset({_S.SURRENDERED, _S.CLAIMED_OUT, _S.MATURED, _S.RESCINDED, _S.EXPIRED, _S.RENEWED, _S.TERMINATED})
_STANDING = frozenset({_S.IN_FORCE, _S.PAID_UP, _S.ON_LOAN, _S.WAIVED, _S.ENDORSING})

TRANSITIONS: dict[PolicyStatus, frozenset[PolicyStatus]] = {
    _S.APPLIED: frozenset({_S.UNDERWRITING, _S.ACCEPTED, _S.WITHDRAWN}),
    _S.UNDERWRITING: frozenset({_S.ACCEPTED, _S.DECLINED, _S.POSTPONED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.PENDING, _S.IN_FORCE, _S.WITHDRAWN, _S.CANCELLED}),
    _S.PENDING: frozenset({_S.IN_FORCE, _S.COOLED_OFF, _S.CANCELLED, _S.SURRENDERED, _S.RESCINDED}),
    _S.IN_FORCE: _ENDS | {_S.GRACE, _S.COOLED_OFF, _S.PAID_UP, _S.ON_LOAN, _S.WAIVED, _S.ENDORSING, _S.CANCELLED},
    _S.GRACE: _ENDS | {_S.IN_FORCE, _S.LAPSED, _S.PAID_UP, _S.WAIVED},
    _S.LAPSED: frozenset(
        {_S.IN_FORCE, _S.LAPSE_ENDED, _S.SURRENDERED, _S.RESCINDED, _S.CLAIMED_OUT, _S.MATURED, _S.TERMINATED}
    ),
    _S.PAID_UP: _ENDS | {_S.ON_LOAN, _S.ENDORSING},
    _S.ON_LOAN: _ENDS | {_S.IN_FORCE, _S.GRACE, _S.LAPSED, _S.PAID_UP, _S.WAIVED},
    _S.WAIVED: _ENDS | {_S.ON_LOAN, _S.ENDORSING},
    _S.ENDORSING: _ENDS | {_S.IN_FORCE, _S.PAID_UP, _S.WAIVED, _S.CANCELLED},
} | {
    ended: frozenset()
    for ended in (*_ENDS, _S.DECLINED, _S.POSTPONED, _S.WITHDRAWN, _S.COOLED_OFF, _S.LAPSE_ENDED, _S.CANCELLED)
}

TERMINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
LIFE_ONLY = frozenset(
    {_S.GRACE, _S.LAPSED, _S.PAID_UP, _S.ON_LOAN, _S.WAIVED, _S.COOLED_OFF, _S.MATURED, _S.LAPSE_ENDED, _S.POSTPONED}
)
PROPERTY_ONLY = frozenset({_S.ENDORSING, _S.CANCELLED})


def check_transition(
    current: PolicyStatus, target: PolicyStatus, insurance_class: InsuranceClass | None = None
) -> None:
    """Pass when `target` may follow `current` (in that class of insurance); raises `TransitionRefused`."""
    require_transition(TRANSITIONS, current, target)
    if insurance_class is not None and target not in statuses_of(insurance_class):
        raise TransitionRefused(current, target)


def next_statuses(current: PolicyStatus, insurance_class: InsuranceClass) -> tuple[PolicyStatus, ...]:
    """Return what a form offers after `current`, in the order of the enum."""
    offered = TRANSITIONS[current] & statuses_of(insurance_class)
    return tuple(status for status in PolicyStatus if status in offered)


def statuses_of(insurance_class: InsuranceClass) -> frozenset[PolicyStatus]:
    """Return the statuses that occur in a class of insurance."""
    others = PROPERTY_ONLY if insurance_class is InsuranceClass.PERSONAL else LIFE_ONLY
    return frozenset(PolicyStatus) - others


def starts_retention(status: PolicyStatus) -> bool:
    """Say whether the retention clock starts with the date of this status."""
    return status in TERMINAL
