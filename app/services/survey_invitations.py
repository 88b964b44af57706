"""Asking customers: one invitation about one event, by a link of one use or by phone and paper; taking it back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.domain.surveys import ASKED_AGAIN_AFTER_DAYS, Purpose
from app.models.customers import Customer
from app.models.surveys import Survey, SurveyInvitation, SurveyVersion
from app.queries.survey_invitations import Occasion, OccasionDetail, find_occasion, invitations_for
from app.queries.surveys import surveys_for_branch, version_in_use
from app.services import trail
from app.services.numbers import take_number

HOLDER = "invitation"
TOKEN_BYTES = 24  # 192 bits
BY_TOKEN = frozenset({"link", "slip", "sms", "tablet"})
MEANS = (*sorted(BY_TOKEN), "paper", "phone")
ENDED = frozenset({"closed", "filed"})  # complaints that somebody may be asked about
NEEDED = {Purpose.NEW_POLICY: "policy_id", Purpose.CLAIM: "claim_id", Purpose.COMPLAINT: "case_id"}


class AskedLately(Invalid):
    """The customer was asked about this kind of event within ninety days, by the invitation `number`."""

    def __init__(self, number: str) -> None:
        super().__init__({"": ["invitation.lately"]})
        self.number = number


@dataclass(frozen=True, slots=True)
class Asking:
    """How somebody is to be asked. `due_on` ends the cooling-off period of a new policy; `reason` says why a customer
    is called back again within ninety days."""

    means: str
    due_on: date | None = None
    reason: str = ""


def invite(
    session: Session, actor: Actor, survey_id: int, asking: Asking, occasion: Occasion, *, now: datetime
) -> tuple[int, str | None]:
    """Ask about something and return the invitation's id and its token, which is kept nowhere; None by phone and paper.

    Raises `NotFound`, `NotAllowed`, `AskedLately`, `Invalid` for a survey that does not go with the occasion.
    """
    about = find_occasion(session, actor, occasion)
    if not may(actor, Action.SURVEY_SEND, Target(about.branch_id, about.level)):
        raise NotAllowed(Action.SURVEY_SEND)
    survey, version = _usable(session, survey_id, about)
    if asking.means not in MEANS:
        raise Invalid.field("means", "invitation.means")
    _require_fitting(Purpose(survey.purpose), about)
    reason = _require_not_lately(session, Purpose(survey.purpose), about, asking, now=now)
    token = new_token() if asking.means in BY_TOKEN else None
    invitation = _make(session, actor, survey, version, asking, about, token, now=now)
    after = {"means": asking.means, "survey": survey.code}
    trail.record(session, actor, "survey_invited", subject_of(invitation), now=now, after=after, reason=reason)
    return invitation.id, token


def revoke(session: Session, actor: Actor, invitation_id: int, reason: str, *, now: datetime) -> None:
    """Take an invitation back; its link is dead at once. Raises `Invalid` without a reason, `WrongState`."""
    invitation = load_invitation(session, actor, invitation_id)
    said = clean_text(reason)[:200]
    if not said:
        raise Invalid.field("reason", "invitation.reason")
    if invitation.state != "open":
        raise WrongState(f"invitation.is_{invitation.state}")
    invitation.state, invitation.closed_at = "revoked", now
    session.flush()
    trail.record(session, actor, "survey_revoked", subject_of(invitation), now=now, reason=said)


def expire(session: Session, *, now: datetime) -> int:
    """Close the invitations whose time is over and return how many they were."""
    late = update(SurveyInvitation).where(SurveyInvitation.state == "open", SurveyInvitation.expires_at <= now)
    return len(session.scalars(late.values(state="expired", closed_at=now).returning(SurveyInvitation.id)).all())


def load_invitation(session: Session, actor: Actor, invitation_id: int) -> SurveyInvitation:
    """Return an invitation that `actor` may work on, under its row lock, fresh; raises `NotFound`, `NotAllowed`."""
    statement = select(SurveyInvitation).outerjoin(Customer, Customer.id == SurveyInvitation.customer_id)
    statement = statement.where(SurveyInvitation.id == invitation_id)
    found = session.scalar(statement.where(invitations_for(actor, Action.SURVEY_SEND)))
    if found is not None:
        return locked(session, found.id)
    if session.scalar(statement.where(invitations_for(actor, Action.SURVEY_VIEW))) is None:
        raise NotFound
    raise NotAllowed(Action.SURVEY_SEND)


def locked(session: Session, invitation_id: int) -> SurveyInvitation:
    """Return an invitation under its row lock, fresh."""
    statement = select(SurveyInvitation).where(SurveyInvitation.id == invitation_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def new_token() -> str:
    """Return a token for an address: nobody guesses it, and nothing in it tells of whom it asks."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def subject_of(invitation: SurveyInvitation) -> trail.Subject:
    """Return an invitation as the trail names it."""
    return trail.Subject(HOLDER, invitation.id, invitation.number, invitation.customer_id)


