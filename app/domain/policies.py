"""Policies 保单: what kinds there are, and whether their dates and ways of paying agree.

The status machine is in `policy_status`, the product lines in `product_lines`; both are offered from here too.
Source: 保险法 Art. 87 for the short and the long term.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.domain.policy_status import (
    LIFE_ONLY,
    PROPERTY_ONLY,
    TERMINAL,
    TRANSITIONS,
    PolicyStatus,
    check_transition,
    next_statuses,
    starts_retention,
    statuses_of,
)
from app.domain.product_lines import InsuranceClass, ProductLine, class_of, lines_of
from app.domain.retention import add_years
from app.domain.transitions import TransitionRefused

__all__ = [
    "LIFE_ONLY",
    "PROPERTY_ONLY",
    "TERMINAL",
    "TRANSITIONS",
    "Channel",
    "DateProblem",
    "DesignType",
    "InsuranceClass",
    "PartyRole",
    "PayFrequency",
    "PayMode",
    "PaymentProblem",
    "PolicyStatus",
    "ProductLine",
    "TermKind",
    "TransitionRefused",
    "check_payment",
    "check_policy_dates",
    "check_transition",
    "class_of",
    "is_new_design",
    "lines_of",
    "next_statuses",
    "starts_retention",
    "statuses_of",
    "term_kind_of",
]


class TermKind(StrEnum):
    """保险期间; drives the legal minimum of retention and the duty to call back 回访."""

    SHORT = "short"  # up to one year
    LONG = "long"


class DesignType(StrEnum):
    """设计类型 of life products."""

    ORDINARY = "ordinary"  # 普通型
    PARTICIPATING = "participating"  # 分红型
    UNIVERSAL = "universal"  # 万能型
    UNIT_LINKED = "unit_linked"  # 投资连结型
    VARIABLE = "variable"  # 变额型


class Channel(StrEnum):
    """销售渠道."""

    AGENT = "agent"  # 个人代理
    BANK = "bank"  # 银邮代理
    BROKER = "broker"  # 专业中介
    PHONE = "phone"
    INTERNET = "internet"
    DIRECT = "direct"  # 直销
    GROUP = "group"  # 团险


class PayMode(StrEnum):
    """缴费方式."""

    SINGLE = "single"  # 趸交
    PERIODIC = "periodic"  # 期交


class PayFrequency(StrEnum):
    """期交频率."""

    ANNUAL = "annual"
    SEMIANNUAL = "semiannual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    IRREGULAR = "irregular"  # 不定期


class PartyRole(StrEnum):
    """Who somebody is in a policy."""

    HOLDER = "holder"  # 投保人
    INSURED = "insured"  # 被保险人
    BENEFICIARY = "beneficiary"  # 受益人


def is_new_design(design: DesignType) -> bool:
    """Say whether the product is one of the 新型产品, which need more papers and questions."""
    return design is not DesignType.ORDINARY


def term_kind_of(effective: date, expires: date | None) -> TermKind:
    """Return short for up to one year, long beyond; None is cover for life."""
    # Policies print the last day either as 31 December or as 0:00 of 1 January: both are one year.
    is_short = expires is not None and expires <= add_years(effective, 1)
    return TermKind.SHORT if is_short else TermKind.LONG


class DateProblem(StrEnum):
    """What does not agree among the dates of a policy."""

    ACCEPTED_BEFORE_APPLIED = "policy_dates.accepted_before_applied"
    EFFECTIVE_BEFORE_APPLIED = "policy_dates.effective_before_applied"
    EXPIRES_BEFORE_EFFECTIVE = "policy_dates.expires_before_effective"
    TERMINATED_BEFORE_APPLIED = "policy_dates.terminated_before_applied"
    TERMINATED_AFTER_EXPIRES = "policy_dates.terminated_after_expires"
    APPLIED_IN_FUTURE = "policy_dates.applied_in_future"
    ACCEPTED_IN_FUTURE = "policy_dates.accepted_in_future"
    TERMINATED_IN_FUTURE = "policy_dates.terminated_in_future"
    TERM_KIND_MISMATCH = "policy_dates.term_kind_mismatch"


def check_policy_dates(
    applied: date | None,
    accepted: date | None,
    effective: date | None,
    expires: date | None,
    terminated: date | None,
    *,
    today: date | None = None,
    term_kind: TermKind | None = None,
) -> list[DateProblem]:
    """Return what does not agree, nothing when all is well; dates that are missing are not judged.

    A policy may be cancelled before it takes effect, so only the application bounds the end from below.
    """
    order = (
        (applied, accepted, DateProblem.ACCEPTED_BEFORE_APPLIED),
        (applied, effective, DateProblem.EFFECTIVE_BEFORE_APPLIED),
        (effective, expires, DateProblem.EXPIRES_BEFORE_EFFECTIVE),
        (applied, terminated, DateProblem.TERMINATED_BEFORE_APPLIED),
        (terminated, expires, DateProblem.TERMINATED_AFTER_EXPIRES),
        (applied, today, DateProblem.APPLIED_IN_FUTURE),
        (accepted, today, DateProblem.ACCEPTED_IN_FUTURE),
        (terminated, today, DateProblem.TERMINATED_IN_FUTURE),
    )
    problems = [problem for earlier, later, problem in order if earlier and later and earlier > later]
    if term_kind and effective and _contradicts(term_kind, effective, expires):
        problems.append(DateProblem.TERM_KIND_MISMATCH)
    return problems


def _contradicts(term_kind: TermKind, effective: date, expires: date | None) -> bool:
    # Without an end date nothing is known of a short policy: the field may just be empty.
    return expires is not None and term_kind is not term_kind_of(effective, expires)


class PaymentProblem(StrEnum):
    """What does not agree in the way of paying."""

    FREQUENCY_WITH_SINGLE = "payment.frequency_with_single"
    YEARS_WITH_SINGLE = "payment.years_with_single"
    FREQUENCY_MISSING = "payment.frequency_missing"
    YEARS_OUT_OF_RANGE = "payment.years_out_of_range"


def check_payment(mode: PayMode, frequency: PayFrequency | None, years: int | None) -> list[PaymentProblem]:
    """Return what does not agree: a single premium has no frequency, periodic ones need one."""
    is_single = mode is PayMode.SINGLE
    checks = (
        (is_single and frequency is not None, PaymentProblem.FREQUENCY_WITH_SINGLE),
        (is_single and (years or 0) > 1, PaymentProblem.YEARS_WITH_SINGLE),
        (not is_single and frequency is None, PaymentProblem.FREQUENCY_MISSING),
        (years is not None and not 1 <= years <= 100, PaymentProblem.YEARS_OUT_OF_RANGE),
    )
    return [problem for applies, problem in checks if applies]
