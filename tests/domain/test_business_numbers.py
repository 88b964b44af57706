"""Policy, application, claim and report numbers."""

from __future__ import annotations

import re

import pytest

from app.domain.business_numbers import NumberProblem, NumberRefused, check_business_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("pdaa202535010000012345", "PDAA202535010000012345"),
        (" P00012-3 ", "P00012-3"),
        ("ｐ１２３４５６", "P123456"),
        ("123456", "123456"),
        ("1" * 32, "1" * 32),
    ],
)
def test_a_number_is_kept_in_half_width_and_upper_case(typed: str, number: str) -> None:
    assert check_business_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", NumberProblem.EMPTY),
        (" 　", NumberProblem.EMPTY),
        ("12345", NumberProblem.LENGTH),
        ("1" * 33, NumberProblem.LENGTH),
        ("P/123456", NumberProblem.CHARACTERS),
        ("保单123456", NumberProblem.CHARACTERS),
        ("ABCDEFGH", NumberProblem.CHARACTERS),
        ("--------", NumberProblem.CHARACTERS),
        ("١٢٣٤٥٦", NumberProblem.CHARACTERS),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(typed: str, code: NumberProblem) -> None:
    with pytest.raises(NumberRefused) as caught:
        check_business_number(typed)

    assert caught.value.code is code


def test_an_insurers_own_rule_applies_to_the_normalised_number() -> None:
    own_rule = re.compile(r"P\d{8}")

    assert check_business_number("p 12345678", own_rule) == "P12345678"
    with pytest.raises(NumberRefused) as caught:
        check_business_number("P123456789", own_rule)
    assert caught.value.code is NumberProblem.OWN_RULE
