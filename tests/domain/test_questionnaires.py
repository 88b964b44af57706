"""Which questions fit together; keys that are never used twice; the ready sets."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.questionnaires import answers_to, check_questions, moved, next_key, with_keys
from app.domain.survey_seeds import NEW_POLICY, READY
from app.domain.surveys import Choice, Condition, Question, QuestionKind, as_stored, is_asked, questions_of

_K = QuestionKind
AB = (Choice("a", "甲"), Choice("b", "乙"))
ONE = Question("one", _K.SINGLE, "一？", AB)


def problems(*questions: Question) -> dict[str, list[str]]:
    """What is wrong with these questions."""
    try:
        check_questions(questions)
    except Invalid as invalid:
        return invalid.problems
    return {}


def test_questions_that_fit_pass() -> None:
    assert not problems(
        ONE,
        Question("two", _K.SCALE, "二？", is_overall=True, only_if=Condition("one", ("a",))),
        Question("three", _K.NPS, "三？", only_if=Condition("two", ("1", "5"))),
        Question("four", _K.TEXT, "四？", required=False, only_if=Condition("three", ("0", "10"))),
    )


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ([], {"": ["question.none"]}),
        ([ONE] * 2, {"0": ["question.key_twice"], "1": ["question.key_twice"]}),
        ([Question("Ein", _K.TEXT, "一？")], {"0": ["question.key"]}),
        ([Question("one", _K.TEXT, " ")], {"0": ["question.text_missing"]}),
        ([Question("one", _K.TEXT, "字" * 301)], {"0": ["question.text_long"]}),
        ([Question("one", _K.TEXT, "一？", basis="字" * 121)], {"0": ["question.basis_long"]}),
        ([Question("one", _K.TEXT, "一？", is_overall=True)], {"0": ["question.overall_no_scale"]}),
        ([Question("one", _K.TEXT, "一？", AB)], {"0": ["question.choices_needless"]}),
        ([Question("one", _K.SINGLE, "一？", AB[:1])], {"0": ["question.choices_count"]}),
        ([Question("one", _K.SINGLE, "一？", (AB[0], Choice("a", "丙")))], {"0": ["question.choice_key"]}),
        ([Question("one", _K.SINGLE, "一？", (AB[0], Choice("c", " ")))], {"0": ["question.choice_missing"]}),
        ([Question("one", _K.SINGLE, "一？", (AB[0], Choice("c", "甲")))], {"0": ["question.choice_twice"]}),
        ([Question("one", _K.SINGLE, "一？", (AB[0], Choice("c", "长" * 61)))], {"0": ["question.choice_long"]}),
    ],
)
def test_what_is_wrong_is_told_by_place(questions: Sequence[Question], found: dict[str, list[str]]) -> None:
    assert problems(*questions) == found


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (Condition("later", ("a",)), "question.condition_later"),
        (Condition("two", ("1",)), "question.condition_later"),
        (Condition("one", ()), "question.condition_answer"),
        (Condition("one", ("a", "c")), "question.condition_answer"),
    ],
)
def test_a_condition_names_answers_of_an_earlier_question(condition: Condition, code: str) -> None:
    later = Question("later", _K.SINGLE, "后？", AB)

    assert problems(ONE, Question("two", _K.SCALE, "二？", only_if=condition), later) == {"1": [code]}


def test_nothing_depends_on_a_text() -> None:
    text = Question("one", _K.TEXT, "一？")

    assert answers_to(text) == ()
    assert problems(text, Question("two", _K.SCALE, "二？", only_if=Condition("one", ("x",)))) == {
        "1": ["question.condition_answer"]
    }


def test_there_is_one_overall_scale_and_one_nps() -> None:
    scales = [Question(key, _K.SCALE, key, is_overall=True) for key in ("a", "b")]
    recommends = [Question(key, _K.NPS, key) for key in ("c", "d")]

    assert problems(*scales, *recommends) == {"": ["question.overall_twice", "question.nps_twice"]}


def test_forty_questions_are_the_most() -> None:
    many = [Question(f"q{number}", _K.TEXT, f"{number}？") for number in range(41)]

    assert problems(*many) == {"": ["question.too_many"]}
    assert not problems(*many[:40])


def test_twelve_choices_are_the_most() -> None:
    choices = tuple(Choice(f"c{number}", str(number)) for number in range(13))

    assert problems(Question("one", _K.MULTIPLE, "一？", choices)) == {"0": ["question.choices_count"]}
    assert not problems(Question("one", _K.MULTIPLE, "一？", choices[:12]))


@given(st.lists(st.sampled_from(["q1", "q2", "q9", "c4", "overall", "q", "qx"])))
def test_a_new_key_was_never_used(used: list[str]) -> None:
    assert next_key(used, "q") not in used


def test_choices_keep_their_keys_and_new_ones_get_others() -> None:
    keyed = with_keys([Choice("c2", "乙"), Choice("", "丙"), Choice("", "丁")], ["c1", "c2", "c5"])

    assert [choice.key for choice in keyed] == ["c2", "c6", "c7"]


def test_questions_move_within_their_bounds() -> None:
    order = [Question(key, _K.TEXT, key) for key in "abc"]

    assert [question.key for question in moved(order, "c", -1)] == ["a", "c", "b"]
    assert [question.key for question in moved(order, "a", -1)] == ["a", "b", "c"]
    assert [question.key for question in moved(order, "nobody", 1)] == ["a", "b", "c"]


@pytest.mark.parametrize("code", list(READY))
def test_the_ready_sets_fit_and_can_be_kept(code: str) -> None:
    ready = READY[code]

    assert not problems(*ready.questions)
    assert questions_of(as_stored(ready.questions)) == ready.questions
    assert sum(question.is_overall for question in ready.questions) == 1
    assert sum(question.kind is _K.NPS for question in ready.questions) == 1
    assert [question.key for question in ready.questions if question.kind is _K.TEXT] == ["comment"]


def test_the_call_back_asks_the_seven_confirmations_with_their_article() -> None:
    confirmations = [question for question in NEW_POLICY.questions if "第十五条第" in question.basis]
    items = [question.basis[-3] for question in confirmations if any(each.is_problem for each in question.choices)]

    assert items == list("一二三四五六七")


@pytest.mark.parametrize(
    ("fact", "confirmation"),
    [("is_regular", "premiums"), ("is_new_kind", "uncertain"), ("is_recorded", "recording")],
)
def test_what_goes_with_some_policies_is_asked_of_those(fact: str, confirmation: str) -> None:
    question = next(each for each in NEW_POLICY.questions if each.key == confirmation)

    assert is_asked(question, {fact: ["yes"]})
    assert not is_asked(question, {fact: ["no"]})
    assert not is_asked(question, {})


def test_every_denied_confirmation_is_a_problem() -> None:
    facts = {"is_regular", "is_new_kind", "is_recorded"}
    singles = [question for question in NEW_POLICY.questions if question.kind is _K.SINGLE]

    denied = {question.key for question in singles if any(each.is_problem for each in question.choices)}
    assert denied == {question.key for question in singles} - facts
    assert all(question.basis for question in singles)
