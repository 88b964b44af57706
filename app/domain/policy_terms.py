"""What makes the terms of a policy 保单 acceptable: its numbers, kind, way of paying and dates, taken together.

A policy that has ended carries the day of its end 终止日期, from which retention is counted; one that stands does not.
Source: 保险法 Art. 87.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.business_numbers import NumberRefused, check_business_number
from app.domain.errors import Invalid
from app.domain.normal import clean_text
from app.domain.policies import (
    Channel,
    DateProblem,
    DesignType,
    PayFrequency,
    PaymentProblem,
    PayMode,
    PolicyStatus,
    TermKind,
    check_payment,
    check_policy_dates,
    starts_retention,
    statuses_of,
)
from app.domain.product_lines import InsuranceClass, ProductLine, class_of

AMOUNTS = ("insured_amount", "premium")
LONGEST_PRODUCT = 120
LONGEST_REASON = 60

FIELD_OF: dict[DateProblem | PaymentProblem, str] = {
    DateProblem.ACCEPTED_BEFORE_APPLIED: "accepted_on",
    DateProblem.EFFECTIVE_BEFORE_APPLIED: "effective_on",
    DateProblem.EXPIRES_BEFORE_EFFECTIVE: "expires_on",
    DateProblem.TERMINATED_BEFORE_APPLIED: "terminated_on",
    DateProblem.TERMINATED_AFTER_EXPIRES: "terminated_on",
    DateProblem.APPLIED_IN_FUTURE: "applied_on",
    DateProblem.ACCEPTED_IN_FUTURE: "accepted_on",
    DateProblem.TERMINATED_IN_FUTURE: "terminated_on",
    DateProblem.TERM_KIND_MISMATCH: "term_kind",
    PaymentProblem.FREQUENCY_WITH_SINGLE: "pay_frequency",
    PaymentProblem.YEARS_WITH_SINGLE: "pay_years",
    PaymentProblem.FREQUENCY_MISSING: "pay_frequency",
    PaymentProblem.YEARS_OUT_OF_RANGE: "pay_years",
}
# What may be wrong about the end of a policy; the rest is not judged when only its status changes.
ENDING = frozenset({"status", "terminated_on", "termination_reason"})


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The fields of a policy as typed, later as checked; amounts in cents 分."""

    number: str
    line: str
    product: str
    term_kind: str
    channel: str
    pay_mode: str
    application_number: str = ""
    design_type: str | None = None
    insured_amount: int = 0
    premium: int = 0
    pay_frequency: str | None = None
    pay_years: int | None = None
    applied_on: date | None = None
    accepted_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    terminated_on: date | None = None
    termination_reason: str = ""


def check_terms(typed: PolicyTerms, status: PolicyStatus, today: date) -> PolicyTerms:
    """Return the terms normalised for a policy in `status`; raises `Invalid` naming every field at fault."""
    problems: dict[str, list[str]] = {}
    checked = _clean(typed, problems)
    if not checked.product:
        problems["product"] = ["policy.product_missing"]
    if min(checked.insured_amount, checked.premium) < 0:
        problems["premium"] = ["money.negative"]
    if _known_choices(checked, problems):
        _check_agreement(checked, status, today, problems)
    if problems:
        raise Invalid(problems)
    return checked


def check_ending(terms: PolicyTerms, status: PolicyStatus, today: date) -> None:
    """Pass when a policy with these terms may be in `status`; raises `Invalid` about status and end alone."""
    problems: dict[str, list[str]] = {}
    _check_agreement(terms, status, today, problems)
    about_the_end = {name: codes for name, codes in problems.items() if name in ENDING}
    if about_the_end:
        raise Invalid(about_the_end)


def insurance_class_of(line: str) -> InsuranceClass:
    """Return the class of insurance of a product line as it lies in the database."""
    return class_of(ProductLine(line))


def _clean(typed: PolicyTerms, problems: dict[str, list[str]]) -> PolicyTerms:
    return replace(
        typed,
        number=_number(typed.number, "number", problems),
        application_number=_number(typed.application_number, "application_number", problems)
        if typed.application_number.strip()
        else "",
        product=clean_text(typed.product)[:LONGEST_PRODUCT],
        design_type=typed.design_type or None,
        pay_frequency=typed.pay_frequency or None,
        termination_reason=clean_text(typed.termination_reason)[:LONGEST_REASON],
    )


def _number(text: str, field: str, problems: dict[str, list[str]]) -> str:
    try:
        return check_business_number(text)
    except NumberRefused as refused:
        problems[field] = [refused.code.value]
        return text


def _known_choices(terms: PolicyTerms, problems: dict[str, list[str]]) -> bool:
    """Blame every field whose value is none of its list; say whether all are known."""
    lists = (
        ("line", terms.line, ProductLine),
        ("term_kind", terms.term_kind, TermKind),
        ("channel", terms.channel, Channel),
        ("pay_mode", terms.pay_mode, PayMode),
        ("pay_frequency", terms.pay_frequency, PayFrequency),
        ("design_type", terms.design_type, DesignType),
    )
    unknown = [name for name, value, known in lists if value is not None and value not in set(known)]
    problems.update((name, ["policy.choice"]) for name in unknown)
    return not unknown


def _check_agreement(terms: PolicyTerms, status: PolicyStatus, today: date, problems: dict[str, list[str]]) -> None:
    insurance_class = insurance_class_of(terms.line)
    if status not in statuses_of(insurance_class):
        problems.setdefault("status", []).append("policy.status_of_class")
    if terms.design_type and insurance_class is InsuranceClass.PROPERTY:
        problems.setdefault("design_type", []).append("policy.design_of_life")
    for code in _end_problems(terms, status):
        problems.setdefault("terminated_on", []).append(code)
    frequency = PayFrequency(terms.pay_frequency) if terms.pay_frequency else None
    found: list[DateProblem | PaymentProblem] = [
        *check_payment(PayMode(terms.pay_mode), frequency, terms.pay_years),
        *check_policy_dates(
            terms.applied_on,
            terms.accepted_on,
            terms.effective_on,
            terms.expires_on,
            terms.terminated_on,
            today=today,
            term_kind=TermKind(terms.term_kind),
        ),
    ]
    for problem in found:
        problems.setdefault(FIELD_OF[problem], []).append(problem.value)


def _end_problems(terms: PolicyTerms, status: PolicyStatus) -> list[str]:
    if starts_retention(status):
        return [] if terms.terminated_on else ["policy.end_missing"]
    return ["policy.end_too_early"] if terms.terminated_on or terms.termination_reason else []
