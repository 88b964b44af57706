"""What somebody who has signed in does with his own account: a fresh code, another password, fewer sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, SignInSession
from app.services import attempts, doors, passwords, recovery, sessions, totp, trail
from app.services.attempts import Guess, Writing


def step_up(writing: Writing, actor: Actor, code: str, token_hash: str, *, rules: SignInRules, now: datetime) -> None:
    """Take a fresh code and put the session under a fresh token; raises `Invalid`, `TooManyTries` and `DoorShut`."""
    guess = Guess(attempts.CODE, actor.account_id, actor.username, actor.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        if totp.spend(session, actor.account_id, code, now=now):
            attempts.succeed(session, attempt)
            _renew_token(session, actor, token_hash, stepped_up=True, now=now)
            trail.record(session, actor, "stepped_up", _account(actor), now=now)
            return
        attempts.note_failure(session, guess, "wrong_code_at_step_up", now=now, actor=actor)
    raise Invalid.field("code", "code_wrong")


def change_password(
    writing: Writing, actor: Actor, current: str, password: str, token_hash: str, *, rules: SignInRules, now: datetime
) -> None:
    """Set another password; ends all other sessions and puts this one under a fresh token.

    Raises `Invalid` for the fields `current` and `password`, `TooManyTries` and `DoorShut`.
    """
    guess = Guess(attempts.PASSWORD, actor.account_id, actor.username, actor.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        kept = session.scalar(select(Account.password_hash).where(Account.id == actor.account_id))
        earlier = passwords.earlier_hashes(session, actor.account_id)
    right = passwords.is_right(current, kept)
    with writing() as session:
        if right:
            attempts.succeed(session, attempt)
        else:
            attempts.note_failure(session, guess, "wrong_password_at_change", now=now, actor=actor)
    if not right:
        raise Invalid.field("current", "password_wrong")
    passwords.refuse_unfit(password, actor.username, earlier)
    fresh = passwords.hash_password(password)
    with writing() as session:
        _replace_password(session, actor, kept, fresh, now=now)
        sessions.end_all_sessions(session, actor.account_id, "password_changed", now=now, but=actor.session_id)
        _renew_token(session, actor, token_hash, stepped_up=False, now=now)
        trail.record(session, actor, "password_changed", _account(actor), now=now)


def make_recovery_codes(writing: Writing, actor: Actor, *, now: datetime) -> tuple[str, ...]:
    """Replace all recovery codes and return the new ones, this once."""
    codes = recovery.make_codes()
    with writing() as session:
        recovery.replace_codes(session, actor.account_id, codes.kept)
        trail.record(session, actor, "recovery_codes_made", _account(actor), now=now)
    return codes.shown


def sign_out(session: Session, actor: Actor, *, now: datetime) -> None:
    """End the session at hand."""
    if actor.session_id is not None:
        sessions.end_session(session, actor.session_id, "signed_out", now=now)
    trail.record(session, actor, "signed_out", _account(actor), now=now)


def end_own_session(session: Session, actor: Actor, session_id: int, *, now: datetime) -> None:
    """End one of one's own sessions; raises `NotFound` for anybody else's, and for one that has ended."""
    owner = session.scalar(select(SignInSession.account_id).where(SignInSession.id == session_id))
    if owner != actor.account_id or not sessions.end_session(session, session_id, "ended_by_owner", now=now):
        raise NotFound
    trail.record(session, actor, "session_ended", trail.Subject("session", session_id), now=now)


def end_other_sessions(session: Session, actor: Actor, *, now: datetime) -> int:
    """End all of one's own sessions but the one at hand; return how many."""
    count = sessions.end_all_sessions(session, actor.account_id, "ended_by_owner", now=now, but=actor.session_id)
    if count:
        trail.record(session, actor, "session_ended", _account(actor), now=now, after={"count": count})
    return count


def choose_language(session: Session, actor: Actor, locale: str) -> None:
    """Keep the language that the screens speak to somebody."""
    session.execute(update(Account).where(Account.id == actor.account_id).values(locale=locale))


def _renew_token(session: Session, actor: Actor, token_hash: str, *, stepped_up: bool, now: datetime) -> None:
    if actor.session_id is None or not sessions.renew_token(
        session, actor.session_id, token_hash, now=now, stepped_up=stepped_up
    ):
        raise doors.DoorShut


def _replace_password(session: Session, actor: Actor, seen: str | None, fresh: str, *, now: datetime) -> None:
    account = session.get(Account, actor.account_id, with_for_update=True)
    if account is None or account.state != "active" or account.password_hash != seen:
        raise doors.DoorShut
    passwords.put_aside(session, account, now=now)
    account.password_hash, account.password_changed_at = fresh, now
    session.flush()


def _account(actor: Actor) -> trail.Subject:
    return trail.Subject("account", actor.account_id, actor.username)
