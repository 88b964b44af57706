"""Changing the questions of a draft: what was published keeps its kind and its keys, so that results stay comparable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.normal import clean_text
from app.domain.questionnaires import CHOOSING, check_questions, moved, next_key, with_keys
from app.domain.surveys import Choice, Question, QuestionKind, as_stored, questions_of
from app.models.surveys import Survey, SurveyVersion
from app.services.surveys import load_draft, note_survey, touch_draft, versions_of

# Where the form of a question says what is wrong with it.
_FIELDS = (
    ("question.choice", "choices"),
    ("question.condition", "condition"),
    ("question.basis", "basis"),
    ("question.overall", "is_overall"),
    ("question.text", "text"),
    ("question.nps", "kind"),
)


def put_question(
    session: Session, actor: Actor, survey_id: int, question: Question, *, version: int, now: datetime
) -> str:
    """Add a question to the draft (without a key) or change one, and return its key.

    What was published keeps its kind, and a choice its key: results of versions are read together. Raises `NotFound`
    for a key that the draft has not, `Invalid` with the fields of the form.
    """
    survey, draft = load_draft(session, actor, survey_id, version)
    questions, earlier = list(questions_of(draft.questions)), _earlier(session, draft)
    fresh = _cleaned(question)
    same = [old for old in (*questions, *earlier) if old.key == fresh.key]
    if not fresh.key:
        fresh = replace(fresh, key=next_key([old.key for old in (*questions, *earlier)], "q"))
        questions.append(_keyed(fresh, ()))
    else:
        at = _place(questions, fresh.key)
        if any(old.kind is not fresh.kind for old in earlier if old.key == fresh.key):
            raise Invalid.field("kind", "question.kind_fixed")
        questions[at] = fresh = _keyed(fresh, same)
    _require_fit(questions, fresh.key)
    _save(session, actor, survey, draft, questions, now=now)
    return fresh.key


def move_question(
    session: Session, actor: Actor, survey_id: int, key: str, step: int, *, version: int, now: datetime
) -> None:
    """Move a question of the draft; raises `Invalid` when one would stand before the question it depends on."""
    survey, draft = load_draft(session, actor, survey_id, version)
    questions = questions_of(draft.questions)
    _place(questions, key)
    order = moved(questions, key, step)
    _require_fit(order, "")
    _save(session, actor, survey, draft, order, now=now)


def remove_question(session: Session, actor: Actor, survey_id: int, key: str, *, version: int, now: datetime) -> None:
    """Take a question out of the draft; raises `Invalid` when another depends on it."""
    survey, draft = load_draft(session, actor, survey_id, version)
    questions = questions_of(draft.questions)
    _place(questions, key)
    left = [question for question in questions if question.key != key]
    if left:
        _require_fit(left, "")
    _save(session, actor, survey, draft, left, now=now)


def _earlier(session: Session, draft: SurveyVersion) -> list[Question]:
    """Return the questions of the versions before a draft, newest first."""
    rows = versions_of(session, draft.survey_id)
    return [question for row in rows if row.id != draft.id for question in questions_of(row.questions)]


def _cleaned(question: Question) -> Question:
    """Return a question as it is kept: only what goes with its kind."""
    choices = [Choice(each.key, clean_text(each.text), each.is_problem) for each in question.choices]
    return replace(
        question,
        text=clean_text(question.text),
        basis=clean_text(question.basis),
        choices=tuple(choices) if question.kind in CHOOSING else (),
        is_overall=question.is_overall and question.kind is QuestionKind.SCALE,
    )


def _keyed(question: Question, earlier: Iterable[Question]) -> Question:
    """Return a question whose new choices have keys that no version used for another choice."""
    used = [choice.key for old in earlier for choice in old.choices]
    return replace(question, choices=with_keys(question.choices, used))


def _place(questions: Sequence[Question], key: str) -> int:
    for index, question in enumerate(questions):
        if question.key == key:
            return index
    raise NotFound


def _require_fit(questions: Sequence[Question], key: str) -> None:
    """Check a draft; problems of the question `key` go to the fields of its form, others mean that they depend on it."""
    try:
        check_questions(questions)
    except Invalid as invalid:
        keys = {str(index): question.key for index, question in enumerate(questions)}
        problems: dict[str, list[str]] = {}
        for index, codes in invalid.problems.items():
            own = not index or keys[index] == key
            for code in codes if own else ["question.others_depend"]:
                problems.setdefault(_field_of(code), []).append(code)
        raise Invalid(problems) from invalid


def _field_of(code: str) -> str:
    return next((field for start, field in _FIELDS if code.startswith(start)), "")


def _save(
    session: Session,
    actor: Actor,
    survey: Survey,
    draft: SurveyVersion,
    questions: Iterable[Question],
    *,
    now: datetime,
) -> None:
    before = len(draft.questions)
    draft.questions = as_stored(questions)
    touch_draft(draft, now)
    after = {"questions": len(draft.questions)}
    note_survey(session, actor, "survey_changed", survey, now=now, before={"questions": before}, after=after)
