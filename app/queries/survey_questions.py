"""What was answered to each question: distributions over all versions that asked it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.survey_figures import NpsFigures, ScaleFigures, Share
from app.domain.surveys import Question, QuestionKind, questions_of
from app.models.surveys import SurveyAnswer, SurveyValue, SurveyVersion
from app.queries.counting import unindexed
from app.queries.survey_filter import ResultFilter, answered_within

SHORT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to a question: counts by answer, `n` who answered it."""

    question: Question
    n: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> Mapping[str, Share]:
        """Return the share of each answer; of a multiple choice they add up to more than all."""
        return {answer: Share(count, self.n) for answer, count in self.counts.items()}

    @property
    def scale(self) -> ScaleFigures:
        """Return the counts as a scale."""
        return ScaleFigures({int(answer): count for answer, count in self.counts.items()})

    @property
    def nps(self) -> NpsFigures:
        """Return the counts as an NPS."""
        return NpsFigures.of({int(answer): count for answer, count in self.counts.items()})


def read_questions(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[QuestionResult]:
    """Return what was answered to each question but texts, of all versions together, in the order of the newest."""
    versions = _versions(session, wanted)
    asked: dict[str, Question] = {}
    for version in versions:
        for question in questions_of(version.questions):
            asked.setdefault(question.key, question)
    answered = answered_within(actor, wanted)
    counts: dict[str, dict[str, int]] = {key: {} for key in asked}
    for key, number, choice, count in session.execute(_counted(versions, answered, wanted)):
        answers = counts.setdefault(key, {})
        answer = choice if number is None else str(number)
        answers[answer] = answers.get(answer, 0) + count
    several = _who_chose(session, answered, [key for key, each in asked.items() if each.kind is QuestionKind.MULTIPLE])
    return [
        QuestionResult(each, several.get(key, sum(counts[key].values())), counts[key])
        for key, each in asked.items()
        if each.kind is not QuestionKind.TEXT
    ]


def _versions(session: Session, wanted: ResultFilter) -> Sequence[SurveyVersion]:
    statement = select(SurveyVersion).where(SurveyVersion.survey_id == wanted.survey_id, SurveyVersion.state != "draft")
    if wanted.ordinal is not None:
        statement = statement.where(SurveyVersion.ordinal == wanted.ordinal)
    return session.scalars(statement.order_by(SurveyVersion.ordinal.desc())).all()


def _counted(
    versions: Sequence[SurveyVersion], answered: list[ColumnElement[bool]], wanted: ResultFilter
) -> Select[*tuple[Any, ...]]:
    """Return the select that counts values by question and answer, out of an index that holds all it reads.

    Of a long period most values count: they are gone through in the order of their counting, several times faster.
    Of a short one the values of each answer are looked up.
    """
    value = (SurveyValue.question, SurveyValue.number, SurveyValue.choice)
    if wanted.until - wanted.since <= SHORT:
        found = select(*value, func.count()).join(SurveyAnswer, SurveyAnswer.id == SurveyValue.answer_id)
        return found.where(*answered).group_by(*value)
    return (
        select(*value, func.count())
        .where(
            SurveyValue.version_id.in_([version.id for version in versions]),
            unindexed(SurveyValue.answer_id).in_(select(SurveyAnswer.id).where(*answered)),
        )
        .group_by(SurveyValue.version_id, *value)
    )


def _who_chose(session: Session, answered: list[ColumnElement[bool]], keys: list[str]) -> Mapping[str, int]:
    """Return how many answered each multiple choice: there an answer has several values."""
    if not keys:
        return {}
    statement = (
        select(SurveyValue.question, func.count(func.distinct(SurveyValue.answer_id)))
        .join(SurveyAnswer, SurveyAnswer.id == SurveyValue.answer_id)
        .where(*answered, SurveyValue.question.in_(keys))
        .group_by(SurveyValue.question)
    )
    return {key: count for key, count in session.execute(statement)}
