"""Resets of a sign-in by four eyes: one 安全保密管理员 asks, somebody else confirms, only then is anything taken away.

Who confirms is another 安全保密管理员 or the 机构负责人 of the account's branch or of one above; never the one who asked,
never the person himself. The new activation code is shown to the one who confirms, so that nobody alone can let
himself into another's account. A wish that nobody confirms in time runs out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, SignInReset
from app.queries.actors import actor_of_account
from app.services import activation, trail

LONGEST_REASON = 200
_RULES = SignInRules()


def ask_reset(
    session: Session, actor: Actor, account_id: int, reason: str, *, now: datetime, rules: SignInRules = _RULES
) -> int:
    """Write down the wish to reset somebody's sign-in and return its id; nothing is taken away yet.

    Raises `NotFound`, `NotAllowed` (also for oneself), `Invalid` without a reason, and `WrongState` for a disabled
    account or when such a wish waits already.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account_id == actor.account_id or not may(actor, Action.SIGN_IN_RESET, Target(account.branch_id)):
        raise NotAllowed(Action.SIGN_IN_RESET)
    reason = clean_text(reason)[:LONGEST_REASON]
    if not reason:
        raise Invalid.field("reason", "account.reason_missing")
    if account.state == "disabled":
        raise WrongState("account_disabled")
    _refuse_second_wish(session, account_id, now=now)
    reset = SignInReset(
        id=new_id(),
        account_id=account_id,
        asked_by=actor.account_id,
        asked_at=now,
        expires_at=now + rules.reset_request,
        reason=reason,
    )
    session.add(reset)
    session.flush()
    trail.record(session, actor, "sign_in_reset_asked", _subject(account), now=now, reason=reason)
    return reset.id


def confirm_reset(
    session: Session, actor: Actor, reset_id: int, *, now: datetime, rules: SignInRules = _RULES
) -> tuple[int, str]:
    """Take away what the account signs in with; return its id and the activation code, which is shown this once.

    Raises `NotFound`, `NotAllowed` for the one who asked and for the person himself, and `WrongState` when the wish
    was decided or ran out, or when the one who asked may not ask any more.
    """
    reset, account = _load_open(session, actor, reset_id, now=now)
    if actor.account_id in (reset.asked_by, reset.account_id):
        raise NotAllowed(Action.SIGN_IN_RESET_CONFIRM)
    asker = actor_of_account(session, reset.asked_by, now=now)
    if asker is None or not may(asker, Action.SIGN_IN_RESET, Target(account.branch_id)):
        raise WrongState("reset_asker_gone")
    _decide(reset, "confirmed", actor, now=now)
    session.flush()
    code = activation.reset_sign_in(session, account.id, now, rules=rules)
    after = {"asked_by": asker.username, "confirmed_by": actor.username}
    trail.record(session, actor, "sign_in_reset", _subject(account), now=now, after=after, reason=reset.reason)
    return account.id, code


def refuse_reset(session: Session, actor: Actor, reset_id: int, reason: str, *, now: datetime) -> None:
    """Turn a wish down; who asked for it takes it back with `withdraw_reset` instead.

    Raises `NotFound`, `NotAllowed`, `Invalid` without a reason, `WrongState`.
    """
    reset, account = _load_open(session, actor, reset_id, now=now)
    if actor.account_id in (reset.asked_by, reset.account_id):
        raise NotAllowed(Action.SIGN_IN_RESET_CONFIRM)
    if not reason.strip():
        raise Invalid.field("reason", "account.reason_missing")
    _decide(reset, "refused", actor, now=now)
    trail.record(session, actor, "sign_in_reset_refused", _subject(account), now=now, reason=clean_text(reason))


def withdraw_reset(session: Session, actor: Actor, reset_id: int, *, now: datetime) -> None:
    """Take one's own wish back; raises `NotFound`, `NotAllowed` for another's, `WrongState`."""
    reset, account = _load_open(session, actor, reset_id, now=now)
    if actor.account_id != reset.asked_by:
        raise NotAllowed(Action.SIGN_IN_RESET)
    _decide(reset, "withdrawn", actor, now=now)
    trail.record(session, actor, "sign_in_reset_withdrawn", _subject(account), now=now)


def _load_open(session: Session, actor: Actor, reset_id: int, *, now: datetime) -> tuple[SignInReset, Account]:
    """Return a wish that waits, locked, with its account; one outside the actor's reach looks like none."""
    account_id = session.scalar(select(SignInReset.account_id).where(SignInReset.id == reset_id))
    if account_id is None:
        raise NotFound
    # The account first, as `ask_reset` does: two who lock in different order would wait for each other for ever.
    account = session.get_one(Account, account_id, with_for_update=True)
    reset = session.get_one(SignInReset, reset_id, with_for_update=True)
    if not may(actor, Action.SIGN_IN_RESET_CONFIRM, Target(account.branch_id)):
        raise NotFound
    if reset.state != "asked" or reset.expires_at <= now:
        raise WrongState("reset_closed")
    return reset, account


def _decide(reset: SignInReset, state: str, actor: Actor, *, now: datetime) -> None:
    reset.state, reset.decided_by, reset.decided_at = state, actor.account_id, now


def _refuse_second_wish(session: Session, account_id: int, *, now: datetime) -> None:
    """One wish at a time; one that has run out makes room."""
    waiting = select(SignInReset).where(SignInReset.account_id == account_id, SignInReset.state == "asked")
    reset = session.scalar(waiting.with_for_update())
    if reset is None:
        return
    if reset.expires_at > now:
        raise WrongState("reset_waiting")
    reset.state, reset.decided_at = "expired", now
    session.flush()


def _subject(account: Account) -> trail.Subject:
    return trail.Subject("account", account.id, account.username)
