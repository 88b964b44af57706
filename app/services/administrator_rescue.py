"""The way back in for 三员 when no two people are left who could reset a sign-in: from the machine itself.

Whoever gives the command has the machine and its master key already. It is refused wherever one 安全保密管理员 can ask and
somebody else confirm, so that it is no way around four eyes; the trail keeps that it was given.
"""

from __future__ import annotations

from datetime import datetime
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import ADMINISTRATORS, Actor, Role
from app.domain.errors import NotAllowed, NotFound, WrongState
from app.domain.policy import Action, Target, may
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, Grant
from app.queries.actors import actor_of_account
from app.services import activation, trail

_RULES = SignInRules()


def rescue_administrator(session: Session, username: str, *, now: datetime, rules: SignInRules = _RULES) -> str:
    """Take away what one of 三员 signs in with and return a new activation code, which is shown this once.

    Raises `NotFound`, `NotAllowed` for anybody else, and `WrongState` for a disabled account or while two people are
    there who can reset it.
    """
    account = session.scalar(select(Account).where(Account.username == username).with_for_update())
    if account is None:
        raise NotFound
    if account.track not in {role.value for role in ADMINISTRATORS}:
        raise NotAllowed(Action.SIGN_IN_RESET)
    if _two_can_reset(session, account, now=now):
        raise WrongState("reset_by_two")
    code = activation.reset_sign_in(session, account.id, now, rules=rules)
    subject = trail.Subject("account", account.id, account.username)
    trail.record(session, None, "sign_in_reset", subject, now=now, reason="rescued_on_the_machine")
    return code


def _two_can_reset(session: Session, account: Account, *, now: datetime) -> bool:
    others = _people_with_phones(session, account.id, now=now)
    target = Target(account.branch_id)
    asking = [who for who in others if may(who, Action.SIGN_IN_RESET, target)]
    confirming = [who for who in others if may(who, Action.SIGN_IN_RESET_CONFIRM, target)]
    return any(one.account_id != other.account_id for one, other in product(asking, confirming))


def _people_with_phones(session: Session, but: int, *, now: datetime) -> list[Actor]:
    """Return who could ask or confirm and has signed in before; the rights are those of this moment."""
    able = (
        select(Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role.in_([Role.SECADMIN.value, Role.MANAGER.value]),
            Account.state == "active",
            Account.totp_enrolled_at.is_not(None),
            Account.id != but,
        )
    )
    found = [actor_of_account(session, account_id, now=now) for account_id in session.scalars(able.distinct())]
    return [who for who in found if who is not None]
