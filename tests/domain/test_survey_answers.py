"""Answers to a questionnaire: what is taken, what it amounts to, what must be done."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.survey_answers import (
    LONGEST_TEXT,
    Reason,
    Thresholds,
    asked_of,
    check_answers,
    follow_ups_of,
    nps_of,
    overall_of,
    score_of,
    validity,
)
from app.domain.surveys import Choice, Condition, Question, QuestionKind

YES_NO = (Choice("yes", "是"), Choice("no", "否", is_problem=True))
READ = Question("read", QuestionKind.SINGLE, "您看过条款吗？", YES_NO)
WHY = Question("why", QuestionKind.TEXT, "为什么没有？", only_if=Condition("read", ("no",)))
OVERALL = Question("overall", QuestionKind.SCALE, "总体满意吗？", is_overall=True)
SPEED = Question("speed", QuestionKind.SCALE, "快吗？", required=False)
NPS = Question("nps", QuestionKind.NPS, "会推荐吗？", required=False)
WAYS = Question(
    "ways", QuestionKind.MULTIPLE, "用过哪些渠道？", (Choice("a", "柜面"), Choice("b", "电话")), required=False
)
ALL = (READ, WHY, OVERALL, SPEED, NPS, WAYS)
GOOD = {"read": ["yes"], "overall": ["5"]}
LIMITS = Thresholds(2, 6)


def test_what_was_asked_is_kept_and_the_rest_dropped() -> None:
    kept = check_answers(ALL, {**GOOD, "why": ["不必"], "ways": ["a", "b", "a"], "other": ["1"], "speed": [" "]})

    assert kept == {"read": ("yes",), "overall": ("5",), "ways": ("a", "b")}


def test_a_condition_opens_its_question() -> None:
    with pytest.raises(Invalid) as refused:
        check_answers(ALL, {"read": ["no"], "overall": ["3"]})

    assert refused.value.problems == {"why": ["answer.missing"]}


def test_an_answer_that_was_not_asked_for_opens_nothing() -> None:
    more = Question("more", QuestionKind.TEXT, "还有呢？", only_if=Condition("deep", ("x",)))
    deep = Question("deep", QuestionKind.SINGLE, "细说", (Choice("x", "甲"),), only_if=Condition("read", ("no",)))

    assert asked_of((READ, deep, more), {"read": ["yes"], "deep": ["x"]}) == (READ,)


@pytest.mark.parametrize(
    ("key", "values", "code"),
    [
        ("overall", [], "answer.missing"),
        ("overall", ["0"], "answer.out_of_range"),
        ("overall", ["6"], "answer.out_of_range"),
        ("overall", ["５"], "answer.out_of_range"),
        ("overall", ["05"], "answer.out_of_range"),
        ("overall", ["4", "5"], "answer.one_only"),
        ("nps", ["11"], "answer.out_of_range"),
        ("nps", ["-1"], "answer.out_of_range"),
        ("read", ["maybe"], "answer.not_a_choice"),
        ("read", ["yes", "no"], "answer.one_only"),
        ("ways", ["a", "c"], "answer.not_a_choice"),
    ],
)
def test_each_problem_has_its_code(key: str, values: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_answers(ALL, {**GOOD, key: values})

    assert refused.value.problems[key] == [code]


def test_a_text_may_be_so_long_and_no_longer() -> None:
    assert check_answers((WHY,), {}) == {}
    answered = {"read": ["no"], "overall": ["1"]}

    assert len(check_answers(ALL, {**answered, "why": ["字" * LONGEST_TEXT]})["why"][0]) == LONGEST_TEXT
    with pytest.raises(Invalid) as refused:
        check_answers(ALL, {**answered, "why": ["字" * (LONGEST_TEXT + 1)]})
    assert refused.value.problems == {"why": ["answer.too_long"]}


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([question.key for question in ALL] + ["stray"]),
        st.lists(st.text(max_size=8) | st.sampled_from(["yes", "no", "1", "5", "10", "a", "b"]), max_size=3),
    )
)
def test_what_is_kept_passes_again_unchanged(typed: dict[str, list[str]]) -> None:
    try:
        kept = check_answers(ALL, typed)
    except Invalid as refused:
        assert set(refused.problems) <= {question.key for question in ALL}
        return

    assert check_answers(ALL, kept) == kept
    assert {question.key for question in asked_of(ALL, kept)} >= set(kept)


def test_scores_are_of_the_questions_that_were_answered() -> None:
    answers = {"overall": ("4",), "speed": ("1",), "nps": ("0",)}

    assert score_of(ALL, answers) == 250
    assert overall_of(ALL, answers) == 4
    assert nps_of(ALL, answers) == 0
    assert (score_of(ALL, {}), overall_of(ALL, {}), nps_of(ALL, {})) == (None, None, None)


def test_five_scales_alike_say_nothing() -> None:
    scales = tuple(Question(f"s{n}", QuestionKind.SCALE, "？") for n in range(5))
    same = {question.key: ("5",) for question in scales}

    assert validity(scales, same, 60) == (False, "same")
    assert validity(scales[:4], {key: same[key] for key in list(same)[:4]}, 60) == (True, "")
    assert validity(scales, {**same, "s0": ("4",)}, 60) == (True, "")


def test_two_seconds_a_question_are_needed() -> None:
    answers = {"overall": ("5",), "nps": ("9",), "read": ("yes",)}

    assert validity(ALL, answers, 5) == (False, "fast")
    assert validity(ALL, answers, 6) == (True, "")
    assert validity(ALL, answers, None) == (True, "")


@pytest.mark.parametrize(
    ("answers", "reasons"),
    [
        ({"overall": ("3",), "nps": ("7",), "read": ("yes",)}, ()),
        ({"overall": ("2",)}, (Reason.LOW_SCORE,)),
        ({"overall": ("5",), "speed": ("1",)}, (Reason.LOW_SCORE,)),
        ({"nps": ("6",)}, (Reason.LOW_NPS,)),
        ({"read": ("no",)}, (Reason.PROBLEM,)),
        ({"read": ("no",), "overall": ("1",), "nps": ("0",)}, (Reason.PROBLEM, Reason.LOW_SCORE, Reason.LOW_NPS)),
    ],
)
def test_bad_answers_ask_for_something_to_be_done(
    answers: dict[str, tuple[str, ...]], reasons: tuple[Reason, ...]
) -> None:
    assert follow_ups_of(LIMITS, ALL, answers) == reasons
