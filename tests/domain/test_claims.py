"""Claims: nodes, dates, amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from app.domain.claims import (
    CLAIM_TRANSITIONS,
    ClaimAmountProblem,
    ClaimAmounts,
    ClaimDateProblem,
    ClaimDates,
    ClaimKind,
    ClaimOutcome,
    ClaimStatus,
    RefusalReason,
    TransitionRefused,
    check_claim_amounts,
    check_claim_dates,
    check_claim_transition,
    kinds_of,
    next_claim_statuses,
    starts_retention,
)
from app.domain.product_lines import InsuranceClass
from tests.domain.examples import TODAY

C = ClaimStatus
THE_USUAL_WAY = [
    *(C.REPORTED, C.OPENED, C.INVESTIGATING, C.ASSESSING, C.APPROVING, C.NOTIFIED, C.PAYING, C.CLOSED, C.ARCHIVED)
]


@pytest.mark.parametrize(
    "way",
    [
        THE_USUAL_WAY,
        [C.REPORTED, C.CLOSED],
        [C.OPENED, C.APPROVING, C.NOTIFIED, C.CLOSED],
        [C.APPROVING, C.INVESTIGATING],
        [C.NOTIFIED, C.RECONSIDERING, C.NOTIFIED, C.LITIGATING, C.PAYING],
        [C.CLOSED, C.REOPENED, C.ASSESSING],
        [C.ARCHIVED, C.REOPENED],
        [C.CLOSED, C.RECOVERING, C.CLOSED],
        [C.CLOSED, C.LITIGATING, C.CLOSED],
    ],
)
def test_the_ways_of_a_case_are_open(way: list[ClaimStatus]) -> None:
    for current, target in pairwise(way):
        check_claim_transition(current, target)


@pytest.mark.parametrize(
    ("current", "target"),
    [
        (C.REPORTED, C.PAYING),
        (C.REPORTED, C.ARCHIVED),
        (C.ASSESSING, C.PAYING),
        (C.CLOSED, C.PAYING),
        (C.CLOSED, C.OPENED),
        (C.REOPENED, C.ARCHIVED),
    ],
)
def test_other_ways_are_refused(current: ClaimStatus, target: ClaimStatus) -> None:
    with pytest.raises(TransitionRefused):
        check_claim_transition(current, target)


def test_every_node_has_its_row_can_be_reached_and_left() -> None:
    assert set(CLAIM_TRANSITIONS) == set(ClaimStatus)
    assert {C.REPORTED}.union(*CLAIM_TRANSITIONS.values()) == set(ClaimStatus)
    assert all(CLAIM_TRANSITIONS.values())


@pytest.mark.parametrize(
    "status", [C.REPORTED, C.OPENED, C.INVESTIGATING, C.ASSESSING, C.APPROVING, C.NOTIFIED, C.PAYING]
)
def test_a_case_may_be_closed_from_every_node_before(status: ClaimStatus) -> None:
    check_claim_transition(status, C.CLOSED)


def test_a_form_offers_what_may_follow() -> None:
    assert next_claim_statuses(C.REPORTED) == (C.OPENED, C.CLOSED)


@pytest.mark.parametrize("status", ClaimStatus)
def test_only_a_closed_case_starts_its_clock(status: ClaimStatus) -> None:
    assert starts_retention(status) == (status in {C.CLOSED, C.ARCHIVED})


def test_each_class_of_insurance_knows_its_kinds() -> None:
    personal, of_property = kinds_of(InsuranceClass.PERSONAL), kinds_of(InsuranceClass.PROPERTY)

    assert set(personal) | set(of_property) == set(ClaimKind)
    assert ClaimKind.MOTOR_DAMAGE not in personal
    assert ClaimKind.SURVIVAL_BENEFIT in personal
    assert ClaimKind.SURVIVAL_BENEFIT not in of_property
    assert ClaimKind.ACCIDENT_MEDICAL in of_property
    for kinds in (personal, of_property):
        assert kinds[-1] is ClaimKind.OTHER
        assert len(set(kinds)) == len(kinds)


GOOD = ClaimDates(
    occurred=date(2026, 3, 1),
    reported=date(2026, 3, 2),
    materials_received=date(2026, 3, 5),
    supplement_noticed=date(2026, 3, 6),
    supplement_received=date(2026, 3, 10),
    decided=date(2026, 3, 15),
    refusal_sent=date(2026, 3, 16),
    agreed=date(2026, 3, 17),
    paid=date(2026, 3, 20),
    closed=date(2026, 3, 21),
)
P = ClaimDateProblem


def test_dates_in_order_agree() -> None:
    assert check_claim_dates(GOOD, TODAY) == []
    assert len(GOOD.known()) == 10


def test_one_day_for_everything_agrees() -> None:
    assert check_claim_dates(ClaimDates(*[TODAY] * 10), TODAY) == []


def test_nothing_known_is_not_judged() -> None:
    assert check_claim_dates(ClaimDates(), TODAY) == []


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"reported": date(2026, 2, 28)}, [P.REPORTED_BEFORE_OCCURRED]),
        ({"materials_received": date(2026, 2, 28)}, [P.MATERIALS_BEFORE_OCCURRED]),
        ({"reported": date(2026, 3, 16)}, [P.DECIDED_BEFORE_REPORTED]),
        ({"materials_received": date(2026, 3, 16)}, [P.DECIDED_BEFORE_MATERIALS]),
        ({"supplement_received": date(2026, 3, 5)}, [P.SUPPLEMENT_BEFORE_NOTICE]),
        ({"supplement_noticed": None}, [P.SUPPLEMENT_WITHOUT_NOTICE]),
        ({"refusal_sent": date(2026, 3, 14)}, [P.REFUSAL_BEFORE_DECIDED]),
        ({"agreed": date(2026, 3, 14)}, [P.AGREED_BEFORE_DECIDED]),
        ({"paid": date(2026, 3, 14)}, [P.PAID_BEFORE_DECIDED]),
        ({"closed": date(2026, 3, 19)}, [P.CLOSED_BEFORE_PAID]),
        ({"paid": None, "closed": date(2026, 3, 14)}, [P.CLOSED_BEFORE_DECIDED]),
        ({"decided": None, "paid": None, "closed": date(2026, 3, 1)}, [P.CLOSED_BEFORE_REPORTED]),
        ({"closed": date(2026, 11, 23)}, [P.IN_FUTURE]),
    ],
)
def test_dates_out_of_order_are_told(change: dict[str, date | None], problems: list[ClaimDateProblem]) -> None:
    assert check_claim_dates(replace(GOOD, **change), TODAY) == problems


def test_an_advance_is_paid_before_the_decision() -> None:
    dates = replace(GOOD, paid=date(2026, 3, 14))

    assert check_claim_dates(dates, TODAY, ClaimOutcome.ADVANCE) == []


def test_without_today_nothing_lies_in_the_future() -> None:
    assert check_claim_dates(replace(GOOD, closed=date(2999, 1, 1))) == []


A, END, WHY = ClaimAmountProblem, ClaimOutcome, RefusalReason


@pytest.mark.parametrize(
    ("amounts", "outcome", "reason", "decided", "problems"),
    [
        (ClaimAmounts(), None, None, False, []),
        (ClaimAmounts(500_00, 500_00, 500_00), END.FULL, None, True, []),
        (ClaimAmounts(500_00, None, 600_00), END.FULL, None, True, []),
        (ClaimAmounts(500_00, 0, 0), END.REFUSED, WHY.EXCLUDED, True, []),
        (ClaimAmounts(500_00, None, 100_00), END.ADVANCE, None, False, []),
        (ClaimAmounts(500_00, 100_00, 100_00), END.RESCINDED_REFUND, WHY.NOT_DISCLOSED, True, []),
        (ClaimAmounts(500_00, None, 0), END.ZERO, None, True, []),
        (ClaimAmounts(-1), None, None, False, [A.NEGATIVE]),
        (ClaimAmounts(0, -1), None, None, False, [A.PAID_OVER_APPROVED, A.NEGATIVE]),
        (ClaimAmounts(0, None, -1), None, None, False, [A.NEGATIVE]),
        (ClaimAmounts(500_00, None, 1), END.FULL, None, False, [A.PAID_WITHOUT_DECISION]),
        (ClaimAmounts(500_00, 400_00, 400_01), END.PARTIAL, None, True, [A.PAID_OVER_APPROVED]),
        (ClaimAmounts(500_00, None, 1), END.REFUSED, WHY.EXCLUDED, True, [A.PAID_THOUGH_REFUSED]),
        (ClaimAmounts(500_00, None, 1), END.ZERO, None, True, [A.PAID_THOUGH_CLOSED_EMPTY]),
        (ClaimAmounts(500_00, None, 1), END.WITHDRAWN, None, True, [A.PAID_THOUGH_CLOSED_EMPTY]),
        (ClaimAmounts(500_00, None, 1), END.RESCINDED_NO_REFUND, None, True, [A.PAID_THOUGH_CLOSED_EMPTY]),
        (ClaimAmounts(500_00), END.REFUSED, None, True, [A.REFUSAL_WITHOUT_REASON]),
        (ClaimAmounts(500_00, None, 1), END.FULL, WHY.OTHER, True, [A.REASON_WITHOUT_REFUSAL]),
        (ClaimAmounts(500_00), None, WHY.OTHER, False, [A.REASON_WITHOUT_REFUSAL]),
    ],
)
def test_amounts_must_agree_with_decision_and_outcome(
    amounts: ClaimAmounts,
    outcome: ClaimOutcome | None,
    reason: RefusalReason | None,
    decided: bool,
    problems: list[ClaimAmountProblem],
) -> None:
    found = check_claim_amounts(amounts, outcome, reason, is_decided=decided)

    assert sorted(found) == sorted(problems)


@pytest.mark.parametrize("outcome", [END.FULL, END.PARTIAL, END.EX_GRATIA, END.SETTLED])
def test_a_case_closed_with_payment_needs_an_amount(outcome: ClaimOutcome) -> None:
    amounts = ClaimAmounts(500_00)

    closed = check_claim_amounts(amounts, outcome, is_decided=True, is_closed=True)

    assert closed == [A.NOTHING_PAID]
    assert check_claim_amounts(amounts, outcome, is_decided=True) == []


def test_a_waiver_of_premiums_pays_nothing_out() -> None:
    found = check_claim_amounts(
        ClaimAmounts(), END.FULL, is_decided=True, is_closed=True, kind=ClaimKind.PREMIUM_WAIVER
    )

    assert found == []


def test_a_refused_case_closes_without_payment() -> None:
    found = check_claim_amounts(ClaimAmounts(1), END.REFUSED, WHY.EXCLUDED, is_decided=True, is_closed=True)

    assert found == []
