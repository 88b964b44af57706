"""Every value and every problem of the domain has its words."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from app.domain.archive_numbers import TemplateProblem
from app.domain.business_numbers import NumberProblem
from app.domain.claims import ClaimAmountProblem, ClaimDateProblem
from app.domain.contact_numbers import ContactProblem
from app.domain.identity_numbers import (
    BirthInFuture,
    IdentityRefused,
    IdKind,
    IdWarning,
    ImpossibleBirthDate,
    Mismatch,
    UnknownProvince,
    WrongCharacters,
    WrongCheckDigit,
    check_identity,
)
from app.domain.money import AmountProblem
from app.domain.policies import DateProblem, PaymentProblem
from app.domain.retention import SEED, BadPeriod
from app.domain.titles import TitleWarning
from app.web import case_labels, labels
from app.web.sentences import SENTENCES
from tests.domain.examples import TODAY

TABLES = {
    name: table
    for name, table in {**vars(labels), **{f"CASE_{key}": value for key, value in vars(case_labels).items()}}.items()
    if isinstance(table, dict) and isinstance(next(iter(table), None), Enum)
}
PROBLEMS: list[type[Enum]] = [
    *(TemplateProblem, NumberProblem, ClaimAmountProblem, ClaimDateProblem, ContactProblem, IdWarning, Mismatch),
    *(AmountProblem, DateProblem, PaymentProblem, TitleWarning),
]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_value_has_a_name_of_its_own(table: dict[Any, Any]) -> None:
    members = list(type(next(iter(table))))
    names = [str(name) for name in table.values()]

    assert list(table) == members
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_value_from_the_database_finds_its_name() -> None:
    assert str(labels.ID_KINDS["passport"]) == "护照"  # type: ignore[index]
    assert str(labels.LEVELS[3]) == "秘密"  # type: ignore[index]


def test_periods_are_named_by_their_code() -> None:
    names = [str(labels.period_label(row.code)) for row in SEED]

    assert names == ["永久", "定期30年", "定期10年", "定期5年"]
    with pytest.raises(BadPeriod):
        labels.period_label("X")


def test_choices_are_values_with_names_in_the_order_asked_for() -> None:
    every = labels.choices(labels.PAY_MODES)
    some = labels.choices(labels.SEXES, "female", "male")

    assert [(value, str(name)) for value, name in every] == [("single", "趸交"), ("periodic", "期交")]
    assert [(value, str(name)) for value, name in some] == [("female", "女"), ("male", "男")]
    assert labels.choices(labels.LEVELS)[0][0] == "1"


@pytest.mark.parametrize("problem", [member for problems in PROBLEMS for member in problems])
def test_every_problem_has_a_sentence(problem: str) -> None:
    assert str(SENTENCES[problem]).endswith("。")


@pytest.mark.parametrize(
    "refusal", [BirthInFuture, ImpossibleBirthDate, UnknownProvince, WrongCharacters, WrongCheckDigit]
)
def test_every_refusal_of_an_identity_number_has_a_sentence(refusal: type[IdentityRefused]) -> None:
    assert str(SENTENCES[refusal().code]).endswith("。")  # type: ignore[call-arg]


def refusal_of(kind: IdKind, number: str) -> str | None:
    """Return the code that a number is refused with."""
    try:
        check_identity(kind, number, TODAY)
    except IdentityRefused as refused:
        return refused.code
    return None


@pytest.mark.parametrize("kind", IdKind)
@pytest.mark.parametrize("number", ["", "?", "9", "军" * 40, "A" * 15, "A" * 18, "1" * 18])
def test_whatever_is_refused_is_explained(kind: IdKind, number: str) -> None:
    code = refusal_of(kind, number)

    assert code is None or str(SENTENCES[code]).endswith("。")
