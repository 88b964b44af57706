"""The language of conditions: what it says, what it leaves to a person, where it is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.conditions import FACTS, LONGEST, ConditionError, Fault, Value, parse

KNOWN: dict[str, Value] = {
    "line": "life",
    "insurance": "personal",
    "design_type": "universal",
    "channel": "bank",
    "pay_mode": "single",
    "amount": Decimal(1_000_000),
    "premium": Decimal(500_000),
    "income": Decimal(100_000),
    "age": Decimal(40),
    "insured_age": Decimal(17),
    "minor": True,
    "own_life": None,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("insured_age < 18", True),
        ("被保险人年龄 < 18", True),
        ("age >= 60", False),
        ("age != 40", False),
        ("险种 = life 且 保额 >= 100万", True),
        ("险种 = life 且 保额 > 100万", False),
        ("保额 ≥ 99.5万", True),
        ("design_type in (participating, universal)", True),
        ("设计类型 属于（participating、unit_linked）", False),
        ("channel != bank", False),
        ("未成年", True),
        ("非 未成年", False),
        ("not (minor and channel = agent)", True),
        ("premium > 4 * income", True),
        ("(premium + income) / 2 = 30万", True),
        ("premium - income - income = 300000", True),
        ("age = 1 or age = 2 or age = 40", True),
        ("age = 1 or age = 40 and channel = agent", False),
        ("?", None),
        ("minor or ?", True),
        ("not minor and ?", False),
        ("minor and ?", None),
        ("pay_years > 3", None),
        ("own_life", None),
        ("not own_life or minor", True),
        ("age / 0 > 1", None),
    ],
)
def test_a_condition_holds_or_not_or_is_for_a_person_to_tell(text: str, holds: bool | None) -> None:
    assert parse(text).holds(KNOWN) is holds


@pytest.mark.parametrize(
    ("text", "fault", "position", "found"),
    [
        ("", Fault.EMPTY, 1, ""),
        ("   ", Fault.EMPTY, 1, ""),
        ("age", Fault.EXPECTED, 4, ""),
        ("age >", Fault.EXPECTED, 6, ""),
        ("age > > 3", Fault.EXPECTED, 7, ">"),
        ("age > life", Fault.NAME, 7, "life"),
        ("身高 > 180", Fault.NAME, 1, "身高"),
        ("line > 3", Fault.KIND, 6, ">"),
        ("line = 3", Fault.KIND, 8, "3"),
        ("line = motr", Fault.WORD, 8, "motr"),
        ("line in life", Fault.EXPECTED, 9, "life"),
        ("line in (life", Fault.EXPECTED, 14, ""),
        ("line in ()", Fault.EXPECTED, 10, ")"),
        ("age > 3 §", Fault.CHARACTER, 9, "§"),
        ("age > 3; drop", Fault.CHARACTER, 8, ";"),
        ("__import__('os')", Fault.CHARACTER, 12, "'"),
        ("age > 3 )", Fault.EXPECTED, 9, ")"),
        ("(age > 3", Fault.EXPECTED, 9, ""),
        ("minor and", Fault.EXPECTED, 10, ""),
        ("? ?", Fault.EXPECTED, 3, "?"),
        ("age > line", Fault.KIND, 7, "line"),
        ("(" * 30 + "minor" + ")" * 30, Fault.TOO_DEEP, 22, "("),
        ("age > 3" + " " * LONGEST, Fault.TOO_LONG, LONGEST + 1, ""),
    ],
)
def test_an_error_says_what_is_wrong_and_where(text: str, fault: Fault, position: int, found: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)

    assert (caught.value.fault, caught.value.position, caught.value.found) == (fault, position, found)


def test_deep_sums_are_refused_too() -> None:
    with pytest.raises(ConditionError) as caught:
        parse("(" * 40 + "age" + ")" * 40 + " > 3")

    assert caught.value.fault is Fault.TOO_DEEP


def test_a_condition_tells_the_facts_it_speaks_of() -> None:
    assert parse("险种 = life and premium > 4 * income").names == {"line", "premium", "income"}


def test_every_fact_has_one_name_in_each_language() -> None:
    names = [name for fact in FACTS for name in (fact.name, fact.chinese)]

    assert len(names) == len(set(names))
