"""Policies: status, dates, payment."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from app.domain.policies import (
    LIFE_ONLY,
    PROPERTY_ONLY,
    TERMINAL,
    TRANSITIONS,
    DateProblem,
    DesignType,
    InsuranceClass,
    PayFrequency,
    PaymentProblem,
    PayMode,
    PolicyStatus,
    TermKind,
    TransitionRefused,
    check_payment,
    check_policy_dates,
    check_transition,
    is_new_design,
    next_statuses,
    starts_retention,
    statuses_of,
    term_kind_of,
)
from tests.domain.examples import TODAY

S = PolicyStatus
ENDED = {
    *(S.DECLINED, S.POSTPONED, S.WITHDRAWN, S.COOLED_OFF, S.SURRENDERED, S.CLAIMED_OUT, S.MATURED, S.RESCINDED),
    *(S.LAPSE_ENDED, S.CANCELLED, S.EXPIRED, S.RENEWED, S.TERMINATED),
}


@pytest.mark.parametrize(
    "way",
    [
        [S.APPLIED, S.UNDERWRITING, S.ACCEPTED, S.PENDING, S.IN_FORCE, S.MATURED],
        [S.IN_FORCE, S.GRACE, S.LAPSED, S.IN_FORCE],
        [S.IN_FORCE, S.GRACE, S.LAPSED, S.LAPSE_ENDED],
        [S.IN_FORCE, S.GRACE, S.IN_FORCE],
        [S.IN_FORCE, S.COOLED_OFF],
        [S.PENDING, S.COOLED_OFF],
        [S.IN_FORCE, S.ON_LOAN, S.IN_FORCE, S.SURRENDERED],
        [S.IN_FORCE, S.PAID_UP, S.CLAIMED_OUT],
        [S.IN_FORCE, S.WAIVED, S.CLAIMED_OUT],
        [S.UNDERWRITING, S.DECLINED],
        [S.UNDERWRITING, S.POSTPONED],
        [S.APPLIED, S.WITHDRAWN],
        [S.ACCEPTED, S.IN_FORCE, S.ENDORSING, S.IN_FORCE, S.RENEWED],
        [S.PENDING, S.CANCELLED],
        [S.IN_FORCE, S.EXPIRED],
        [S.IN_FORCE, S.RESCINDED],
    ],
)
def test_the_ways_of_the_trade_are_open(way: list[PolicyStatus]) -> None:
    for current, target in pairwise(way):
        check_transition(current, target)


@pytest.mark.parametrize(
    ("current", "target"),
    [
        (S.APPLIED, S.IN_FORCE),
        (S.DECLINED, S.ACCEPTED),
        (S.SURRENDERED, S.IN_FORCE),
        (S.IN_FORCE, S.LAPSED),
        (S.LAPSED, S.GRACE),
        (S.LAPSE_ENDED, S.IN_FORCE),
        (S.LAPSED, S.COOLED_OFF),
    ],
)
def test_other_ways_are_refused(current: PolicyStatus, target: PolicyStatus) -> None:
    with pytest.raises(TransitionRefused) as caught:
        check_transition(current, target)

    assert (caught.value.current, caught.value.target) == (current, target)
    assert str(caught.value) == f"{current.value} to {target.value}"


@pytest.mark.parametrize("status", PolicyStatus)
def test_staying_is_no_transition(status: PolicyStatus) -> None:
    check_transition(status, status)


def test_every_status_has_its_row_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(PolicyStatus)
    assert {S.APPLIED}.union(*TRANSITIONS.values()) == set(PolicyStatus)


@pytest.mark.parametrize("status", PolicyStatus)
def test_exactly_the_terminal_statuses_start_the_retention_clock(status: PolicyStatus) -> None:
    assert starts_retention(status) == (status in ENDED) == (status in TERMINAL)


def test_a_lapsed_policy_starts_no_clock_since_it_may_be_reinstated() -> None:
    assert not starts_retention(S.LAPSED)


@pytest.mark.parametrize(
    ("current", "target", "insurance_class"),
    [
        (S.IN_FORCE, S.GRACE, InsuranceClass.PROPERTY),
        (S.IN_FORCE, S.MATURED, InsuranceClass.PROPERTY),
        (S.IN_FORCE, S.ENDORSING, InsuranceClass.PERSONAL),
        (S.IN_FORCE, S.CANCELLED, InsuranceClass.PERSONAL),
    ],
)
def test_a_status_of_the_other_class_is_refused(
    current: PolicyStatus, target: PolicyStatus, insurance_class: InsuranceClass
) -> None:
    check_transition(current, target)

    with pytest.raises(TransitionRefused):
        check_transition(current, target, insurance_class)


def test_a_form_offers_what_may_follow_in_its_class() -> None:
    assert next_statuses(S.PENDING, InsuranceClass.PERSONAL) == (
        S.IN_FORCE,
        S.COOLED_OFF,
        S.SURRENDERED,
        S.RESCINDED,
    )
    assert next_statuses(S.PENDING, InsuranceClass.PROPERTY) == (
        S.IN_FORCE,
        S.SURRENDERED,
        S.RESCINDED,
        S.CANCELLED,
    )
    assert next_statuses(S.MATURED, InsuranceClass.PERSONAL) == ()


def test_both_classes_together_have_all_statuses() -> None:
    both = [statuses_of(insurance_class) for insurance_class in InsuranceClass]

    assert both[0] | both[1] == set(PolicyStatus)
    assert LIFE_ONLY.isdisjoint(both[1])
    assert PROPERTY_ONLY.isdisjoint(both[0])


@pytest.mark.parametrize(
    ("effective", "expires", "kind"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), TermKind.SHORT),
        (date(2026, 1, 1), date(2027, 1, 1), TermKind.SHORT),
        (date(2026, 1, 1), date(2027, 1, 2), TermKind.LONG),
        (date(2024, 2, 29), date(2025, 2, 28), TermKind.SHORT),
        (date(2026, 1, 1), None, TermKind.LONG),
    ],
)
def test_up_to_one_year_is_short(effective: date, expires: date | None, kind: TermKind) -> None:
    assert term_kind_of(effective, expires) is kind


APPLIED, ACCEPTED, EFFECTIVE, EXPIRES = date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 6), date(2026, 3, 5)


def test_dates_in_order_agree() -> None:
    dates = (APPLIED, ACCEPTED, EFFECTIVE, EXPIRES, EXPIRES)

    assert check_policy_dates(*dates, today=TODAY, term_kind=TermKind.SHORT) == []


def test_one_day_for_everything_agrees() -> None:
    assert check_policy_dates(TODAY, TODAY, TODAY, TODAY, TODAY, today=TODAY) == []


def test_missing_dates_are_not_judged() -> None:
    assert check_policy_dates(None, None, None, None, None, today=TODAY, term_kind=TermKind.SHORT) == []
    assert check_policy_dates(None, None, EFFECTIVE, None, None, term_kind=TermKind.SHORT) == []


EARLY, LATE, FUTURE = date(2025, 1, 1), date(2026, 6, 1), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("dates", "problems"),
    [
        ((APPLIED, EARLY, EFFECTIVE, EXPIRES, None), [DateProblem.ACCEPTED_BEFORE_APPLIED]),
        ((APPLIED, ACCEPTED, EARLY, EXPIRES, None), [DateProblem.EFFECTIVE_BEFORE_APPLIED]),
        ((APPLIED, ACCEPTED, EFFECTIVE, APPLIED, None), [DateProblem.EXPIRES_BEFORE_EFFECTIVE]),
        ((APPLIED, ACCEPTED, EFFECTIVE, EXPIRES, EARLY), [DateProblem.TERMINATED_BEFORE_APPLIED]),
        ((APPLIED, ACCEPTED, EFFECTIVE, EXPIRES, LATE), [DateProblem.TERMINATED_AFTER_EXPIRES]),
        ((FUTURE, None, None, None, None), [DateProblem.APPLIED_IN_FUTURE]),
        ((APPLIED, FUTURE, None, None, None), [DateProblem.ACCEPTED_IN_FUTURE]),
        ((APPLIED, None, None, None, FUTURE), [DateProblem.TERMINATED_IN_FUTURE]),
        (
            (LATE, EARLY, EARLY, None, EARLY),
            [
                DateProblem.ACCEPTED_BEFORE_APPLIED,
                DateProblem.EFFECTIVE_BEFORE_APPLIED,
                DateProblem.TERMINATED_BEFORE_APPLIED,
            ],
        ),
    ],
)
def test_dates_out_of_order_are_told(dates: tuple[date | None, ...], problems: list[DateProblem]) -> None:
    assert check_policy_dates(*dates, today=TODAY) == problems  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "expires", "problems"),
    [
        (TermKind.LONG, EXPIRES, [DateProblem.TERM_KIND_MISMATCH]),
        (TermKind.SHORT, date(2045, 3, 5), [DateProblem.TERM_KIND_MISMATCH]),
        (TermKind.LONG, date(2045, 3, 5), []),
        (TermKind.LONG, None, []),
    ],
)
def test_the_term_must_agree_with_the_dates(kind: TermKind, expires: date | None, problems: list[DateProblem]) -> None:
    assert check_policy_dates(APPLIED, ACCEPTED, EFFECTIVE, expires, None, term_kind=kind) == problems


@pytest.mark.parametrize(
    ("mode", "frequency", "years", "problems"),
    [
        (PayMode.SINGLE, None, None, []),
        (PayMode.SINGLE, None, 1, []),
        (PayMode.PERIODIC, PayFrequency.ANNUAL, 20, []),
        (PayMode.PERIODIC, PayFrequency.IRREGULAR, None, []),
        (PayMode.PERIODIC, PayFrequency.MONTHLY, 100, []),
        (PayMode.SINGLE, PayFrequency.ANNUAL, None, [PaymentProblem.FREQUENCY_WITH_SINGLE]),
        (PayMode.SINGLE, None, 2, [PaymentProblem.YEARS_WITH_SINGLE]),
        (PayMode.PERIODIC, None, 20, [PaymentProblem.FREQUENCY_MISSING]),
        (PayMode.PERIODIC, PayFrequency.ANNUAL, 0, [PaymentProblem.YEARS_OUT_OF_RANGE]),
        (PayMode.PERIODIC, PayFrequency.ANNUAL, 101, [PaymentProblem.YEARS_OUT_OF_RANGE]),
    ],
)
def test_the_way_of_paying_must_agree_with_itself(
    mode: PayMode, frequency: PayFrequency | None, years: int | None, problems: list[PaymentProblem]
) -> None:
    assert check_payment(mode, frequency, years) == problems


def test_all_but_the_ordinary_design_are_new_products() -> None:
    assert [design for design in DesignType if not is_new_design(design)] == [DesignType.ORDINARY]
