"""Answers to a questionnaire: whether they can be taken, what they amount to, and what must be done about them.

Pure: whoever asks has the questions of the version that was sent, and its thresholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.normal import clean_note
from app.domain.surveys import NPS, SCALE, Answers, Question, QuestionKind, is_asked

LONGEST_TEXT = 2_000
SAME_FROM = 5  # so many scales answered alike say nothing 全同
SECONDS_A_QUESTION = 2  # who is faster has not read 过快
SAME, FAST = "same", "fast"


class Reason(StrEnum):
    """Why an answer asks for something to be done."""

    LOW_SCORE = "low_score"
    LOW_NPS = "low_nps"
    PROBLEM = "problem"  # a confirmation was denied 问题件


@dataclass(frozen=True, slots=True)
class Thresholds:
    """At or below which answers something is done: a step of a scale, a step of the NPS."""

    low_score: int
    low_nps: int


def asked_of(questions: Sequence[Question], answers: Answers) -> tuple[Question, ...]:
    """Return the questions that are asked after these answers.

    What was typed for a question that was not asked opens no further one.
    """
    kept: dict[str, Sequence[str]] = {}
    asked = []
    for question in questions:
        if is_asked(question, kept):
            asked.append(question)
            kept[question.key] = answers.get(question.key, ())
    return tuple(asked)


def check_answers(questions: Sequence[Question], typed: Answers) -> Answers:
    """Return the answers as they are kept: only of questions that were asked, each value once, texts without edges.

    Raises `Invalid` with a code under the key of each question: `answer.missing`, `answer.out_of_range`,
    `answer.not_a_choice`, `answer.one_only`, `answer.too_long`.
    """
    given = {question.key: _given(question, typed.get(question.key, ())) for question in questions}
    asked = asked_of(questions, given)
    problems = {question.key: [code] for question in asked if (code := _problem(question, given[question.key]))}
    if problems:
        raise Invalid(problems)
    return {question.key: given[question.key] for question in asked if given[question.key]}


def score_of(questions: Sequence[Question], answers: Answers) -> int | None:
    """Return the mean of the scales that were answered × 100, None without any."""
    steps = _steps(questions, answers, QuestionKind.SCALE)
    return round(100 * sum(steps) / len(steps)) if steps else None


def overall_of(questions: Sequence[Question], answers: Answers) -> int | None:
    """Return the answer to the scale that the version calls the satisfaction as a whole, 1–5."""
    overall = [question for question in questions if question.is_overall]
    return next(iter(_steps(overall, answers, QuestionKind.SCALE)), None)


def nps_of(questions: Sequence[Question], answers: Answers) -> int | None:
    """Return the answer to the first NPS question, 0–10."""
    return next(iter(_steps(questions, answers, QuestionKind.NPS)), None)


def validity(questions: Sequence[Question], answers: Answers, seconds: int | None) -> tuple[bool, str]:
    """Say whether answers count 有效卷, and why not: `same` or `fast`; `seconds` is None when nobody measured."""
    scales = _steps(questions, answers, QuestionKind.SCALE)
    if len(scales) >= SAME_FROM and len(set(scales)) == 1:
        return False, SAME
    if seconds is not None and answers and seconds < SECONDS_A_QUESTION * len(answers):
        return False, FAST
    return True, ""


def follow_ups_of(thresholds: Thresholds, questions: Sequence[Question], answers: Answers) -> tuple[Reason, ...]:
    """Return for which reasons something must be done, the gravest first."""
    found = {
        Reason.PROBLEM: any(_is_problem(question, answers.get(question.key, ())) for question in questions),
        Reason.LOW_SCORE: any(step <= thresholds.low_score for step in _steps(questions, answers, QuestionKind.SCALE)),
        Reason.LOW_NPS: any(step <= thresholds.low_nps for step in _steps(questions, answers, QuestionKind.NPS)),
    }
    return tuple(reason for reason, is_so in found.items() if is_so)


def _given(question: Question, values: Iterable[str]) -> tuple[str, ...]:
    """Return what was typed without repeats and blanks."""
    if question.kind is QuestionKind.TEXT:
        text = clean_note("\n".join(values))
        return (text,) if text else ()
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def _problem(question: Question, values: Sequence[str]) -> str:
    if not values:
        return "answer.missing" if question.required else ""
    if question.kind is QuestionKind.TEXT:
        return "answer.too_long" if len(values[0]) > LONGEST_TEXT else ""
    if question.kind is not QuestionKind.MULTIPLE and len(values) > 1:
        return "answer.one_only"
    if question.kind in _RANGES:
        return "" if _step(question, values[0]) is not None else "answer.out_of_range"
    known = {choice.key for choice in question.choices}
    return "" if known.issuperset(values) else "answer.not_a_choice"


_RANGES: Mapping[QuestionKind, range] = {QuestionKind.SCALE: SCALE, QuestionKind.NPS: NPS}


def _step(question: Question, value: str) -> int | None:
    """Return a step as a number; only its one ASCII spelling is one."""
    allowed = {str(step): step for step in _RANGES[question.kind]}
    return allowed.get(value)


def _steps(questions: Iterable[Question], answers: Answers, kind: QuestionKind) -> list[int]:
    found = (
        _step(question, value)
        for question in questions
        if question.kind is kind
        for value in answers.get(question.key, ())
    )
    return [step for step in found if step is not None]


def _is_problem(question: Question, values: Sequence[str]) -> bool:
    return any(choice.is_problem and choice.key in values for choice in question.choices)


def reached_in_time(due_on: date | None, called_on: date) -> bool | None:
    """Say whether a call was made within the cooling-off period 犹豫期, None where nobody said when it ends."""
    return None if due_on is None else called_on <= due_on
