"""Amounts of money, kept as whole cents 分 and never as fractions.

People type 12,345.60, ￥1.2万 or １２３元; registers and vouchers print the amount in words 大写金额 as the
rules of payment 支付结算办法, annex 1, ask.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction

from app.domain.normal import clean_number


class AmountProblem(StrEnum):
    """Why an amount is refused."""

    EMPTY = "money.empty"
    FORM = "money.form"
    NEGATIVE = "money.negative"
    PRECISION = "money.precision"  # below one cent
    TOO_LARGE = "money.too_large"


class AmountRefused(ValueError):
    """What was typed is no amount; `code` says why."""

    def __init__(self, code: AmountProblem) -> None:
        super().__init__(code.value)
        self.code = code


# Ten million million yuan: beyond any insurer, inside every database's integer.
LARGEST_CENTS = 10**15
_CENTS_OF = {"": 100, "万": 100 * 10**4, "亿": 100 * 10**8}
_TYPED = re.compile(
    r"(?:人民币|RMB|CNY)?¥?(?P<minus>-?)"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?P<fraction>\.[0-9]{1,20})?(?P<unit>[万亿]?)元?整?"
)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def parse_cents(text: str) -> int:
    """Return the amount in cents; raises `AmountRefused` on anything unclear, negative or finer than a cent."""
    typed = clean_number(text).replace("￥", "¥")
    if not typed:
        raise AmountRefused(AmountProblem.EMPTY)
    match = _TYPED.fullmatch(typed)
    if not match:
        raise AmountRefused(AmountProblem.FORM)
    amount = Fraction(match["digits"].replace(",", "") + (match["fraction"] or ""))
    return _whole(amount * _CENTS_OF[match["unit"]], is_negative=bool(match["minus"]))


def format_cents(cents: int) -> str:
    """Return the amount in yuan with separators and two decimals: 1234560 → 12,345.60."""
    yuan, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{yuan:,}.{rest:02d}"


def in_words(cents: int) -> str:
    """Return the amount as vouchers print it: 1234560 → 壹万贰仟叁佰肆拾伍元陆角整."""
    yuan, rest = divmod(abs(cents), 100)
    sign = "负" if cents < 0 else ""
    if not yuan and not rest:
        return "零元整"
    whole = _number_in_words(yuan) + "元" if yuan else ""
    return sign + whole + _cents_in_words(rest, after_yuan=bool(yuan))


def _whole(cents: Fraction, *, is_negative: bool) -> int:
    if is_negative and cents:
        raise AmountRefused(AmountProblem.NEGATIVE)
    if cents > LARGEST_CENTS:
        raise AmountRefused(AmountProblem.TOO_LARGE)
    if cents.denominator != 1:
        raise AmountRefused(AmountProblem.PRECISION)
    return cents.numerator


def _cents_in_words(rest: int, *, after_yuan: bool) -> str:
    """Return jiao 角 and fen 分; 整 closes an amount that has no fen."""
    jiao, fen = divmod(rest, 10)
    if not rest:
        return "整"
    if not jiao:
        return f"{'零' if after_yuan else ''}{_DIGITS[fen]}分"
    return f"{_DIGITS[jiao]}角" + (f"{_DIGITS[fen]}分" if fen else "整")


def _number_in_words(number: int) -> str:
    """Return a positive number in words, reading 亿 and 万 as people do; one 零 for any row of noughts."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            return _number_in_words(high) + unit + _rest_in_words(low, size)
    return _four_digits_in_words(number)


def _rest_in_words(low: int, size: int) -> str:
    if not low:
        return ""
    return ("零" if low * 10 < size else "") + _number_in_words(low)


def _four_digits_in_words(number: int) -> str:
    words = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _PLACES[place]
        elif words and not words.endswith("零"):
            words += "零"
    return words.rstrip("零")
