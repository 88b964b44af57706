"""Conditions of a checklist: a small safe language over what is known of a policy, claim and customer.

`insured_age < 18`, `险种 = life and 保额 >= 100万`, `design_type in (universal, variable)`; `?` stands for what only a
person can tell. A fact nobody knows makes what depends on it unknown, and what is unknown is asked. Nothing is executed: a text is
parsed by hand and checked against the facts that there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from app.domain.claims import ClaimKind, ClaimOutcome
from app.domain.policies import Channel, DesignType, PayMode, TermKind
from app.domain.product_lines import InsuranceClass, ProductLine

ASK = "?"
LONGEST, DEEPEST = 200, 20
CUSTOMER_KINDS = ("person", "organisation")
Value = Decimal | str | bool | None
Facts = Mapping[str, Value]


class Kind(StrEnum):
    """What a fact is."""

    NUMBER = "number"
    WORD = "word"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a condition may speak of; `words` are the values that a word may have."""

    name: str
    chinese: str
    kind: Kind
    words: tuple[str, ...] = ()


FACTS: tuple[Fact, ...] = (
    Fact("insurance", "险类", Kind.WORD, tuple(InsuranceClass)),
    Fact("line", "险种", Kind.WORD, tuple(ProductLine)),
    Fact("design_type", "设计类型", Kind.WORD, tuple(DesignType)),
    Fact("term_kind", "保险期间", Kind.WORD, tuple(TermKind)),
    Fact("channel", "渠道", Kind.WORD, tuple(Channel)),
    Fact("pay_mode", "缴费方式", Kind.WORD, tuple(PayMode)),
    Fact("pay_years", "交费年限", Kind.NUMBER),
    Fact("amount", "保额", Kind.NUMBER),  # in yuan, as all amounts here
    Fact("premium", "保费", Kind.NUMBER),
    Fact("customer_kind", "客户类型", Kind.WORD, CUSTOMER_KINDS),
    Fact("age", "投保人年龄", Kind.NUMBER),
    Fact("income", "年收入", Kind.NUMBER),
    Fact("insured_age", "被保险人年龄", Kind.NUMBER),
    Fact("minor", "未成年", Kind.FLAG),  # the insured person
    Fact("own_life", "本人投保", Kind.FLAG),  # holder and insured are one
    Fact("claim_kind", "赔案类型", Kind.WORD, tuple(ClaimKind)),
    Fact("outcome", "赔案结论", Kind.WORD, tuple(ClaimOutcome)),
    Fact("claimed", "索赔金额", Kind.NUMBER),
)
_BY_NAME = {name: fact for fact in FACTS for name in (fact.name, fact.chinese)}
_WORDS = {"且": "and", "或": "or", "非": "not", "属于": "in", "和": "and"}
_RESERVED = frozenset({"and", "or", "not", "in"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?万?)|(?P<name>[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*)"
    r"|(?P<mark><=|>=|!=|[=<>+*/(),、，（）≤≥≠＝＞＜?？-]))"
)
_SAME_MARKS = {"≤": "<=", "≥": ">=", "≠": "!=", "＝": "=", "＞": ">", "＜": "<", "（": "(", "）": ")"}
_SAME_MARKS |= {"，": ",", "、": ",", "？": "?"}


class Fault(StrEnum):
    """What is wrong with a condition."""

    EMPTY = "condition.empty"
    TOO_LONG = "condition.too_long"
    TOO_DEEP = "condition.too_deep"
    CHARACTER = "condition.character"  # a character that means nothing here
    NAME = "condition.name"  # no such fact
    WORD = "condition.word"  # the fact never has this value
    KIND = "condition.kind"  # a number compared with a word, or a size asked of a word
    EXPECTED = "condition.expected"  # something else should stand here


class ConditionError(ValueError):
    """A condition cannot be read: `fault`, the 1-based `position`, and `found` there ('' at the end)."""

    def __init__(self, fault: Fault, position: int, found: str = "") -> None:
        super().__init__(f"{fault.value} at {position}: {found}")
        self.fault, self.position, self.found = fault, position, found


Test = Callable[[Facts], bool | None]
Number = Callable[[Facts], Decimal | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read: what it says of facts, and the facts it speaks of."""

    text: str
    test: Test
    names: frozenset[str]

    def holds(self, facts: Facts) -> bool | None:
        """Return whether it holds; None when a person has to tell."""
        return self.test(facts)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


@lru_cache(maxsize=1024)
def parse(text: str) -> Condition:
    """Return a condition; raises `ConditionError` with the place of what cannot be read."""
    if len(text) > LONGEST:
        raise ConditionError(Fault.TOO_LONG, LONGEST + 1)
    tokens = _tokens(text)
    if tokens[0].kind == "end":
        raise ConditionError(Fault.EMPTY, 1)
    reader = _Reader(tokens)
    test = reader.either(0)
    reader.end()
    return Condition(text.strip(), test, frozenset(reader.names))


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise ConditionError(Fault.CHARACTER, start + 1, text[start])
        kind = str(match.lastgroup)
        word, start = match[kind], match.start(kind)
        word = _SAME_MARKS.get(word, word) if kind == "mark" else _WORDS.get(word, word)
        found.append(_Token(kind, word, start + 1))
        at = match.end()
    return [*found, _Token("end", "", end + 1)]


class _Reader:
    """Reads tokens from left to right: or, and, not, comparison, sum, product."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.names: set[str] = set()

    def either(self, depth: int) -> Test:
        tests = [self.both(depth)]
        while self.took("or"):
            tests.append(self.both(depth))
        return tests[0] if len(tests) == 1 else lambda facts: _any(test(facts) for test in tests)

    def both(self, depth: int) -> Test:
        tests = [self.single(depth)]
        while self.took("and"):
            tests.append(self.single(depth))
        return tests[0] if len(tests) == 1 else lambda facts: _all(test(facts) for test in tests)

    def single(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise ConditionError(Fault.TOO_DEEP, self.next.position, self.next.text)
        if self.took("not"):
            inner = self.single(depth + 1)
            return lambda facts: _opposite(inner(facts))
        if self.took(ASK):
            return lambda _facts: None
        if self.next.text == "(" and not self._is_sum():
            self.took("(")
            inner = self.either(depth + 1)
            self.need(")")
            return inner
        return self.comparison(depth)

    def comparison(self, depth: int) -> Test:
        fact = _BY_NAME.get(self.next.text) if self.next.kind == "name" else None
        if fact is None or fact.kind is Kind.NUMBER:
            return self._sizes(depth)
        self.step()
        self.names.add(fact.name)
        if fact.kind is Kind.FLAG:
            return lambda facts: _flag(facts.get(fact.name))
        return self._words(fact)

    def _sizes(self, depth: int) -> Test:
        left = self.sum(depth)
        mark = self.next
        if mark.text not in _COMPARE:
            raise ConditionError(Fault.EXPECTED, mark.position, mark.text)
        self.step()
        right = self.sum(depth)
        compare = _COMPARE[mark.text]

        def test(facts: Facts) -> bool | None:
            one, other = left(facts), right(facts)
            return None if one is None or other is None else compare(one, other)

        return test

    def _words(self, fact: Fact) -> Test:
        mark = self.next
        if mark.text in _COMPARE and mark.text not in ("=", "!="):
            raise ConditionError(Fault.KIND, mark.position, mark.text)
        if self.took("in"):
            wanted = frozenset(self._list(fact))
        elif self.took("=") or self.took("!="):
            wanted = frozenset({self._word(fact)})
        else:
            raise ConditionError(Fault.EXPECTED, mark.position, mark.text)
        is_not = mark.text == "!="

        def test(facts: Facts) -> bool | None:
            value = facts.get(fact.name)
            return None if value in (None, "") else (value in wanted) is not is_not

        return test

    def _list(self, fact: Fact) -> list[str]:
        self.need("(")
        words = [self._word(fact)]
        while self.took(","):
            words.append(self._word(fact))
        self.need(")")
        return words

    def _word(self, fact: Fact) -> str:
        token = self.next
        if token.kind == "number":
            raise ConditionError(Fault.KIND, token.position, token.text)
        if token.kind != "name" or token.text in _RESERVED:
            raise ConditionError(Fault.EXPECTED, token.position, token.text)
        if token.text not in fact.words:
            raise ConditionError(Fault.WORD, token.position, token.text)
        self.step()
        return token.text

    def sum(self, depth: int) -> Number:
        value = self.product(depth)
        while self.next.text in ("+", "-"):
            value = _combined(self.step().text, value, self.product(depth))
        return value

    def product(self, depth: int) -> Number:
        value = self.number(depth)
        while self.next.text in ("*", "/"):
            value = _combined(self.step().text, value, self.number(depth))
        return value

    def number(self, depth: int) -> Number:
        token = self.step()
        if token.kind == "number":
            constant = _constant(token.text)
            return lambda _facts: constant
        if token.text == "(":
            if depth > DEEPEST:
                raise ConditionError(Fault.TOO_DEEP, token.position, token.text)
            value = self.sum(depth + 1)
            self.need(")")
            return value
        return self._fact_number(token)

    def _fact_number(self, token: _Token) -> Number:
        if token.kind != "name" or token.text in _RESERVED:
            raise ConditionError(Fault.EXPECTED, token.position, token.text)
        fact = _BY_NAME.get(token.text)
        if fact is None:
            raise ConditionError(Fault.NAME, token.position, token.text)
        if fact.kind is not Kind.NUMBER:
            raise ConditionError(Fault.KIND, token.position, token.text)
        name = fact.name
        self.names.add(name)
        return lambda facts: _size(facts.get(name))

    def _is_sum(self) -> bool:
        """Say whether a bracket holds numbers, as in (age + 5) * 2: no comparison stands inside it."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0:
                return True
            fact = _BY_NAME.get(token.text)
            if token.text in _NO_SUM or (fact and fact.kind is not Kind.NUMBER):
                return False
        return False

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def step(self) -> _Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def took(self, text: str) -> bool:
        if self.next.text == text and self.next.kind != "end":
            self.step()
            return True
        return False

    def need(self, text: str) -> None:
        if not self.took(text):
            raise ConditionError(Fault.EXPECTED, self.next.position, self.next.text)

    def end(self) -> None:
        if self.next.kind != "end":
            raise ConditionError(Fault.EXPECTED, self.next.position, self.next.text)


_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_NO_SUM = frozenset({*_COMPARE, *_RESERVED, ASK})
_ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other if other else None,
}


def _combined(mark: str, left: Number, right: Number) -> Number:
    def number(facts: Facts) -> Decimal | None:
        one, other = left(facts), right(facts)
        return None if one is None or other is None else _ARITHMETIC[mark](one, other)

    return number


def _constant(text: str) -> Decimal:
    return Decimal(text[:-1]) * 10_000 if text.endswith("万") else Decimal(text)


def _size(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _flag(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _any(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return True if True in found else None if None in found else False


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True
