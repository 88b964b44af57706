"""Claims 赔案: kinds, outcomes, and whether dates and amounts agree.

Refusing needs a reason (保险法 Art. 24); nothing is paid before the decision but an advance 预付 (Art. 25). The nodes
of a case are in `claim_status` and offered from here too. Source: 保险法 Art. 22–25.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.claim_status import (
    CLAIM_TRANSITIONS,
    ClaimStatus,
    check_claim_transition,
    next_claim_statuses,
    starts_retention,
)
from app.domain.product_lines import InsuranceClass
from app.domain.transitions import TransitionRefused

__all__ = [
    "CLAIM_TRANSITIONS",
    "ClaimAmountProblem",
    "ClaimAmounts",
    "ClaimDateProblem",
    "ClaimDates",
    "ClaimKind",
    "ClaimOutcome",
    "ClaimStatus",
    "RefusalReason",
    "TransitionRefused",
    "check_claim_amounts",
    "check_claim_dates",
    "check_claim_transition",
    "kinds_of",
    "next_claim_statuses",
    "starts_retention",
]


class ClaimKind(StrEnum):
    """赔案类型; the first group belongs to personal insurance, the second to property insurance."""

    DEATH_ILLNESS = "death_illness"  # 疾病身故
    DEATH_ACCIDENT = "death_accident"  # 意外身故
    DISABILITY = "disability"  # 全残/伤残
    CRITICAL_ILLNESS = "critical_illness"  # 重大疾病
    MODERATE_ILLNESS = "moderate_illness"  # 中症
    MILD_ILLNESS = "mild_illness"  # 轻症
    INPATIENT = "inpatient"  # 住院医疗
    OUTPATIENT = "outpatient"  # 门急诊医疗
    ACCIDENT_MEDICAL = "accident_medical"  # 意外医疗
    HOSPITAL_ALLOWANCE = "hospital_allowance"  # 住院津贴
    PREMIUM_WAIVER = "premium_waiver"  # 豁免保费
    CARE = "care"  # 失能/护理
    SURVIVAL_BENEFIT = "survival_benefit"  # 满期/生存/年金给付

    MOTOR_DAMAGE = "motor_damage"  # 车损
    PROPERTY_DAMAGE = "property_damage"  # 物损
    BODILY_INJURY = "bodily_injury"  # 人伤
    VEHICLE_THEFT = "vehicle_theft"  # 盗抢
    FIRE = "fire"  # 火灾
    EXPLOSION = "explosion"  # 爆炸
    FLOOD_STORM = "flood_storm"  # 水灾/暴雨/台风
    THEFT = "theft"  # 盗窃
    LIABILITY = "liability"  # 责任
    CARGO_DAMAGE = "cargo_damage"  # 货损
    AGRICULTURAL = "agricultural"  # 农险灾害
    CREDIT_DEFAULT = "credit_default"  # 信用保证违约
    OTHER = "other"


_KINDS = tuple(ClaimKind)
_FIRST_OF_PROPERTY = _KINDS.index(ClaimKind.MOTOR_DAMAGE)
_PERSONAL_KINDS, _PROPERTY_KINDS = _KINDS[:_FIRST_OF_PROPERTY], _KINDS[_FIRST_OF_PROPERTY:-1]
# Property insurers also sell short-term health and accident insurance (保险法 Art. 95).
_SHARED_KINDS = (
    ClaimKind.DEATH_ILLNESS,
    ClaimKind.DEATH_ACCIDENT,
    ClaimKind.DISABILITY,
    ClaimKind.CRITICAL_ILLNESS,
    ClaimKind.INPATIENT,
    ClaimKind.OUTPATIENT,
    ClaimKind.ACCIDENT_MEDICAL,
    ClaimKind.HOSPITAL_ALLOWANCE,
)


def kinds_of(insurance_class: InsuranceClass) -> tuple[ClaimKind, ...]:
    """Return the kinds of claims that a class of insurance knows, the usual ones first."""
    if insurance_class is InsuranceClass.PERSONAL:
        return (*_PERSONAL_KINDS, ClaimKind.OTHER)
    return (*_PROPERTY_KINDS, *_SHARED_KINDS, ClaimKind.OTHER)


class ClaimOutcome(StrEnum):
    """How a case ended."""

    FULL = "full"  # 全额给付/正常赔付
    PARTIAL = "partial"  # 部分赔付
    REFUSED = "refused"  # 拒赔
    EX_GRATIA = "ex_gratia"  # 通融赔付
    SETTLED = "settled"  # 协议赔付
    ZERO = "zero"  # 零结案
    WITHDRAWN = "withdrawn"  # 注销/撤案
    RESCINDED_REFUND = "rescinded_refund"  # 解除合同退费
    RESCINDED_NO_REFUND = "rescinded_no_refund"  # 解除合同不退费
    LITIGATED = "litigated"  # 转诉讼
    ADVANCE = "advance"  # 预付


class RefusalReason(StrEnum):
    """拒赔原因."""

    NOT_COVERED = "not_covered"  # 非保险责任
    EXCLUDED = "excluded"  # 责任免除
    NOT_DISCLOSED = "not_disclosed"  # 未如实告知
    WAITING_PERIOD = "waiting_period"  # 等待期内
    POLICY_LAPSED = "policy_lapsed"  # 保单失效
    TIME_BARRED = "time_barred"  # 超时效
    FALSE_DOCUMENTS = "false_documents"  # 材料不实
    OTHER = "other"


class ClaimDateProblem(StrEnum):
    """What does not agree among the dates of a case."""

    REPORTED_BEFORE_OCCURRED = "claim_dates.reported_before_occurred"
    MATERIALS_BEFORE_OCCURRED = "claim_dates.materials_before_occurred"
    DECIDED_BEFORE_REPORTED = "claim_dates.decided_before_reported"
    DECIDED_BEFORE_MATERIALS = "claim_dates.decided_before_materials"
    SUPPLEMENT_WITHOUT_NOTICE = "claim_dates.supplement_without_notice"
    SUPPLEMENT_BEFORE_NOTICE = "claim_dates.supplement_before_notice"
    REFUSAL_BEFORE_DECIDED = "claim_dates.refusal_before_decided"
    AGREED_BEFORE_DECIDED = "claim_dates.agreed_before_decided"
    PAID_BEFORE_DECIDED = "claim_dates.paid_before_decided"
    CLOSED_BEFORE_REPORTED = "claim_dates.closed_before_reported"
    CLOSED_BEFORE_DECIDED = "claim_dates.closed_before_decided"
    CLOSED_BEFORE_PAID = "claim_dates.closed_before_paid"
    IN_FUTURE = "claim_dates.in_future"


@dataclass(frozen=True, slots=True)
class ClaimDates:
    """The dates that the service limits are counted from; None is not known yet."""

    occurred: date | None = None  # 出险日
    reported: date | None = None  # 报案日
    materials_received: date | None = None  # 申请及资料首次收到日
    supplement_noticed: date | None = None  # 补充通知送达日
    supplement_received: date | None = None  # 补充收到日
    decided: date | None = None  # 核定日
    refusal_sent: date | None = None  # 拒赔通知发出日
    agreed: date | None = None  # 达成协议日
    paid: date | None = None  # 支付日
    closed: date | None = None  # 结案日

    def known(self) -> tuple[date, ...]:
        """Return all dates that are known."""
        every = (
            *(self.occurred, self.reported, self.materials_received, self.supplement_noticed),
            *(self.supplement_received, self.decided, self.refusal_sent, self.agreed, self.paid, self.closed),
        )
        return tuple(day for day in every if day)


def check_claim_dates(
    dates: ClaimDates, today: date | None = None, outcome: ClaimOutcome | None = None
) -> list[ClaimDateProblem]:
    """Return what does not agree, nothing when all is well; an advance 预付 is paid before the decision."""
    problem = ClaimDateProblem
    order = (
        (dates.occurred, dates.reported, problem.REPORTED_BEFORE_OCCURRED),
        (dates.occurred, dates.materials_received, problem.MATERIALS_BEFORE_OCCURRED),
        (dates.reported, dates.decided, problem.DECIDED_BEFORE_REPORTED),
        (dates.materials_received, dates.decided, problem.DECIDED_BEFORE_MATERIALS),
        (dates.supplement_noticed, dates.supplement_received, problem.SUPPLEMENT_BEFORE_NOTICE),
        (dates.decided, dates.refusal_sent, problem.REFUSAL_BEFORE_DECIDED),
        (dates.decided, dates.agreed, problem.AGREED_BEFORE_DECIDED),
        (None if outcome is ClaimOutcome.ADVANCE else dates.decided, dates.paid, problem.PAID_BEFORE_DECIDED),
        (dates.reported, dates.closed, problem.CLOSED_BEFORE_REPORTED),
        (dates.decided, dates.closed, problem.CLOSED_BEFORE_DECIDED),
        (dates.paid, dates.closed, problem.CLOSED_BEFORE_PAID),
    )
    problems = [found for earlier, later, found in order if earlier and later and earlier > later]
    if dates.supplement_received and not dates.supplement_noticed:
        problems.append(problem.SUPPLEMENT_WITHOUT_NOTICE)
    if today and any(day > today for day in dates.known()):
        problems.append(problem.IN_FUTURE)
    return problems


class ClaimAmountProblem(StrEnum):
    """What does not agree between amounts, decision and outcome."""

    NEGATIVE = "claim_amounts.negative"
    PAID_WITHOUT_DECISION = "claim_amounts.paid_without_decision"
    PAID_OVER_APPROVED = "claim_amounts.paid_over_approved"
    PAID_THOUGH_REFUSED = "claim_amounts.paid_though_refused"
    PAID_THOUGH_CLOSED_EMPTY = "claim_amounts.paid_though_closed_empty"
    NOTHING_PAID = "claim_amounts.nothing_paid"
    REFUSAL_WITHOUT_REASON = "claim_amounts.refusal_without_reason"
    REASON_WITHOUT_REFUSAL = "claim_amounts.reason_without_refusal"


@dataclass(frozen=True, slots=True)
class ClaimAmounts:
    """Amounts of a case in cents 分; None is not known yet."""

    claimed: int = 0
    approved: int | None = None
    paid: int | None = None


_NOTHING_TO_PAY = frozenset({ClaimOutcome.ZERO, ClaimOutcome.WITHDRAWN, ClaimOutcome.RESCINDED_NO_REFUND})
_MUST_BE_PAID = frozenset({ClaimOutcome.FULL, ClaimOutcome.PARTIAL, ClaimOutcome.EX_GRATIA, ClaimOutcome.SETTLED})
_REASON_ALLOWED = frozenset(
    {ClaimOutcome.REFUSED, ClaimOutcome.RESCINDED_REFUND, ClaimOutcome.RESCINDED_NO_REFUND, ClaimOutcome.LITIGATED}
)


def check_claim_amounts(
    amounts: ClaimAmounts,
    outcome: ClaimOutcome | None,
    reason: RefusalReason | None = None,
    *,
    is_decided: bool,
    is_closed: bool = False,
    kind: ClaimKind | None = None,
) -> list[ClaimAmountProblem]:
    """Return what does not agree, nothing when all is well.

    A waiver of premiums 豁免保费 pays nothing out, so it may close in full without a payment.
    """
    paid = amounts.paid or 0
    problem = ClaimAmountProblem
    pays_out = outcome in _MUST_BE_PAID and kind is not ClaimKind.PREMIUM_WAIVER
    checks = (
        (min(amounts.claimed, amounts.approved or 0, paid) < 0, problem.NEGATIVE),
        (paid > 0 and not is_decided and outcome is not ClaimOutcome.ADVANCE, problem.PAID_WITHOUT_DECISION),
        (amounts.approved is not None and paid > amounts.approved, problem.PAID_OVER_APPROVED),
        (paid > 0 and outcome is ClaimOutcome.REFUSED, problem.PAID_THOUGH_REFUSED),
        (paid > 0 and outcome in _NOTHING_TO_PAY, problem.PAID_THOUGH_CLOSED_EMPTY),
        (is_closed and pays_out and not paid, problem.NOTHING_PAID),
        (outcome is ClaimOutcome.REFUSED and reason is None, problem.REFUSAL_WITHOUT_REASON),
        (reason is not None and outcome not in _REASON_ALLOWED, problem.REASON_WITHOUT_REFUSAL),
    )
    return [found for applies, found in checks if applies]
