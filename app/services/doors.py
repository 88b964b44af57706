"""The door: a short session between the password and the code, good for one step and for nothing else.

Stage `password`: the code is still to be given. Stage `enrol`: a phone is to be bound first; the secret for it waits
in the door's row until its first valid code. Each door is gone through once; the step that goes through closes it in
the same transaction, so that of several tries at the same moment one wins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import DomainError
from app.domain.sign_in import SignInRules
from app.models.accounts import SignInSession
from app.queries.actors import actor_of_account
from app.services import totp
from app.services.sessions import Visit, end_session, open_session

PASSWORD, ENROL = "password", "enrol"


class DoorShut(DomainError):
    """The door has closed: it ran out, was gone through, or its account may not sign in any more."""


def open_door(session: Session, account_id: int, stage: str, visit: Visit, *, rules: SignInRules, now: datetime) -> int:
    """Open a door and return its id."""
    secret = totp.new_secret() if stage == ENROL else None
    return open_session(session, account_id, stage, visit, lifetime=rules.half_session, now=now, pending_secret=secret)


def pending_secret(session: Session, door_id: int, *, now: datetime) -> str:
    """Return the secret that waits for its first code; raises `DoorShut`."""
    secret = session.scalar(
        select(SignInSession.pending_secret).where(
            SignInSession.id == door_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
        )
    )
    if secret is None:
        raise DoorShut
    return secret


def go_through(session: Session, door_id: int, *, now: datetime) -> None:
    """Close a door behind its one user; raises `DoorShut` for everybody after."""
    if not end_session(session, door_id, "gone_through", now=now):
        raise DoorShut


def who_enters(session: Session, account_id: int, visit: Visit, *, now: datetime) -> Actor:
    """Return the account behind a door with all its rights; raises `DoorShut` when it may not sign in any more."""
    actor = actor_of_account(session, account_id, now=now)
    if actor is None:
        raise DoorShut
    return replace(actor, address=visit.address)