def take_invitation_number(session: Session, actor: Actor | None, invitation_id: int, *, now: datetime) -> str:
    """Return the next number of the year: HF2026-000001."""
    year = office_day(now).year
    return take_number(
        session,
        actor,
        f"survey|{year}",
        lambda value: f"HF{year}-{value:06d}",
        holder_kind=HOLDER,
        holder_id=invitation_id,
        now=now,
    )


def _usable(session: Session, survey_id: int, about: OccasionDetail) -> tuple[Survey, SurveyVersion]:
    if survey_id not in {survey.id for survey in surveys_for_branch(session, about.branch_id)}:
        raise Invalid.field("survey", "invitation.survey")
    version = version_in_use(session, survey_id)
    if version is None:
        raise Invalid.field("survey", "invitation.survey")
    return session.get_one(Survey, survey_id), version


def _require_fitting(purpose: Purpose, about: OccasionDetail) -> None:
    needed = NEEDED.get(purpose)
    if needed and getattr(about.occasion, needed) is None:
        raise Invalid.field("survey", f"invitation.{needed}_missing")
    if about.occasion.case_id is not None and (purpose is not Purpose.COMPLAINT or about.case_state not in ENDED):
        raise Invalid.field("survey", "invitation.case_open" if purpose is Purpose.COMPLAINT else "invitation.survey")


def _require_not_lately(
    session: Session, purpose: Purpose, about: OccasionDetail, asking: Asking, *, now: datetime
) -> str:
    """Return the reason for asking again, empty where nobody asked lately."""
    customer_id = about.occasion.customer_id
    if customer_id is None:
        return ""
    # Two who ask at once wait for each other here.
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
    earlier = session.scalar(
        select(SurveyInvitation.number)
        .where(
            SurveyInvitation.customer_id == customer_id,
            SurveyInvitation.purpose == purpose.value,
            SurveyInvitation.made_at > now - timedelta(days=ASKED_AGAIN_AFTER_DAYS),
            SurveyInvitation.state != "revoked",
        )
        .order_by(SurveyInvitation.made_at.desc())
        .limit(1)
    )
    reason = clean_text(asking.reason)[:200]
    if earlier is not None and not (purpose is Purpose.NEW_POLICY and reason):
        raise AskedLately(earlier)
    return reason if earlier is not None else ""


def _make(
    session: Session,
    actor: Actor,
    survey: Survey,
    version: SurveyVersion,
    asking: Asking,
    about: OccasionDetail,
    token: str | None,
    *,
    now: datetime,
) -> SurveyInvitation:
    occasion, expires_at = about.occasion, now + timedelta(days=version.valid_days)
    invitation = SurveyInvitation(
        id=new_id(),
        survey_id=survey.id,
        version_id=version.id,
        branch_id=about.branch_id,
        purpose=survey.purpose,
        customer_id=occasion.customer_id,
        policy_id=occasion.policy_id,
        claim_id=occasion.claim_id,
        case_id=occasion.case_id,
        agent_id=about.agent_id,
        means=asking.means,
        token_hash=token_hash(token) if token else None,
        due_on=_due_on(survey.purpose, asking, about, expires_at),
        made_by=actor.account_id,
        made_at=now,
        expires_at=expires_at,
    )
    invitation.number = take_invitation_number(session, actor, invitation.id, now=now)
    session.add(invitation)
    session.flush()
    return invitation


def _due_on(purpose: str, asking: Asking, about: OccasionDetail, expires_at: datetime) -> date | None:
    """Return by when somebody is to be called: the end of the cooling-off period, or of the invitation."""
    if purpose == Purpose.NEW_POLICY:
        return asking.due_on or about.cooling_off_until or office_day(expires_at)
    return asking.due_on or office_day(expires_at) if asking.means == "phone" else None
