"""Reads for tablets at counters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.surveys import Survey, SurveyInvitation, SurveyKiosk
from app.queries.visibility import branches_in

SHOWN, MOST = timedelta(days=7), 200


@dataclass(frozen=True, slots=True)
class KioskRow:
    """A tablet; `is_open` while its address is good."""

    id: int
    name: str
    title: str
    branch_name: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    is_open: bool
    answers: int


def list_kiosks(session: Session, actor: Actor, *, now: datetime) -> Sequence[KioskRow]:
    """Return the tablets of the last seven days in the reader's branches, newest first."""
    answers = (
        select(func.count())
        .where(SurveyInvitation.kiosk_id == SurveyKiosk.id, SurveyInvitation.state == "answered")
        .where(SurveyInvitation.made_at >= now - SHOWN)
        .correlate(SurveyKiosk)
        .scalar_subquery()
    )
    rows = session.execute(
        select(SurveyKiosk, Survey.title, Branch.name, Account.full_name, answers)
        .join(Survey, Survey.id == SurveyKiosk.survey_id)
        .join(Branch, Branch.id == SurveyKiosk.branch_id)
        .outerjoin(Account, Account.id == SurveyKiosk.made_by)
        .where(branches_in(actor, Action.SURVEY_SEND, SurveyKiosk.branch_id), SurveyKiosk.made_at >= now - SHOWN)
        .order_by(SurveyKiosk.made_at.desc(), SurveyKiosk.id)
        .limit(MOST)
    )
    return [
        KioskRow(
            kiosk.id,
            kiosk.name,
            title,
            branch_name,
            made_by or "",
            kiosk.made_at,
            kiosk.expires_at,
            kiosk.closed_at is None and kiosk.expires_at > now,
            count,
        )
        for kiosk, title, branch_name, made_by, count in rows
    ]
