"""When the questions of a version fit together, and how they are moved about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.errors import Invalid
from app.domain.surveys import NPS, SCALE, Choice, Question, QuestionKind

MOST_QUESTIONS = 40
FEWEST_CHOICES, MOST_CHOICES = 2, 12
LONGEST_TEXT, LONGEST_CHOICE, LONGEST_BASIS = 300, 60, 120
KEY = re.compile(r"[a-z][a-z0-9_]{0,23}")
CHOOSING = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})


def check_questions(questions: Sequence[Question]) -> None:
    """Pass when the questions can be asked.

    Raises `Invalid` with codes `question.…` under the index of each question, or under '' for the whole.
    """
    problems = {str(index): codes for index, codes in enumerate(_each(questions)) if codes}
    whole = list(_of_the_whole(questions))
    if whole:
        problems[""] = whole
    if problems:
        raise Invalid(problems)


def answers_to(question: Question) -> tuple[str, ...]:
    """Return the answers that a later question may depend on; none for a text."""
    match question.kind:
        case QuestionKind.SCALE:
            return tuple(map(str, SCALE))
        case QuestionKind.NPS:
            return tuple(map(str, NPS))
        case QuestionKind.TEXT:
            return ()
    return tuple(choice.key for choice in question.choices)


def next_key(used: Iterable[str], prefix: str) -> str:
    """Return a key that was never used: q7 after q6, whatever was removed in between."""
    form = re.compile(rf"{prefix}(\d+)")
    numbers = (int(found.group(1)) for key in used if (found := form.fullmatch(key)))
    return f"{prefix}{max(numbers, default=0) + 1}"


def with_keys(choices: Iterable[Choice], used: Iterable[str]) -> tuple[Choice, ...]:
    """Return the choices, those without a key with a new one; `used` are keys of earlier versions."""
    given = list(choices)
    taken = [*used, *(choice.key for choice in given)]
    keyed: list[Choice] = []
    for choice in given:
        key = choice.key or next_key(taken, "c")
        taken.append(key)
        keyed.append(replace(choice, key=key))
    return tuple(keyed)


def moved(questions: Sequence[Question], key: str, step: int) -> tuple[Question, ...]:
    """Return the questions with one of them moved by `step` places, as far as there are places."""
    order = list(questions)
    at = next((index for index, question in enumerate(order) if question.key == key), None)
    if at is not None:
        order.insert(max(0, min(len(order) - 1, at + step)), order.pop(at))
    return tuple(order)


def _of_the_whole(questions: Sequence[Question]) -> Iterable[str]:
    if not questions:
        yield "question.none"
    if len(questions) > MOST_QUESTIONS:
        yield "question.too_many"
    if sum(question.is_overall for question in questions) > 1:
        yield "question.overall_twice"
    if sum(question.kind is QuestionKind.NPS for question in questions) > 1:
        yield "question.nps_twice"


def _each(questions: Sequence[Question]) -> Iterable[list[str]]:
    counts = Counter(question.key for question in questions)
    before: dict[str, Question] = {}
    for question in questions:
        yield [
            *_of_its_key(question, counts[question.key]),
            *_of_its_text(question),
            *_of_its_choices(question),
            *_of_its_condition(question, before),
        ]
        before[question.key] = question


def _of_its_key(question: Question, count: int) -> Iterable[str]:
    if not KEY.fullmatch(question.key):
        yield "question.key"
    if count > 1:
        yield "question.key_twice"


def _of_its_text(question: Question) -> Iterable[str]:
    if not question.text.strip():
        yield "question.text_missing"
    if len(question.text) > LONGEST_TEXT:
        yield "question.text_long"
    if len(question.basis) > LONGEST_BASIS:
        yield "question.basis_long"
    if question.is_overall and question.kind is not QuestionKind.SCALE:
        yield "question.overall_no_scale"


def _of_its_choices(question: Question) -> Iterable[str]:
    if question.kind not in CHOOSING:
        if question.choices:
            yield "question.choices_needless"
        return
    if not FEWEST_CHOICES <= len(question.choices) <= MOST_CHOICES:
        yield "question.choices_count"
    keys, texts = [choice.key for choice in question.choices], [choice.text.strip() for choice in question.choices]
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        yield "question.choice_key"
    if not all(texts):
        yield "question.choice_missing"
    if len(set(texts)) < len(texts):
        yield "question.choice_twice"
    if any(len(text) > LONGEST_CHOICE for text in texts):
        yield "question.choice_long"


def _of_its_condition(question: Question, before: dict[str, Question]) -> Iterable[str]:
    condition = question.only_if
    if condition is None:
        return
    asked = before.get(condition.question)
    if asked is None:
        yield "question.condition_later"
    elif not condition.answers or not set(condition.answers) <= set(answers_to(asked)):
        yield "question.condition_answer"
