"""Rows of rules: which is in force, and what a row may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.deadlines import SEED_RULES, EventKind, Ground, Term, Unit, judge, rule_on
from app.domain.deadlines.worked.story import at, on, received
from app.domain.errors import NotFound

COMPLAINT = rule_on(SEED_RULES, "complaint", date(2026, 3, 1))
REVISED = replace(COMPLAINT, term=Term(10), effective_from=date(2026, 6, 1), basis="修订后的办法第十八条")
LAST_DAY = replace(COMPLAINT, effective_to=date(2026, 5, 31))

# 令2020年第3号, 基本服务规定, 保险法, 交强险条例: the numbers as DOMAIN.md tells them.
LENGTHS = {
    "complaint": "15 natural_days",
    "review_request": "30 natural_days",
    "review": "30 natural_days",
    "regulator_forwarding": "7 working_days",
    "complaint_reply_warning": "10 working_days",
    "claim_decision": "30 natural_days",
    "claim_payment": "10 natural_days",
    "claim_refusal_notice": "3 natural_days",
    "claim_advance": "60 natural_days",
    "life_claim_decision": "5 working_days",
    "life_claim_refusal_notice": "3 natural_days",
    "life_claim_payment": "10 natural_days",
    "mtpl_list": "1 natural_days",
    "mtpl_decision": "5 natural_days",
    "mtpl_payment": "10 natural_days",
    "application_defects": "5 working_days",
    "exam_notice": "5 working_days",
    "policy_delivery": "15 working_days",
    "underwriting_result": "15 working_days",
    "misleading_sale": "15 working_days",
    "change_acceptance": "2 working_days",
    "change_defects": "5 working_days",
    "change_done": "5 working_days",
    "change_done_premium": "5 working_days",
    "lapse_notice": "10 working_days",
    "surrender_value": "30 natural_days",
    "rescission": "30 natural_days",
}


def test_the_seeded_numbers_are_those_of_the_law() -> None:
    assert {rule.code: f"{rule.term.length} {rule.term.unit}" for rule in SEED_RULES} == LENGTHS


def test_a_complaint_may_become_thirty_days_and_once_thirty_more() -> None:
    assert COMPLAINT.complex_term is not None
    assert (COMPLAINT.complex_term.length, COMPLAINT.extension, COMPLAINT.extension_times) == (30, 30, 1)
    assert COMPLAINT.term.pauses == {Ground.APPRAISAL, Ground.TESTING, Ground.ASSESSMENT, Ground.MEDIATION}
    assert COMPLAINT.reminders == (5, 3, 1)


def test_every_seeded_rule_names_its_article_and_its_day() -> None:
    assert [rule.code for rule in SEED_RULES if "条" not in rule.basis] == []
    assert len({(rule.code, rule.effective_from) for rule in SEED_RULES}) == len(SEED_RULES)


@pytest.mark.parametrize(
    ("day", "length"),
    [
        (date(2020, 3, 1), 15),
        (date(2026, 5, 31), 15),
        (date(2026, 6, 1), 10),
        (date(2030, 1, 1), 10),
    ],
)
def test_the_rule_in_force_on_the_day_is_picked(day: date, length: int) -> None:
    assert rule_on([LAST_DAY, REVISED], "complaint", day).term.length == length


def test_the_youngest_of_two_that_overlap_is_picked() -> None:
    assert rule_on([REVISED, COMPLAINT], "complaint", date(2026, 7, 1)) is REVISED


@pytest.mark.parametrize(("code", "day"), [("complaint", date(2020, 2, 29)), ("nothing", date(2026, 1, 1))])
def test_a_day_without_rule_is_said(code: str, day: date) -> None:
    with pytest.raises(NotFound):
        rule_on(SEED_RULES, code, day)


def test_a_rule_ends_with_its_last_day() -> None:
    assert LAST_DAY.is_in_force(date(2026, 5, 31))
    assert not LAST_DAY.is_in_force(date(2026, 6, 1))


def test_a_case_keeps_the_rule_under_which_it_was_opened() -> None:
    case = received("2026-05-31")
    rule = rule_on([LAST_DAY, REVISED], "complaint", case.day)

    assert judge(rule, [case], at("2026-06-10")).due_on == on("2026-06-15")


def test_the_first_day_is_counted_where_a_rule_says_so() -> None:
    rule = replace(COMPLAINT, first_day_counted=True)

    standing = judge(rule, [received("2026-03-03")], at("2026-03-03"))

    assert (standing.due_on, standing.used) == (on("2026-03-17"), 1)


@pytest.mark.parametrize("length", [0, -1, 367])
def test_a_length_that_no_rule_has_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        Term(length)


@pytest.mark.parametrize(
    "change",
    [
        {"extension": 0},
        {"extension_times": 0},
        {"reminders": (1, 3, 5)},
        {"reminders": (3, 3)},
        {"reminders": (0,)},
        {"effective_to": COMPLAINT.effective_from - timedelta(days=1)},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        replace(COMPLAINT, **change)  # type: ignore[arg-type]


def test_every_rule_begins_and_ends_with_different_events() -> None:
    assert [rule.code for rule in SEED_RULES if rule.starts_by & rule.ends_by] == []
    assert all(rule.starts_by <= set(EventKind) and rule.ends_by for rule in SEED_RULES)
    assert {rule.term.unit for rule in SEED_RULES} <= set(Unit)
