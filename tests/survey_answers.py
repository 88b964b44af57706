"""Invitations and answers as the answering screens leave them, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.models.cases import CaseBar
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion
from tests.cast import PEOPLE, actor
from tests.client import Portal
from tests.services.casework import make_case


def survey_named(portal: Portal, code: str) -> int:
    """The id of a ready survey."""
    with portal.session() as session:
        return session.scalars(select(Survey.id).where(Survey.code == code)).one()


def answer_many(portal: Portal, code: str, branch_id: int, count: int, **fields: object) -> None:
    """Answer a ready survey so many times, committed; see `add_answers`."""
    with portal.session() as session:
        barred = fields.pop("barred", "")
        if barred:
            case_id = make_case(session, actor(session, "archivist"), branch_id=branch_id).id
            account_id = PEOPLE[str(barred)][0]
            session.add(
                CaseBar(case_id=case_id, account_id=account_id, relation="accused", barred_at=datetime.now(UTC))
            )
            fields["case_id"] = case_id
        add_answers(session, code, branch_id, count, now=datetime.now(UTC), **fields)  # type: ignore[arg-type]
        session.commit()


def add_answers(
    session: Session,
    code: str,
    branch_id: int,
    count: int,
    *,
    now: datetime,
    overall: Sequence[int],
    nps: Sequence[int],
    comments: Sequence[str] = (),
    unanswered: int = 0,
    ago: timedelta = timedelta(minutes=1),
    case_id: int | None = None,
    agent_id: int | None = 131,
    line: str = "life",
    invalid: str = "",
) -> None:
    """Add answers whose scores follow each other round and round, and invitations that nobody answered."""
    version = session.scalars(
        select(SurveyVersion).join(Survey, Survey.id == SurveyVersion.survey_id).where(Survey.code == code)
    ).one()
    at = now - ago
    for place in range(count + unanswered):
        is_answered = place < count
        invitation = SurveyInvitation(
            id=new_id(),
            number=f"HF-{new_id()}"[:24],
            survey_id=version.survey_id,
            version_id=version.id,
            branch_id=branch_id,
            purpose="claim",
            case_id=case_id,
            agent_id=agent_id,
            means="link",
            state="answered" if is_answered else "expired",
            made_at=at,
            expires_at=at + timedelta(days=30),
        )
        session.add(invitation)
        session.flush()
        if not is_answered:
            continue
        answer = SurveyAnswer(
            id=new_id(),
            invitation_id=invitation.id,
            survey_id=version.survey_id,
            version_id=version.id,
            branch_id=branch_id,
            agent_id=agent_id,
            line=line,
            answered_at=at,
            overall=overall[place % len(overall)],
            nps=nps[place % len(nps)],
            is_valid=not invalid,
            invalid_reason=invalid,
        )
        session.add(answer)
        session.flush()
        values = [("overall", answer.overall, ""), ("nps", answer.nps, "")]
        if comments:
            values.append(("comment", None, comments[place % len(comments)]))
        session.add_all(
            SurveyValue(id=new_id(), answer_id=answer.id, version_id=version.id, question=key, number=number, text=text)
            for key, number, text in values
        )
    session.flush()
