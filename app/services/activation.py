"""Activation codes 激活码: printed once for somebody new, or whose sign-in was reset; good for one password.

The code is 100 random bits, so a plain SHA-256 of it is kept. A reset takes everything away that one could sign in
with, the password included: were it left, it alone would be enough to bind a new phone.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.one_time_codes import in_groups, new_code, read_code
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, RecoveryCode
from app.services import attempts, doors, passwords, sessions, trail
from app.services.attempts import Guess, Writing
from app.services.sessions import Visit

_RULES = SignInRules()


def issue(session: Session, account: Account, now: datetime, *, rules: SignInRules = _RULES) -> str:
    """Give a pending account a new activation code and return it, this once; one given before is dead.

    Raises `WrongState` for an account that is active (reset it first) or disabled. The caller writes the trail.
    """
    if account.state in {"active", "disabled"}:
        raise WrongState(f"account_{account.state}")
    code = new_code()
    account.activation_hash = _kept(code)
    account.activation_expires_at = now + rules.activation
    session.flush()
    return in_groups(code)


def reset_sign_in(session: Session, account_id: int, now: datetime, *, rules: SignInRules = _RULES) -> str:
    """Take password, phone, recovery codes and sessions from an account and return a new activation code.

    Only to be called once the reset has been approved; the caller writes the trail. Raises `NotFound`, and `WrongState`
    for a disabled account.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account.state == "disabled":
        raise WrongState("account_disabled")
    passwords.put_aside(session, account, now=now)
    account.password_hash = account.totp_secret = account.totp_enrolled_at = None
    account.state = "pending"
    account.version += 1
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    sessions.end_all_sessions(session, account_id, "reset", now=now)
    return issue(session, account, now, rules=rules)


def redeem(writing: Writing, code: str, password: str, visit: Visit, *, rules: SignInRules, now: datetime) -> None:
    """Set the first password of the account that `code` belongs to and open the door to its enrolment.

    Raises `Invalid` for the fields `code` and `password`, and `TooManyTries`.
    """
    guess = Guess(attempts.ACTIVATION, None, "activation", visit.address)
    attempt = attempts.reserve(writing, guess, rules=rules, now=now)
    with writing() as session:
        account = _find(session, code, now=now)
        earlier = passwords.earlier_hashes(session, account.id) if account else []
        if account:
            attempts.succeed(session, attempt)
        else:
            attempts.note_failure(session, guess, "wrong_activation_code", now=now)
    if account is None:
        raise Invalid.field("code", "activation_wrong")
    passwords.refuse_unfit(password, account.username, earlier)
    password_hash = passwords.hash_password(password)
    with writing() as session:
        _activate(session, account.id, code, password_hash, now=now)
        door_id = doors.open_door(session, account.id, doors.ENROL, visit, rules=rules, now=now)
        actor = replace(doors.who_enters(session, account.id, visit, now=now), session_id=door_id)
        subject = trail.Subject("account", actor.account_id, actor.username)
        trail.record(session, actor, "account_activated", subject, now=now)


def _find(session: Session, typed: str, *, now: datetime) -> Account | None:
    return session.scalar(
        select(Account).where(
            Account.activation_hash == _kept(read_code(typed)),
            Account.activation_expires_at > now,
            Account.state == "pending",
        )
    )


def _activate(session: Session, account_id: int, typed: str, password_hash: str, *, now: datetime) -> None:
    """Turn a pending account into an active one; of two who hold the same code, one does."""
    activated = session.scalar(
        update(Account)
        .where(Account.id == account_id, Account.activation_hash == _kept(read_code(typed)), Account.state == "pending")
        .values(
            state="active",
            password_hash=password_hash,
            password_changed_at=now,
            activation_hash=None,
            activation_expires_at=None,
            version=Account.version + 1,
        )
        .returning(Account.id)
    )
    if activated is None:
        raise Invalid.field("code", "activation_wrong")


def _kept(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
