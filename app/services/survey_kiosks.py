"""Tablets at a counter 柜面评价器: opened for a day, closed, and each start of a customer an invitation of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, TooManyTries, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.domain.surveys import Purpose
from app.models.surveys import Survey, SurveyInvitation, SurveyKiosk
from app.queries.surveys import surveys_for_branch, version_in_use
from app.queries.visibility import branches_in
from app.services import trail
from app.services.survey_invitations import new_token, take_invitation_number, token_hash

OPEN_FOR = timedelta(hours=24)
ANSWER_WITHIN = timedelta(minutes=30)
STARTS, STARTS_WITHIN = 60, timedelta(minutes=15)
AT_COUNTERS = frozenset({Purpose.VISIT.value, Purpose.OTHER.value})  # what nobody's policy or case is needed for


def open_kiosk(
    session: Session, actor: Actor, branch_id: int, survey_id: int, name: str, *, now: datetime
) -> tuple[int, str]:
    """Open a tablet for a day; return its id and its token, which is kept nowhere. Raises `NotAllowed`, `Invalid`."""
    if not may(actor, Action.SURVEY_SEND, Target(branch_id)):
        raise NotAllowed(Action.SURVEY_SEND)
    usable = {each.id for each in surveys_for_branch(session, branch_id) if each.purpose in AT_COUNTERS}
    if survey_id not in usable:
        raise Invalid.field("survey", "kiosk.survey")
    called = clean_text(name)[:60]
    if not called:
        raise Invalid.field("name", "kiosk.name")
    token = new_token()
    kiosk = SurveyKiosk(
        id=new_id(),
        survey_id=survey_id,
        branch_id=branch_id,
        name=called,
        token_hash=token_hash(token),
        made_by=actor.account_id,
        made_at=now,
        expires_at=now + OPEN_FOR,
    )
    session.add(kiosk)
    session.flush()
    trail.record(session, actor, "kiosk_opened", trail.Subject("survey_kiosk", kiosk.id, called), now=now)
    return kiosk.id, token


def close_kiosk(session: Session, actor: Actor, kiosk_id: int, *, now: datetime) -> None:
    """Close a tablet; its address is dead at once. Raises `NotFound`, `WrongState`."""
    kiosk = session.scalar(
        select(SurveyKiosk)
        .where(SurveyKiosk.id == kiosk_id, branches_in(actor, Action.SURVEY_SEND, SurveyKiosk.branch_id))
        .with_for_update()
    )
    if kiosk is None:
        raise NotFound
    if kiosk.closed_at is not None:
        raise WrongState("kiosk.closed")
    kiosk.closed_at = now
    session.flush()
    trail.record(session, actor, "kiosk_closed", trail.Subject("survey_kiosk", kiosk.id, kiosk.name), now=now)


def start_at_kiosk(session: Session, kiosk_id: int, *, now: datetime) -> str:
    """Ask whoever stands at a tablet and return the token of the one answer; raises `TooManyTries`, `NotFound`."""
    kiosk = session.scalars(select(SurveyKiosk).where(SurveyKiosk.id == kiosk_id).with_for_update()).one()
    version = version_in_use(session, kiosk.survey_id)
    if version is None or kiosk.closed_at is not None or kiosk.expires_at <= now:
        raise NotFound
    _require_pace(session, kiosk, now=now)
    token = new_token()
    invitation = SurveyInvitation(
        id=new_id(),
        survey_id=kiosk.survey_id,
        version_id=version.id,
        branch_id=kiosk.branch_id,
        purpose=session.get_one(Survey, kiosk.survey_id).purpose,
        means="tablet",
        kiosk_id=kiosk.id,
        token_hash=token_hash(token),
        made_at=now,
        expires_at=now + ANSWER_WITHIN,
    )
    invitation.number = take_invitation_number(session, None, invitation.id, now=now)
    session.add(invitation)
    session.flush()
    return token


def _require_pace(session: Session, kiosk: SurveyKiosk, *, now: datetime) -> None:
    lately = select(func.count()).where(
        SurveyInvitation.survey_id == kiosk.survey_id,
        SurveyInvitation.branch_id == kiosk.branch_id,
        SurveyInvitation.made_at > now - STARTS_WITHIN,
        SurveyInvitation.kiosk_id == kiosk.id,
    )
    if (session.scalar(lately) or 0) >= STARTS:
        raise TooManyTries(int(STARTS_WITHIN / timedelta(minutes=1)))
