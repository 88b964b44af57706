"""What a questionnaire 问卷 is made of: questions in order, some asked only after certain answers.

Scales run from 1 非常不满意 to 5 非常满意, NPS from 0 to 10 (DOMAIN 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SCALE = range(1, 6)
NPS = range(11)
SMALL_SAMPLE = 30  # below it rates are not shown 样本不足
ASKED_AGAIN_AFTER_DAYS = 90  # one invitation a kind of event and customer


class Purpose(StrEnum):
    """What customers are asked about."""

    NEW_POLICY = "new_policy"  # 新契约回访
    CLAIM = "claim"  # 理赔后
    COMPLAINT = "complaint"  # 投诉后
    VISIT = "visit"  # 柜面服务
    OTHER = "other"  # 其他


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    NPS = "nps"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"


class CallResult(StrEnum):
    """How a call-back 回访 ended."""

    DONE = "done"  # 成功
    PROBLEM = "problem"  # 问题件
    NO_ANSWER = "no_answer"  # 未接通
    REFUSED = "refused"  # 拒访
    WRONG_NUMBER = "wrong_number"  # 空错号
    LETTER = "letter"  # 转信函


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose; `is_problem` opens a follow-up (a confirmation that was denied)."""

    key: str
    text: str
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only when an earlier one was answered with one of these values or keys of choices."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `key` stays the same over versions, so that results can be compared."""

    key: str
    kind: QuestionKind
    text: str
    choices: tuple[Choice, ...] = ()
    required: bool = True
    is_overall: bool = False  # the scale that counts as the satisfaction as a whole
    only_if: Condition | None = None
    basis: str = ""


Answers = Mapping[str, Sequence[str]]  # question → values: a number as text, keys of choices, or a text


def is_asked(question: Question, answers: Answers) -> bool:
    """Say whether a question is asked after these answers."""
    condition = question.only_if
    return condition is None or any(value in condition.answers for value in answers.get(condition.question, ()))


def questions_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions that a version keeps as JSON."""
    return tuple(_question_of(item) for item in stored)


def as_stored(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return questions as a version keeps them."""
    return [
        {
            "key": question.key,
            "kind": question.kind.value,
            "text": question.text,
            "choices": [[choice.key, choice.text, choice.is_problem] for choice in question.choices],
            "required": question.required,
            "is_overall": question.is_overall,
            "only_if": [question.only_if.question, list(question.only_if.answers)] if question.only_if else None,
            "basis": question.basis,
        }
        for question in questions
    ]


def _question_of(item: Mapping[str, Any]) -> Question:
    only_if = item["only_if"]
    return Question(
        item["key"],
        QuestionKind(item["kind"]),
        item["text"],
        tuple(Choice(*choice) for choice in item["choices"]),
        item["required"],
        item["is_overall"],
        Condition(only_if[0], tuple(only_if[1])) if only_if else None,
        item["basis"],
    )
