"""The worked cases: the law's answer by hand against the engine's, and against the printed page."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.deadlines import SEED_RULES, Reason, Standing, judge, rule_on, sentences
from app.domain.deadlines.table import deadlines_as_markdown
from app.domain.deadlines.worked import CASES, Case


def standing_of(case: Case) -> Standing:
    """Judge a case by the rule in force when it was opened."""
    opened = min(event.day for event in case.story)
    return judge(rule_on(SEED_RULES, case.rule, opened), case.story, case.asked, case.calendar)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_a_worked_case_is_judged_as_by_hand(case: Case) -> None:
    standing = standing_of(case)

    assert (standing.state, standing.due_on) == (case.state, case.due)
    assert case.says in sentences(standing)
    assert [step for step in standing.why if case.article in step.article] or case.article in standing.rule.basis


def test_there_are_enough_cases_and_no_two_alike() -> None:
    assert len(CASES) >= 70
    assert len({(case.rule, case.name) for case in CASES}) == len(CASES)


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == {rule.code for rule in SEED_RULES}


def test_every_reason_occurs_in_a_case() -> None:
    assert {step.reason for case in CASES for step in standing_of(case).why} == set(Reason)


def test_every_step_but_the_missing_calendar_has_an_article() -> None:
    steps = [step for case in CASES for step in standing_of(case).why]

    assert {step.reason for step in steps if "条" not in step.article} == {Reason.CALENDAR_MISSING}


def test_the_printed_page_is_what_the_engine_knows() -> None:
    printed = Path(__file__).parents[3] / "docs" / "deadlines.md"

    assert printed.read_text("utf-8") == deadlines_as_markdown(), "run: flask cases table > docs/deadlines.md"
