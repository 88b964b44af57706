"""Amounts of money in a text: after ¥, before 元, or in words 大写; where both stand there, they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.finds import Find, FindKind, Why
from app.domain.money import LARGEST_CENTS, AmountRefused, parse_cents

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,12}(?:\.[0-9]{1,2})?"
_SIGNED = re.compile(rf"¥ ?({_NUMBER})(?![0-9])")
_NAMED = re.compile(rf"(?<![0-9.,A-Za-z])({_NUMBER}) ?(万|亿)?元")
_BARE = re.compile(r"(?<![0-9.,A-Za-z])([0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}|[0-9]{2,6}\.[0-9]{2})(?![0-9%])")
_WORDS = re.compile(r"(?:[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]\n?){3,40}")
_LABEL = re.compile(r"([\u3400-\u9fff][\u3400-\u9fff ()]{0,9})[ :¥]{0,4}(?:人民币)?[ :¥]{0,2}$")
_MONEY_LABEL = re.compile("金额|合计|保险费|保费|保额|费用|现金|赔款|给付|支付|实退|小写|费$")
_DIGITS = {numeral: value for value, numeral in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def find_amounts(text: str) -> Iterator[Find]:
    """Yield amounts in yuan; `text` must be evened."""
    in_words = {cents for _, cents in _worded(text)}
    taken: set[int] = set()
    for pattern in (_SIGNED, _NAMED, _BARE):
        for match in pattern.finditer(text):
            if match.start(1) in taken:
                continue
            find = _find(text, match, in_words, bare=pattern is _BARE)
            if find is not None:
                taken.add(match.start(1))
                yield find
    for at, cents in _worded(text):
        yield Find(FindKind.AMOUNT, _yuan(cents), "大写", at, 0.9, (Why.FORM,))


def _find(text: str, match: re.Match[str], in_words: set[int], *, bare: bool) -> Find | None:
    unit = match[2] if match.re is _NAMED and match[2] else ""
    try:
        cents = parse_cents(match[1] + unit)
    except AmountRefused:
        return None
    label = _LABEL.search(text, max(0, match.start() - 14), match.start())
    named = re.sub(r"[ ()]", "", label[1]) if label else ""
    if bare and not _MONEY_LABEL.search(named):
        return None
    agrees = cents in in_words
    why = (Why.FORM, *([Why.LABEL] if named else []), *([Why.WORDS_AGREE] if agrees else []))
    score = 0.98 if agrees else 0.6 if bare else 0.85
    return Find(FindKind.AMOUNT, _yuan(cents), named, match.start(1), score, why, checked=True if agrees else None)


def _worded(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORDS.finditer(text):
        cents = read_words(match[0].replace("\n", ""))
        if cents is not None:
            yield match.start(), cents


def read_words(words: str) -> int | None:
    """Return the cents of an amount in words 壹万贰仟叁佰肆拾伍元陆角整; None when it cannot be read."""
    whole, yuan, rest = words.replace("圆", "元").rstrip("整正").partition("元")
    if not yuan or not whole:
        return None
    total = _whole(whole)
    fraction = re.fullmatch(r"零?(?:([壹贰叁肆伍陆柒捌玖零])角)?零?(?:([壹贰叁肆伍陆柒捌玖])分)?", rest)
    if total is None or fraction is None or total * 100 > LARGEST_CENTS:
        return None
    return total * 100 + _DIGITS[fraction[1] or "零"] * 10 + _DIGITS[fraction[2] or "零"]


def _whole(words: str) -> int | None:
    total = section = digit = 0
    for numeral in words:
        if numeral in _DIGITS:
            digit = _DIGITS[numeral]
        elif numeral in _PLACES:
            section += (digit or 1) * _PLACES[numeral]
            digit = 0
        elif numeral in "万亿":
            total = (total + section + digit) * (10_000 if numeral == "万" else 10**8)
            section = digit = 0
        else:
            return None
    return total + section + digit


def _yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
