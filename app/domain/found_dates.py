"""Dates in a text, as people and machines write them: 2026年11月22日, 2026-11-22, 20261122, 二〇二六年十一月二十二日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.finds import Find, FindKind, Why, repairs

_D = r"[0-9OolI]"
_WRITTEN = re.compile(
    rf"(?<![0-9])((?:19|20|2[Oo]|[lI]9){_D}{{2}}) ?(年|[-./]) ?({_D}{{1,2}}) ?(月|[-./]) ?({_D}{{1,2}})(?![0-9]) ?日?"
)
_COMPACT = re.compile(r"(?<![0-9A-Za-z\-])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9A-Za-z\-])")
_NUMERALS = "〇零○一二三四五六七八九十元"
_CHINESE = re.compile(rf"([{_NUMERALS}]{{4}}) ?年 ?([{_NUMERALS}]{{1,3}}) ?月 ?([{_NUMERALS}]{{1,4}}) ?[日号]")
_LABEL = re.compile(r"((?:[\u3400-\u9fff] +)?[\u3400-\u9fff]{1,6})[ :]{0,4}$")
_VALUE = {"〇": 0, "零": 0, "○": 0} | {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}


def find_dates(text: str) -> Iterator[Find]:
    """Yield every date that there is in the calendar; `text` must be evened."""
    for match in _WRITTEN.finditer(text):
        if (match[2] == "年") == (match[4] == "月"):
            parts = [repairs(part) for part in (match[1], match[3], match[5])]
            yield from _find(text, match.start(), [part for part, _ in parts], sum(count for _, count in parts))
    for match in _COMPACT.finditer(text):
        yield from _find(text, match.start(), list(match.groups()), 0, compact=True)
    for match in _CHINESE.finditer(text):
        year = "".join(str(_VALUE.get(numeral, "?")) for numeral in match[1])
        if year.isdigit():
            yield from _find(text, match.start(), [year, str(_small(match[2])), str(_small(match[3]))], 0)


def _find(text: str, at: int, parts: list[str], repaired: int, *, compact: bool = False) -> Iterator[Find]:
    try:
        day = date(*map(int, parts))
    except ValueError:
        return
    label = _LABEL.search(text, max(0, at - 16), at)
    named = label[1].replace(" ", "") if label else ""
    if compact and not named.endswith(("日期", "日", "时间", "于")):
        return
    score = 0.95 - 0.2 * min(repaired, 2)
    why = (Why.FORM, *([Why.LABEL] if named else []), *([Why.REPAIRED] if repaired else []))
    yield Find(FindKind.DATE, day.isoformat(), named, at, score, why)


def _small(numerals: str) -> int:
    """Return a number below 100 in Chinese numerals: 二十二 → 22, 十 → 10, 三〇 → 30."""
    tens, ten, units = numerals.partition("十")
    if ten:
        return (_VALUE.get(tens, 1) if tens else 1) * 10 + (_VALUE.get(units, 0) if units else 0)
    return int("".join(str(_VALUE.get(numeral, 0)) for numeral in numerals))
