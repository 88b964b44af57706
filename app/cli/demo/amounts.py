"""Money as Chinese papers write it."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def yuan(amount: Decimal | int) -> str:
    """Return `12,345.60`."""
    return f"{Decimal(amount):,.2f}"


def in_capitals(amount: Decimal | int) -> str:
    """Return the amount in the characters that cannot be altered: `壹万贰仟叁佰肆拾伍元陆角整`."""
    cents = int((Decimal(amount) * 100).to_integral_value())
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(whole)}元" if whole or not cents else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    if fen:
        return text + ("" if jiao or not whole else "零") + f"{_DIGITS[fen]}分"
    return text + "整"


def _whole(number: int) -> str:
    """Return a whole number in capitals, one 零 for each run of zeros."""
    if number == 0:
        return "零"
    text, gap = "", False
    for index in reversed(range(len(str(number)))):
        digit = number // 10**index % 10
        place, group = index % 4, index // 4
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0 and bool(text)
        if place == 0 and number // 10**index % 10**4:
            text += _GROUPS[group]
            gap = gap and digit == 0
    return text
