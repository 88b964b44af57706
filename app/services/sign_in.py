"""Signing in: the password opens a door, the phone's code leads through it into a session.

Every step has the same shape: write the try down and commit it; check what was typed, slow things outside of any
transaction; then take the step, or note the failure, in a transaction of its own. That is why these functions get
the means to open transactions and not one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.domain.normal import fold_width
from app.domain.sign_in import SignInRules
from app.models.accounts import Account
from app.models.fields import field_cipher
from app.queries.actors import LiveSession
from app.services import attempts, doors, passwords, recovery, sessions, totp, trail
from app.services.attempts import Guess, Writing
from app.services.recovery_alert import tell_of_recovery_code
from app.services.sessions import Visit


@dataclass(frozen=True, slots=True)
class Entered:
    """A person who is in: the new session, and whether the password wants changing."""

    actor: Actor
    password_is_old: bool


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    password_hash: str | None
    state: str


def spell_username(typed: str) -> str:
    """Return a user name as it is kept: small letters, half width."""
    return fold_width(typed).strip().lower()


def give_password(
    writing: Writing, username: str, password: str, visit: Visit, *, rules: SignInRules, now: datetime
) -> str:
    """Open a door and return its stage.

    Raises `Invalid`, the same for an unknown, wrong, disabled or pending account, and `TooManyTries`.
    """
    name = spell_username(username)
    with writing() as session:
        known = _find(session, name)
    guess = Guess(attempts.PASSWORD, known.id if known else None, name if known else _fingerprint(name), visit.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    right = passwords.is_right(password, known.password_hash if known else None)
    stronger = _stronger_hash(known, password) if known and right else None
    with writing() as session:
        account = session.get(Account, known.id, with_for_update=True) if known and right else None
        if account and known and account.state == "active" and account.password_hash == known.password_hash:
            attempts.succeed(session, attempt)
            account.password_hash = stronger or account.password_hash
            stage = doors.PASSWORD if account.totp_secret else doors.ENROL
            doors.open_door(session, account.id, stage, visit, rules=rules, now=now)
            return stage
        attempts.note_failure(session, guess, _reason(known, right=right), now=now)
    raise Invalid.field("", "sign_in_wrong")


def give_code(
    writing: Writing, door: LiveSession, code: str, visit: Visit, *, rules: SignInRules, now: datetime
) -> Entered:
    """Sign somebody in with the phone's code; raises `Invalid`, `TooManyTries` and `DoorShut`."""
    guess = Guess(attempts.CODE, door.account_id, door.actor.username, visit.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        if totp.spend(session, door.account_id, code, now=now):
            attempts.succeed(session, attempt)
            doors.go_through(session, door.id, now=now)
            return enter(session, door.account_id, visit, rules=rules, now=now)
        attempts.note_failure(session, guess, "wrong_code", now=now)
    raise Invalid.field("code", "code_wrong")


def use_recovery_code(
    writing: Writing, door: LiveSession, code: str, visit: Visit, *, rules: SignInRules, now: datetime
) -> int:
    """Open a door for binding a new phone and return how many recovery codes are left.

    The lost phone stays bound until the new one is: who does not go on has spent a code, and nothing else. Draws on the
    same budget as the phone's codes. Raises `Invalid`, `TooManyTries` and `DoorShut`.
    """
    guess = Guess(attempts.CODE, door.account_id, door.actor.username, visit.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        candidates = recovery.find_candidates(session, door.account_id, code)
    match = recovery.find_match(candidates, code)
    with writing() as session:
        if match and recovery.spend(session, match, now=now):
            attempts.succeed(session, attempt)
            doors.go_through(session, door.id, now=now)
            doors.open_door(session, door.account_id, doors.ENROL, visit, rules=rules, now=now)
            actor = doors.who_enters(session, door.account_id, visit, now=now)
            trail.record(session, actor, "recovery_code_used", _subject(actor), now=now)
            left = recovery.count_left(session, door.account_id)
            tell_of_recovery_code(session, actor, left, now=now)
            return left
        attempts.note_failure(session, guess, "wrong_recovery_code", now=now)
    raise Invalid.field("code", "recovery_wrong")


def enter(session: Session, account_id: int, visit: Visit, *, rules: SignInRules, now: datetime) -> Entered:
    """Open the session of somebody who has given both; the oldest ones beyond the limit end."""
    actor = doors.who_enters(session, account_id, visit, now=now)
    administrator = actor.is_administrator
    lifetime = rules.absolute_for(administrator=administrator)
    session_id = sessions.open_session(session, account_id, "full", visit, lifetime=lifetime, now=now)
    sessions.keep_newest(session, account_id, rules.sessions_for(administrator=administrator), now=now)
    actor = replace(actor, session_id=session_id, stepped_up_at=now)
    trail.record(session, actor, "signed_in", _subject(actor), now=now)
    changed = session.scalar(select(Account.password_changed_at).where(Account.id == account_id))
    return Entered(actor, password_is_old=changed is not None and now - changed > rules.password_age)


def _find(session: Session, name: str) -> _Known | None:
    row = session.execute(
        select(Account.id, Account.password_hash, Account.state).where(Account.username == name)
    ).first()
    return _Known(*row) if row else None


def _stronger_hash(known: _Known, password: str) -> str | None:
    outdated = known.state == "active" and known.password_hash and passwords.is_outdated(known.password_hash)
    return passwords.hash_password(password) if outdated else None


def _fingerprint(name: str) -> str:
    # People type passwords into the wrong field: an unknown name is never kept as it is.
    return "unknown:" + field_cipher().blind(name, b"sign_in.username")[:40]


def _reason(known: _Known | None, *, right: bool) -> str:
    if known is None:
        return "unknown_account"
    return f"account_{known.state}" if known.state != "active" else "changed_meanwhile" if right else "wrong_password"


def _subject(actor: Actor) -> trail.Subject:
    return trail.Subject("account", actor.account_id, actor.username)
