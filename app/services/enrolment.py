"""Binding a phone: only behind a door that asks for it, once, and only with a code that the phone really shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.sign_in import SignInRules
from app.models.accounts import Account
from app.queries.actors import LiveSession
from app.services import attempts, doors, recovery, sessions, totp, trail
from app.services.attempts import Guess, Writing
from app.services.sessions import Visit
from app.services.sign_in import Entered, enter


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person who is in with a new phone, and the recovery codes to write down."""

    entered: Entered
    codes: tuple[str, ...]


def enrol(
    writing: Writing, door: LiveSession, code: str, visit: Visit, *, rules: SignInRules, now: datetime
) -> Enrolled:
    """Bind the phone whose code was typed and sign in; ends all other sessions and doors of the account.

    Raises `Invalid`, `TooManyTries`, and `DoorShut` when the account was enrolled through another door meanwhile.
    """
    guess = Guess(attempts.ENROLMENT, door.account_id, door.actor.username, visit.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        secret = doors.pending_secret(session, door.id, now=now)
        step = totp.matching_step(secret, code, now=now)
        if step is None:
            attempts.note_failure(session, guess, "wrong_code_at_enrolment", now=now)
    if step is None:
        raise Invalid.field("code", "code_wrong")
    spare = recovery.make_codes()
    with writing() as session:
        _bind(session, door, secret, step, now=now)
        attempts.succeed(session, attempt)
        sessions.end_all_sessions(session, door.account_id, "enrolled", now=now)
        recovery.replace_codes(session, door.account_id, spare.kept)
        actor = doors.who_enters(session, door.account_id, visit, now=now)
        trail.record(
            session, actor, "totp_enrolled", trail.Subject("account", actor.account_id, actor.username), now=now
        )
        return Enrolled(enter(session, door.account_id, visit, rules=rules, now=now), spare.shown)


def _bind(session: Session, door: LiveSession, secret: str, step: int, *, now: datetime) -> None:
    """Move the secret to the account: a single winner, and never over a phone bound since the door was opened."""
    bound = session.scalar(
        update(Account)
        .where(
            Account.id == door.account_id,
            Account.state == "active",
            or_(Account.totp_enrolled_at.is_(None), Account.totp_enrolled_at < door.started_at),
        )
        .values(totp_secret=secret, totp_enrolled_at=now, totp_last_step=step)
        .returning(Account.id)
    )
    if bound is None:
        raise doors.DoorShut
    doors.go_through(session, door.id, now=now)
