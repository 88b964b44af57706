"""满意度汇总: a row for each branch and version of a survey; rates of fewer than thirty answers are not printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_words import TOO_FEW
from app.domain.registers import RegisterFilter
from app.domain.surveys import SMALL_SAMPLE
from app.models.accounts import Branch
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from app.queries.register_rows.reading import RegisterReader, Row, reached, within
from app.queries.visibility import unbarred


def _statement(actor: Actor, wanted: RegisterFilter) -> Select[Any]:
    valid = SurveyAnswer.is_valid.is_(True)

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return (
        select(
            Branch.name,
            Survey.title,
            SurveyVersion.ordinal,
            func.count(),
            count(SurveyAnswer.id.is_not(None)),
            count(valid),
            count(valid & SurveyAnswer.overall.is_not(None)),
            func.coalesce(func.sum(case((valid, SurveyAnswer.overall), else_=0)), 0),
            count(valid & (SurveyAnswer.overall >= 4)),
            count(valid & (SurveyAnswer.overall == 5)),
            count(valid & SurveyAnswer.nps.is_not(None)),
            count(valid & (SurveyAnswer.nps >= 9)) - count(valid & (SurveyAnswer.nps <= 6)),
        )
        .select_from(SurveyInvitation)
        .join(Branch, Branch.id == SurveyInvitation.branch_id)
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
        .outerjoin(SurveyAnswer, SurveyAnswer.invitation_id == SurveyInvitation.id)
        .where(
            SurveyInvitation.state != "revoked",
            reached(actor, SurveyInvitation.branch_id),
            *([unbarred(actor, SurveyInvitation.case_id)] if actor.barred else []),
            *within(wanted, SurveyInvitation.branch_id, SurveyInvitation.made_at),
        )
        .group_by(Branch.path, Branch.name, Survey.title, SurveyVersion.ordinal)
        .order_by(Branch.path, Survey.title, SurveyVersion.ordinal)
    )


def _count(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
    groups = _statement(actor, wanted).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(groups)) or 0


def _rows(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
    for row in session.execute(_statement(actor, wanted)):
        branch, title, ordinal, sent, answered, valid, scored, score, content, delighted, asked, balance = row
        yield [
            branch,
            title,
            f"第{ordinal}版",
            str(sent),
            str(answered),
            f"{100 * answered / sent:.1f}%",
            str(valid),
            _of(score, scored, "{:.2f}"),
            _of(100 * content, scored, "{:.1f}%"),
            _of(100 * delighted, scored, "{:.1f}%"),
            _of(100 * balance, asked, "{:+.1f}"),
        ]


def _of(part: int, whole: int, form: str) -> str:
    """Return a rate, nothing where nobody was asked, a word where too few were."""
    if not whole:
        return ""
    return form.format(part / whole) if whole >= SMALL_SAMPLE else TOO_FEW


READER = RegisterReader(_count, _rows)
