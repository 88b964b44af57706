"""What makes the particulars of a claim 赔案 acceptable: numbers, kind, outcome, amounts and dates, taken together.

A closed case carries its closing day 结案日期 and outcome, from which retention is counted; an open one has no closing
day. Source: 保险法 Art. 22–25.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.business_numbers import NumberRefused, check_business_number
from app.domain.claims import (
    ClaimAmountProblem,
    ClaimAmounts,
    ClaimDateProblem,
    ClaimDates,
    ClaimKind,
    ClaimOutcome,
    ClaimStatus,
    RefusalReason,
    check_claim_amounts,
    check_claim_dates,
    kinds_of,
    starts_retention,
)
from app.domain.errors import Invalid
from app.domain.normal import clean_note
from app.domain.product_lines import InsuranceClass

AMOUNTS = ("amount_claimed", "amount_paid")
DATES = ("occurred_on", "reported_on", "materials_received_on", "decided_on", "paid_on", "closed_on")
LONGEST_SUMMARY = 500

FIELD_OF: dict[ClaimDateProblem | ClaimAmountProblem, str] = {
    ClaimDateProblem.REPORTED_BEFORE_OCCURRED: "reported_on",
    ClaimDateProblem.MATERIALS_BEFORE_OCCURRED: "materials_received_on",
    ClaimDateProblem.DECIDED_BEFORE_REPORTED: "decided_on",
    ClaimDateProblem.DECIDED_BEFORE_MATERIALS: "decided_on",
    ClaimDateProblem.PAID_BEFORE_DECIDED: "paid_on",
    ClaimDateProblem.CLOSED_BEFORE_REPORTED: "closed_on",
    ClaimDateProblem.CLOSED_BEFORE_DECIDED: "closed_on",
    ClaimDateProblem.CLOSED_BEFORE_PAID: "closed_on",
    ClaimAmountProblem.NEGATIVE: "amount_claimed",
    ClaimAmountProblem.PAID_WITHOUT_DECISION: "amount_paid",
    ClaimAmountProblem.PAID_THOUGH_REFUSED: "amount_paid",
    ClaimAmountProblem.PAID_THOUGH_CLOSED_EMPTY: "amount_paid",
    ClaimAmountProblem.NOTHING_PAID: "amount_paid",
    ClaimAmountProblem.REFUSAL_WITHOUT_REASON: "refusal_reason",
    ClaimAmountProblem.REASON_WITHOUT_REFUSAL: "refusal_reason",
}


@dataclass(frozen=True, slots=True)
class ClaimParticulars:
    """The fields of a claim as typed, later as checked; amounts in cents 分."""

    number: str
    kind: str
    report_number: str = ""
    outcome: str | None = None
    refusal_reason: str | None = None
    amount_claimed: int = 0
    amount_paid: int | None = None
    occurred_on: date | None = None
    reported_on: date | None = None
    materials_received_on: date | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    closed_on: date | None = None
    summary: str = ""


def check_claim(
    typed: ClaimParticulars, status: ClaimStatus, insurance_class: InsuranceClass, today: date
) -> ClaimParticulars:
    """Return the particulars normalised for a case at the node `status`; raises `Invalid` naming every field at fault."""
    problems: dict[str, list[str]] = {}
    checked = _clean(typed, problems)
    if _known_choices(checked, insurance_class, problems):
        _check_closing(checked, status, problems)
        _check_agreement(checked, status, today, problems)
    if problems:
        raise Invalid(problems)
    return checked


def _clean(typed: ClaimParticulars, problems: dict[str, list[str]]) -> ClaimParticulars:
    return replace(
        typed,
        number=_number(typed.number, "number", problems),
        report_number=_number(typed.report_number, "report_number", problems) if typed.report_number.strip() else "",
        outcome=typed.outcome or None,
        refusal_reason=typed.refusal_reason or None,
        summary=clean_note(typed.summary)[:LONGEST_SUMMARY],
    )


def _number(text: str, field: str, problems: dict[str, list[str]]) -> str:
    try:
        return check_business_number(text)
    except NumberRefused as refused:
        problems[field] = [refused.code.value]
        return text


def _known_choices(claim: ClaimParticulars, insurance_class: InsuranceClass, problems: dict[str, list[str]]) -> bool:
    """Blame every field whose value is none of its list; say whether all are known."""
    if claim.kind not in kinds_of(insurance_class):
        problems["kind"] = ["claim.kind_of_class" if claim.kind in set(ClaimKind) else "claim.choice"]
    if claim.outcome is not None and claim.outcome not in set(ClaimOutcome):
        problems["outcome"] = ["claim.choice"]
    if claim.refusal_reason is not None and claim.refusal_reason not in set(RefusalReason):
        problems["refusal_reason"] = ["claim.choice"]
    return not problems.keys() & {"kind", "outcome", "refusal_reason"}


def _check_closing(claim: ClaimParticulars, status: ClaimStatus, problems: dict[str, list[str]]) -> None:
    if not starts_retention(status):
        if claim.closed_on:
            problems["closed_on"] = ["claim.closed_too_early"]
        return
    if not claim.closed_on:
        problems["closed_on"] = ["claim.closed_on_missing"]
    if not claim.outcome:
        problems["outcome"] = ["claim.outcome_missing"]


def _check_agreement(claim: ClaimParticulars, status: ClaimStatus, today: date, problems: dict[str, list[str]]) -> None:
    outcome = ClaimOutcome(claim.outcome) if claim.outcome else None
    found: list[ClaimDateProblem | ClaimAmountProblem] = [
        *check_claim_dates(_dates(claim), outcome=outcome),
        *check_claim_amounts(
            ClaimAmounts(claim.amount_claimed, paid=claim.amount_paid),
            outcome,
            RefusalReason(claim.refusal_reason) if claim.refusal_reason else None,
            is_decided=claim.decided_on is not None,
            is_closed=starts_retention(status),
            kind=ClaimKind(claim.kind),
        ),
    ]
    for problem in found:
        problems.setdefault(FIELD_OF[problem], []).append(problem.value)
    # Told at each date, since the rule itself does not say which of them it means.
    for name in DATES:
        day = getattr(claim, name)
        if day and day > today:
            problems.setdefault(name, []).append("claim.date_in_future")


def _dates(claim: ClaimParticulars) -> ClaimDates:
    return ClaimDates(
        occurred=claim.occurred_on,
        reported=claim.reported_on,
        materials_received=claim.materials_received_on,
        decided=claim.decided_on,
        paid=claim.paid_on,
        closed=claim.closed_on,
    )
