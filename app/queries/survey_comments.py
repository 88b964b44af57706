"""What customers wrote, newest first, and the search for words in it.

Comments are sealed, so words are looked for in the newest ones after they were opened; how far is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.search import matches, understand
from app.domain.surveys import QuestionKind, questions_of
from app.models.accounts import Branch
from app.models.surveys import SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion
from app.queries.survey_filter import ResultFilter, answered_within

SHOWN = 50
SEARCHED = 2_000


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote to one question."""

    id: int
    text: str
    question: str
    answered_at: datetime
    branch_name: str
    invitation_id: int
    number: str
    overall: int | None
    nps: int | None


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments that are shown; `is_cut` when there are more, or words were looked for in the newest only."""

    items: Sequence[Comment]
    searched: int
    is_cut: bool


def read_comments(session: Session, actor: Actor, wanted: ResultFilter, words: str = "") -> Comments:
    """Return the newest comments, those that hold `words` when there are any."""
    keys = _texts(session, wanted)
    question = understand(words)
    asks = bool(words.strip())
    if not keys or (asks and question.unclear):
        return Comments((), 0, is_cut=False)
    most = SEARCHED if asks else SHOWN
    rows = session.execute(
        select(
            SurveyValue.id,
            SurveyValue.text,
            SurveyValue.question,
            SurveyAnswer.answered_at,
            Branch.name,
            SurveyAnswer.invitation_id,
            SurveyInvitation.number,
            SurveyAnswer.overall,
            SurveyAnswer.nps,
        )
        .join(SurveyAnswer, SurveyAnswer.id == SurveyValue.answer_id)
        .join(SurveyInvitation, SurveyInvitation.id == SurveyAnswer.invitation_id)
        .join(Branch, Branch.id == SurveyAnswer.branch_id)
        .where(*answered_within(actor, wanted), SurveyValue.question.in_(sorted(keys)))
        .order_by(SurveyAnswer.answered_at.desc(), SurveyAnswer.id.desc(), SurveyValue.id)
        .limit(most + 1)
    ).all()
    seen = rows[:most]
    found = [Comment(*row) for row in seen if not asks or matches(question, row[1])]
    items = [replace(comment, question=keys[comment.question]) for comment in found[:SHOWN]]
    return Comments(items, len(seen), is_cut=len(rows) > most or len(found) > SHOWN)


def _texts(session: Session, wanted: ResultFilter) -> dict[str, str]:
    """Return the open questions by key, as the newest version words them."""
    versions = session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == wanted.survey_id, SurveyVersion.state != "draft")
        .order_by(SurveyVersion.ordinal)
    )
    return {
        question.key: question.text
        for version in versions
        for question in questions_of(version.questions)
        if question.kind is QuestionKind.TEXT
    }
