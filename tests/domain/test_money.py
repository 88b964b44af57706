"""Amounts: typed, printed, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import LARGEST_CENTS, AmountProblem, AmountRefused, format_cents, in_words, parse_cents
from tests.domain.examples import few


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,345.60", 1_234_560),
        ("￥1.2万", 1_200_000),
        ("¥1.2万元", 1_200_000),
        ("１２，３４５．６０元", 1_234_560),
        ("1.2亿元", 12_000_000_000),
        ("1.23456万", 1_234_560),
        ("人民币100元整", 10_000),
        ("人民币￥100.5", 10_050),
        ("rmb 5", 500),
        ("0", 0),
        ("-0", 0),
        ("0.01", 1),
        ("1000000", 100_000_000),
        ("1,000,000", 100_000_000),
        ("1.50000000000000000000", 150),
        ("10万亿", None),
        ("10000000000000", LARGEST_CENTS),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, cents: int | None) -> None:
    if cents is None:
        with pytest.raises(AmountRefused):
            parse_cents(typed)
    else:
        assert parse_cents(typed) == cents


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", AmountProblem.EMPTY),
        (" 　", AmountProblem.EMPTY),
        ("一百", AmountProblem.FORM),
        ("1,23", AmountProblem.FORM),
        ("1.2.3", AmountProblem.FORM),
        ("1e5", AmountProblem.FORM),
        ("$5", AmountProblem.FORM),
        (".5", AmountProblem.FORM),
        ("5.", AmountProblem.FORM),
        ("5万万", AmountProblem.FORM),
        ("١٢", AmountProblem.FORM),
        ("inf", AmountProblem.FORM),
        ("-5", AmountProblem.NEGATIVE),
        ("￥-0.01", AmountProblem.NEGATIVE),
        ("0.005", AmountProblem.PRECISION),
        ("12345678901.00000000000000000001", AmountProblem.PRECISION),
        ("0.0000001万", AmountProblem.PRECISION),
        ("10000000000000.01", AmountProblem.TOO_LARGE),
        ("99999999999999999999亿", AmountProblem.TOO_LARGE),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, code: AmountProblem) -> None:
    with pytest.raises(AmountRefused) as caught:
        parse_cents(typed)

    assert caught.value.code is code


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (1_234_560, "12,345.60"), (-1, "-0.01"), (-123_456, "-1,234.56")]
)
def test_an_amount_is_printed_with_separators_and_two_decimals(cents: int, text: str) -> None:
    assert format_cents(cents) == text


@given(st.integers(0, LARGEST_CENTS))
@few
def test_a_printed_amount_is_read_back(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (5, "伍分"),
        (60, "陆角整"),
        (65, "陆角伍分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (1_000, "壹拾元整"),
        (2_015, "贰拾元壹角伍分"),
        (10_100, "壹佰零壹元整"),
        (100_001, "壹仟元零壹分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (1_234_560, "壹万贰仟叁佰肆拾伍元陆角整"),
        (1_000_000, "壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (1_095_000, "壹万零玖佰伍拾元整"),
        (1_100_000, "壹万壹仟元整"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_010_000_000, "壹仟零壹拾万元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_010_000, "壹亿零壹佰元整"),
        (11_000_000_000, "壹亿壹仟万元整"),
        (10_001_000_100, "壹亿零壹万零壹元整"),
        (100_010_000_000_000, "壹万零壹亿元整"),
        (LARGEST_CENTS, "壹拾万亿元整"),
        (-1_234_560, "负壹万贰仟叁佰肆拾伍元陆角整"),
        (-5, "负伍分"),
    ],
)
def test_an_amount_in_words_reads_as_on_a_voucher(cents: int, words: str) -> None:
    assert in_words(cents) == words


def read_words(words: str) -> int:
    """Read an amount in words back, written independently of the code under test."""
    yuan, jiao, fen = words.partition("元")[0] if "元" in words else "", 0, 0
    rest = words.partition("元")[2] if "元" in words else words
    digits = "零壹贰叁肆伍陆柒捌玖"
    for unit in "角分":
        if unit in rest:
            value = digits.index(rest[rest.index(unit) - 1])
            jiao, fen = (value, fen) if unit == "角" else (jiao, value)
    return _read_number(yuan) * 100 + jiao * 10 + fen


def _read_number(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        # 万亿 counts the 万 before the 亿, so the last 亿 parts the number.
        if unit in words:
            high, _unit, low = words.rpartition(unit)
            return _read_number(high) * size + _read_number(low)
    return "零壹贰叁肆伍陆柒捌玖".index(words[-1]) if words else 0


@given(st.integers(0, LARGEST_CENTS))
@few
def test_an_amount_in_words_says_the_same_amount(cents: int) -> None:
    words = in_words(cents)

    assert read_words(words) == cents
    assert "零零" not in words
    assert words.endswith(("整", "分"))
