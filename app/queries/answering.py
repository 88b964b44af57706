"""What an address with a token leads to: an invitation, a tablet, or nothing that anybody is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.surveys import Question, questions_of
from app.models.surveys import Survey, SurveyInvitation, SurveyKiosk, SurveyVersion

QUESTIONS, THANKS, START = "questions", "thanks", "start"


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind a token: nothing in it tells of the customer."""

    shows: str  # questions | thanks | start
    invitation_id: int = 0
    kiosk_id: int = 0
    title: str = ""
    greeting: str = ""
    thanks: str = ""
    questions: tuple[Question, ...] = ()


def find_link(session: Session, token_hash: str, *, now: datetime) -> Link | None:
    """Return what a token leads to; None for one that is unknown, over, taken back or closed, all alike.

    Every token costs the same looks, whether it is known or not.
    """
    invited = session.execute(
        select(SurveyInvitation, SurveyVersion, Survey.title)
        .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .where(SurveyInvitation.token_hash == token_hash)
    ).first()
    kiosk = session.execute(
        select(SurveyKiosk.id, Survey.title)
        .join(Survey, Survey.id == SurveyKiosk.survey_id)
        .where(SurveyKiosk.token_hash == token_hash, SurveyKiosk.closed_at.is_(None), SurveyKiosk.expires_at > now)
    ).first()
    if kiosk is not None:
        return Link(START, kiosk_id=kiosk[0], title=kiosk[1])
    return _of_invitation(*invited, now=now) if invited is not None else None


def _of_invitation(invitation: SurveyInvitation, version: SurveyVersion, title: str, *, now: datetime) -> Link | None:
    if invitation.state == "answered":
        return Link(THANKS, invitation.id, invitation.kiosk_id or 0, title, thanks=version.thanks)
    if invitation.state != "open" or invitation.expires_at <= now:
        return None
    questions = questions_of(version.questions)
    return Link(QUESTIONS, invitation.id, invitation.kiosk_id or 0, title, version.greeting, version.thanks, questions)
