"""Checklists: which rules speak, what they ask, and that the seed says what its sources say."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.claims import ClaimKind
from app.domain.completeness import (
    LineState,
    Need,
    Rule,
    Verdict,
    applies,
    decide,
    is_in_force,
    is_open,
    judge,
    reminder_day,
    short_of,
    state_of,
)
from app.domain.completeness_seeds import MATRIX, MATRIX_COLUMNS, Seed, all_seeds, matrix_rules
from app.domain.conditions import Value, parse
from app.domain.intake import Business
from app.domain.paper_types import BY_CODE
from app.domain.product_lines import InsuranceClass, ProductLine, class_of

DUE = date(2026, 12, 1)
STEPS = (-7, -1, 0, 7, 15)


def rule(**fields: object) -> Rule:
    plain: dict[str, object] = {
        "id": 1,
        "business": "claim",
        "line": "",
        "customer_kind": "",
        "channel": "",
        "claim_kind": "",
        "paper_type_id": 7,
        "need": "required",
    }
    return Rule(**{**plain, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "speaks"),
    [
        ({}, True),
        ({"line": "motor"}, True),
        ({"line": "property"}, True),
        ({"line": "personal"}, False),
        ({"line": "life"}, False),
        ({"claim_kind": "fire"}, False),
        ({"channel": "bank"}, False),
        ({"customer_kind": "person"}, True),
        ({"business": "servicing"}, False),
    ],
)
def test_a_rule_speaks_of_what_is_in_its_scope(scope: dict[str, object], speaks: bool) -> None:
    facts: dict[str, Value] = {
        "line": "motor",
        "insurance": "property",
        "customer_kind": "person",
        "channel": "agent",
        "claim_kind": "motor_damage",
    }

    assert applies(rule(**scope), "claim", facts) is speaks


@pytest.mark.parametrize(
    ("fields", "answer", "verdict"),
    [
        ({}, None, Verdict.NEEDED),
        ({"need": "optional"}, None, Verdict.OPTIONAL),
        ({"need": "conditional", "condition": "minor"}, None, Verdict.NEEDED),
        ({"need": "conditional", "condition": "not minor"}, True, Verdict.NOT_NEEDED),
        ({"need": "conditional", "condition": "?"}, None, Verdict.ASK),
        ({"need": "conditional", "condition": "?"}, True, Verdict.NEEDED),
        ({"need": "conditional", "condition": "?"}, False, Verdict.NOT_NEEDED),
        ({"need": "optional", "condition": "minor"}, None, Verdict.OPTIONAL),
    ],
)
def test_a_rule_asks_or_leaves_it_to_a_person(fields: dict[str, object], answer: bool | None, verdict: Verdict) -> None:
    assert judge(rule(**fields), {"minor": True}, answer) is verdict


def test_an_answer_does_not_overrule_figures() -> None:
    by_figure = rule(need="conditional", condition="minor")

    assert judge(by_figure, {"minor": True}, answer=False) is Verdict.NEEDED
    assert not is_open(by_figure, {"minor": True})
    assert is_open(by_figure, {"minor": None})


def test_the_strongest_of_several_rules_for_a_paper_decides() -> None:
    rules = [
        rule(id=1, need="optional", position=1),
        rule(id=2, need="conditional", condition="?", position=2),
        rule(id=3, position=3),
        rule(id=4, paper_type_id=8, need="conditional", condition="?", position=4),
    ]

    decided = decide(rules, {}, {4: False})

    assert [(one.id, verdict) for one, verdict in decided] == [(3, Verdict.NEEDED), (4, Verdict.NOT_NEEDED)]


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    held = rule(effective_from=DUE, effective_to=DUE + timedelta(days=1))

    assert [is_in_force(held, DUE + timedelta(days=day)) for day in (-1, 0, 1, 2)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("verdict", "papers", "short", "owed", "state"),
    [
        (Verdict.NEEDED, 0, 1, None, LineState.MISSING),
        (Verdict.NEEDED, 2, 0, "open", LineState.THERE),
        (Verdict.NEEDED, 1, 1, None, LineState.MISSING),
        (Verdict.NEEDED, 1, 1, "open", LineState.OWED),
        (Verdict.NEEDED, 1, 1, "waived", LineState.WAIVED),
        (Verdict.NEEDED, 0, 1, "open", LineState.OWED),
        (Verdict.NEEDED, 0, 1, "waiver", LineState.WAIVER),
        (Verdict.NEEDED, 0, 1, "waived", LineState.WAIVED),
        (Verdict.ASK, 0, 1, None, LineState.ASK),
        (Verdict.NOT_NEEDED, 0, 1, "open", LineState.NOT_NEEDED),
        (Verdict.OPTIONAL, 1, 1, None, LineState.THERE),
    ],
)
def test_a_line_stands_as_its_papers_do(
    verdict: Verdict, papers: int, short: int, owed: str | None, state: LineState
) -> None:
    assert state_of(verdict, papers, short, owed) is state


@pytest.mark.parametrize(
    ("form", "copies", "papers", "originals", "short"),
    [
        ("either", 1, 0, 0, 1),
        ("either", 2, 1, 1, 1),
        ("either", 2, 3, 0, 0),
        ("copy", 1, 1, 1, 0),
        ("original", 1, 1, 0, 1),
        ("original", 2, 3, 1, 1),
    ],
)
def test_copies_are_counted_and_never_stand_for_an_original(
    form: str, copies: int, papers: int, originals: int, short: int
) -> None:
    wanted = rule(form=form, copies=copies)

    assert short_of(wanted, papers, originals) == short


@pytest.mark.parametrize(
    ("passed", "reminded", "step"),
    [
        (-8, None, None),
        (-7, None, -7),
        (-6, -7, None),
        (0, -1, 0),
        (3, -7, 0),
        (30, 7, 15),
        (31, 30, None),
    ],
)
def test_a_reminder_is_given_once_and_the_latest_makes_up_for_missed_ones(
    passed: int, reminded: int | None, step: int | None
) -> None:
    given = DUE + timedelta(days=reminded) if reminded is not None else None

    assert reminder_day(DUE, given, DUE + timedelta(days=passed), STEPS) == step


@pytest.mark.parametrize(
    "seed", all_seeds(), ids=lambda seed: f"{seed.business}-{seed.line}-{seed.claim_kind}-{seed.paper}"
)
def test_every_rule_of_the_seed_can_be_kept(seed: Seed) -> None:
    assert seed.paper in BY_CODE
    assert seed.basis
    assert (seed.need == Need.CONDITIONAL) == bool(seed.condition)
    assert bool(seed.condition) == bool(seed.condition_words)
    assert len(seed.condition) <= 200 and len(seed.hint) <= 120 and len(seed.basis) <= 200
    if seed.condition:
        parse(seed.condition)


def test_no_rule_of_the_seed_stands_twice() -> None:
    keys = Counter(
        (seed.paper, seed.business, seed.line, seed.customer_kind, seed.channel, seed.claim_kind)
        for seed in all_seeds()
    )

    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("line", list(ProductLine))
def test_every_line_has_a_checklist_for_its_application(line: ProductLine) -> None:
    asked = {
        seed.paper
        for seed in all_seeds()
        if seed.business == Business.APPLICATION and seed.line in ("", line, class_of(line).value)
    }

    assert {"application", "policy_copy"} <= asked


# One insurer's matrix, written anew from its table: kind of claim → the numbers of documents required, and conditional.
TABLE: dict[ClaimKind, tuple[set[int], set[int]]] = {
    ClaimKind.ACCIDENT_MEDICAL: ({1, 3, 4, 5, 6, 8, 13}, set()),
    ClaimKind.INPATIENT: ({1, 3, 4, 5, 6, 13}, set()),
    ClaimKind.CRITICAL_ILLNESS: ({1, 3, 4, 7, 13}, {8}),
    ClaimKind.MODERATE_ILLNESS: ({1, 3, 4, 7, 13}, {8}),
    ClaimKind.MILD_ILLNESS: ({1, 3, 4, 7, 13}, {8}),
    ClaimKind.DISABILITY: ({1, 3, 4, 8, 9, 13}, set()),
    ClaimKind.DEATH_ACCIDENT: ({1, 2, 3, 4, 8, 11, 12, 13}, set()),
    ClaimKind.DEATH_ILLNESS: ({1, 2, 3, 4, 7, 11, 12, 13}, set()),
    ClaimKind.PREMIUM_WAIVER: ({1, 3, 4, 7, 13}, {8, 9, 10, 11, 12}),
    ClaimKind.HOSPITAL_ALLOWANCE: ({1, 3, 4, 13}, set()),
}


@pytest.mark.parametrize("kind", list(TABLE))
@pytest.mark.parametrize("column", range(1, 14))
def test_the_matrix_of_claims_stands_cell_by_cell(kind: ClaimKind, column: int) -> None:
    required, conditional = TABLE[kind]
    papers = set(MATRIX_COLUMNS[column - 1])
    rules = [seed for seed in matrix_rules(kind) if seed.paper in papers]

    if column in required:
        assert any(seed.need == Need.REQUIRED for seed in rules)
    elif column in conditional:
        assert rules and {seed.need for seed in rules} == {Need.CONDITIONAL.value}
    else:
        assert rules == []


def test_each_row_of_the_matrix_has_a_cell_for_each_document() -> None:
    assert len(MATRIX_COLUMNS) == 13
    assert {len(row) for row in MATRIX.values()} == {13}
    assert set("".join(MATRIX.values())) == set("必条－")


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        ({"pay_mode": "single", "premium": Decimal(401), "income": Decimal(100)}, Verdict.NEEDED),
        ({"pay_mode": "single", "premium": Decimal(400), "income": Decimal(100)}, Verdict.NOT_NEEDED),
        ({"pay_mode": "periodic", "premium": Decimal(21), "income": Decimal(100)}, Verdict.NEEDED),
        ({"pay_mode": "periodic", "premium": Decimal(20), "income": Decimal(100)}, Verdict.NOT_NEEDED),
        ({"pay_mode": "periodic", "premium": Decimal(1), "income": None}, Verdict.ASK),
    ],
)
def test_the_applicants_statement_is_asked_for_as_article_39_says(facts: dict[str, Value], needed: Verdict) -> None:
    known: dict[str, Value] = {"design_type": "participating", "age": Decimal(30), "pay_years": Decimal(10), **facts}
    seed = next(one for one in all_seeds() if one.paper == "applicant_statement" and one.line == ProductLine.LIFE)

    assert judge(rule(need=seed.need, condition=seed.condition), known) is needed
    assert judge(rule(need=seed.need, condition=seed.condition), {**known, "pay_years": Decimal(45)}) is Verdict.NEEDED
    assert (
        judge(rule(need=seed.need, condition=seed.condition), {**known, "design_type": "ordinary"})
        is Verdict.NOT_NEEDED
    )


def test_claims_of_property_are_not_asked_for_what_motor_needs() -> None:
    seed = next(one for one in all_seeds() if one.paper == "damage_list" and one.line == InsuranceClass.PROPERTY)
    told = rule(need=seed.need, condition=seed.condition)

    assert judge(told, {"line": "enterprise_property"}) is Verdict.NEEDED
    assert judge(told, {"line": "motor"}) is Verdict.NOT_NEEDED


def printed(seed: Seed) -> str:
    """A rule as docs/completeness.md prints it."""
    scope = " · ".join(part for part in (seed.line, seed.customer_kind, seed.channel, seed.claim_kind) if part) or "*"
    form = {"original": "原", "copy": "复", "either": ""}[seed.form]
    need = {"required": "必", "conditional": "条", "optional": "选"}[seed.need]
    condition = f"{seed.condition_words} `{seed.condition}`" if seed.condition else ""
    return f"| {seed.business} | {scope} | {BY_CODE[seed.paper].name} | {need}{form} | {condition} | {seed.basis} |"


def test_the_document_prints_the_seed() -> None:
    lines = set((Path(__file__).parents[2] / "docs" / "completeness.md").read_text(encoding="utf-8").splitlines())

    assert [line for line in map(printed, all_seeds()) if line not in lines] == []
