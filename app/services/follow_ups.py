"""Following up 跟进: somebody takes what an answer asks for, does it, and says what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.normal import clean_note
from app.domain.policy import Action
from app.models.cases import Case
from app.models.surveys import FollowUp, SurveyInvitation
from app.queries.visibility import cases_for, follow_ups_for
from app.services import trail

LONGEST_RESULT = 1_000


def take(session: Session, actor: Actor, follow_up_id: int, *, version: int, now: datetime) -> None:
    """Put a follow-up on the actor's own list; raises `WrongState` for who sold what is complained of."""
    follow_up, invitation = load_follow_up(session, actor, follow_up_id)
    _require_open(actor, follow_up, invitation, version)
    follow_up.owner_id = actor.account_id
    _note(session, actor, "follow_up_taken", follow_up, invitation, now=now)


def finish(session: Session, actor: Actor, follow_up_id: int, result: str, *, version: int, now: datetime) -> None:
    """Note what came of it and close it; who closes it owns it. Raises `Invalid`, `WrongState`."""
    follow_up, invitation = load_follow_up(session, actor, follow_up_id)
    _require_open(actor, follow_up, invitation, version)
    said = clean_note(result)
    if not said:
        raise Invalid.field("result", "follow_up.result")
    if len(said) > LONGEST_RESULT:
        raise Invalid.field("result", "follow_up.result_long")
    _close(follow_up, actor, said, now=now)
    _note(session, actor, "follow_up_done", follow_up, invitation, now=now)


def became_case(session: Session, actor: Actor, follow_up_id: int, case_id: int, *, now: datetime) -> bool:
    """Close a follow-up with the complaint that it became and say so; one that is over, or the seller's, stays as it is.

    Called by whoever registers the complaint. Raises `NotFound` for a case or follow-up that the actor may not see.
    """
    follow_up, invitation = load_follow_up(session, actor, follow_up_id)
    number = session.scalar(select(Case.number).where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW)))
    if number is None:
        raise NotFound
    if follow_up.state != "open" or invitation.agent_id == actor.account_id:
        return False
    follow_up.became_case_id = case_id
    _close(follow_up, actor, f"已转投诉 {number}", now=now)
    _note(session, actor, "follow_up_became_case", follow_up, invitation, now=now, after={"case": number})
    return True


def load_follow_up(session: Session, actor: Actor, follow_up_id: int) -> tuple[FollowUp, SurveyInvitation]:
    """Return a follow-up under its row lock, fresh, with its invitation; raises `NotFound`."""
    statement = select(FollowUp).where(FollowUp.id == follow_up_id, follow_ups_for(actor, Action.FOLLOW_UP_DO))
    found = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found, session.get_one(SurveyInvitation, found.invitation_id)


def _require_open(actor: Actor, follow_up: FollowUp, invitation: SurveyInvitation, version: int) -> None:
    if invitation.agent_id == actor.account_id:
        raise WrongState("follow_up.seller")
    if follow_up.state != "open":
        raise WrongState(f"follow_up.is_{follow_up.state}")
    if follow_up.version != version:
        # There are no two texts to choose between: somebody took it, or looked at an older page.
        raise WrongState("follow_up.changed")


def _close(follow_up: FollowUp, actor: Actor, result: str, *, now: datetime) -> None:
    follow_up.state, follow_up.result = "done", result
    follow_up.done_at, follow_up.done_by = now, actor.account_id
    follow_up.owner_id = follow_up.owner_id or actor.account_id


def _note(
    session: Session,
    actor: Actor,
    event: str,
    follow_up: FollowUp,
    invitation: SurveyInvitation,
    *,
    now: datetime,
    after: dict[str, str] | None = None,
) -> None:
    follow_up.version += 1
    session.flush()
    subject = trail.Subject("follow_up", follow_up.id, invitation.number, invitation.customer_id)
    trail.record(session, actor, event, subject, now=now, after=after)
