"""Accounts and their power, kept apart: 系统管理员 creates and disables, 安全保密管理员 grants and revokes.

Nobody gives himself a role; the first role fixes the track of an account for good, so that 三员 stay exclusive. An
activation code comes into the hands of 系统管理员 only for an account without power: opening a disabled account again
takes its roles back, and whoever holds roles gets a new code by `sign_in_resets` alone. Otherwise he could let himself
in as somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import ADMINISTRATORS, Actor, Role
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_name, clean_text
from app.domain.policy import Action, Target, may
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, Branch, Grant
from app.services import activation, sessions, trail

USERNAME = re.compile(r"[a-z][a-z0-9_.\-]{2,31}")
_RULES = SignInRules()


@dataclass(frozen=True, slots=True)
class AccountData:
    """The fields of a new account as typed."""

    username: str
    full_name: str
    branch_id: int
    employee_number: str = ""


def create_account(
    session: Session, actor: Actor | None, typed: AccountData, *, now: datetime, rules: SignInRules = _RULES
) -> tuple[int, str]:
    """Create an account without any power; return its id and the activation code, which is shown this once.

    `actor` is None while an installation is made. Raises `NotAllowed`, `Invalid`.
    """
    if actor is not None and not may(actor, Action.ACCOUNT_CREATE, Target(typed.branch_id)):
        raise NotAllowed(Action.ACCOUNT_CREATE)
    checked = _check(session, typed)
    account = Account(
        id=new_id(),
        username=checked.username,
        full_name=checked.full_name,
        employee_number=checked.employee_number,
        branch_id=checked.branch_id,
        state="pending",
        created_by=actor.account_id if actor else None,
        created_at=now,
    )
    session.add(account)
    session.flush()
    code = activation.issue(session, account, now, rules=rules)
    trail.record(session, actor, "account_created", _subject(account), now=now, after={"username": account.username})
    return account.id, code


def disable_account(session: Session, actor: Actor, account_id: int, reason: str, *, now: datetime) -> None:
    """Close an account and end its sessions at once; raises `NotFound`, `NotAllowed`, `Invalid`, `WrongState`."""
    _lock_secadmins(session)
    account = _load(session, actor, account_id, Action.ACCOUNT_DISABLE)
    if account.id == actor.account_id:
        raise NotAllowed("oneself")
    if not reason.strip():
        raise Invalid.field("reason", "account.reason_missing")
    if account.state == "disabled":
        raise WrongState("account_disabled")
    _refuse_last_secadmin(session, account, now=now)
    account.state, account.activation_hash = "disabled", None
    account.version += 1
    sessions.end_all_sessions(session, account.id, "disabled", now=now)
    trail.record(session, actor, "account_disabled", _subject(account), now=now, reason=reason)


def enable_account(
    session: Session, actor: Actor, account_id: int, *, now: datetime, rules: SignInRules = _RULES
) -> str:
    """Open a disabled account again, without its roles; return the activation code, which is shown this once.

    Raises `NotFound`, `NotAllowed`, `WrongState`.
    """
    account = _load(session, actor, account_id, Action.ACCOUNT_CREATE)
    if account.state != "disabled":
        raise WrongState("account_not_disabled")
    for grant in session.scalars(_open_grants(account.id)).all():
        _take_back(session, actor, grant, account, now=now)
    account.state = "pending"
    session.flush()
    code = activation.reset_sign_in(session, account.id, now, rules=rules)
    trail.record(session, actor, "account_enabled", _subject(account), now=now)
    return code


def reissue_code(session: Session, actor: Actor, account_id: int, *, now: datetime, rules: SignInRules = _RULES) -> str:
    """Return a new activation code for an account that waits for its first sign-in; the one before is dead.

    Raises `NotFound`, `NotAllowed`, and `WrongState` for an account that is active, disabled or holds roles.
    """
    account = _load(session, actor, account_id, Action.ACCOUNT_CREATE)
    if session.scalars(_open_grants(account.id)).first() is not None:
        raise WrongState("account_has_roles")
    code = activation.issue(session, account, now, rules=rules)
    trail.record(session, actor, "activation_reissued", _subject(account), now=now)
    return code


def grant_role(
    session: Session,
    actor: Actor | None,
    account_id: int,
    role: Role,
    branch_id: int,
    *,
    now: datetime,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> int:
    """Give an account a role at a branch and return the grant's id; its sessions end, so that the role takes effect.

    It begins at once without `valid_from`; one that has run out makes room for it. `actor` is None while an
    installation is made. Raises `NotFound`, `NotAllowed` (also for oneself), `Invalid`.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None or session.get(Branch, branch_id) is None:
        raise NotFound
    if actor is not None and (actor.account_id == account_id or not may(actor, Action.GRANT_CHANGE, Target(branch_id))):
        raise NotAllowed(Action.GRANT_CHANGE)
    if account.state == "disabled":
        raise Invalid.field("username", "grant.account_disabled")
    track = role.value if role in ADMINISTRATORS else "business"
    if account.track not in (None, track):
        raise Invalid.field("role", "grant.exclusive")
    _refuse_wrong_days(valid_from, valid_to, now=now)
    _make_room(session, account_id, role, branch_id, now=now)
    account.track = track
    session.flush()
    grant = Grant(
        id=new_id(),
        account_id=account_id,
        track=track,
        role=role.value,
        branch_id=branch_id,
        valid_from=valid_from or now,
        valid_to=valid_to,
        granted_by=actor.account_id if actor else None,
    )
    session.add(grant)
    session.flush()
    sessions.end_all_sessions(session, account_id, "role_changed", now=now)
    after = {
        "role": role.value,
        "branch_id": str(branch_id),
        "valid_from": valid_from.isoformat() if valid_from else "",
        "valid_to": valid_to.isoformat() if valid_to else "",
    }
    trail.record(session, actor, "role_granted", _subject(account), now=now, after=after)
    return grant.id


def revoke_grant(session: Session, actor: Actor, grant_id: int, *, now: datetime) -> None:
    """Take a role back at once; raises `NotFound`, `NotAllowed` for one's own, `WrongState` for the last 安全保密管理员."""
    _lock_secadmins(session)
    grant = session.get(Grant, grant_id, with_for_update=True)
    if grant is None or grant.revoked_at is not None:
        raise NotFound
    if actor.account_id == grant.account_id or not may(actor, Action.GRANT_CHANGE, Target(grant.branch_id)):
        raise NotAllowed(Action.GRANT_CHANGE)
    account = session.get_one(Account, grant.account_id)
    if grant.role == Role.SECADMIN:
        _refuse_last_secadmin(session, account, now=now)
    _take_back(session, actor, grant, account, now=now)
    sessions.end_all_sessions(session, account.id, "role_changed", now=now)


def _take_back(session: Session, actor: Actor, grant: Grant, account: Account, *, now: datetime) -> None:
    grant.revoked_at, grant.revoked_by = now, actor.account_id
    session.flush()
    before = {"role": grant.role, "branch_id": str(grant.branch_id)}
    trail.record(session, actor, "role_revoked", _subject(account), now=now, before=before)


def _load(session: Session, actor: Actor, account_id: int, action: Action) -> Account:
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if not may(actor, action, Target(account.branch_id)):
        raise NotAllowed(action)
    return account


def _lock_secadmins(session: Session) -> None:
    """Let those who disable or revoke wait for each other, so that two 安全保密管理员 cannot remove one another."""
    grants = select(Grant.id).where(Grant.role == Role.SECADMIN.value, Grant.revoked_at.is_(None))
    session.execute(grants.order_by(Grant.id).with_for_update()).all()


def _refuse_last_secadmin(session: Session, account: Account, *, now: datetime) -> None:
    """Without any 安全保密管理员 nobody could grant a role again; one whose role runs out is no lasting one."""
    if account.track != Role.SECADMIN:
        return
    others = select(func.count()).select_from(Grant).join(Account, Account.id == Grant.account_id)
    left = session.scalar(
        others.where(
            Grant.role == Role.SECADMIN.value,
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            Grant.valid_to.is_(None),
            Grant.account_id != account.id,
            Account.state == "active",
        )
    )
    if not left:
        raise WrongState("last_secadmin")


def _open_grants(account_id: int) -> Select[Grant]:
    return select(Grant).where(Grant.account_id == account_id, Grant.revoked_at.is_(None)).order_by(Grant.id)


def _refuse_wrong_days(valid_from: datetime | None, valid_to: datetime | None, *, now: datetime) -> None:
    if valid_from is not None and valid_from < now:
        raise Invalid.field("valid_from", "grant.starts_in_past")
    if valid_to is not None and valid_to <= now:
        raise Invalid.field("valid_to", "grant.ends_in_past")
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise Invalid.field("valid_to", "grant.ends_before_start")


def _make_room(session: Session, account_id: int, role: Role, branch_id: int, *, now: datetime) -> None:
    """Close the same role where it has run out; refuse a second one where it has not."""
    held = session.scalar(
        _open_grants(account_id).where(Grant.role == role.value, Grant.branch_id == branch_id).with_for_update()
    )
    if held is None:
        return
    if held.valid_to is None or held.valid_to > now:
        raise Invalid.field("role", "grant.held_already")
    held.revoked_at = held.valid_to
    session.flush()


def _check(session: Session, typed: AccountData) -> AccountData:
    checked = AccountData(
        clean_text(typed.username).lower(),
        clean_name(typed.full_name),
        typed.branch_id,
        clean_text(typed.employee_number),
    )
    problems: dict[str, list[str]] = {}
    if not USERNAME.fullmatch(checked.username):
        problems["username"] = ["account.username_form"]
    elif session.scalar(select(Account.id).where(Account.username == checked.username)) is not None:
        problems["username"] = ["account.username_taken"]
    if not checked.full_name:
        problems["full_name"] = ["account.full_name_missing"]
    if session.get(Branch, checked.branch_id) is None:
        problems["branch_id"] = ["customer.branch_unknown"]
    if problems:
        raise Invalid(problems)
    return checked


def _subject(account: Account) -> trail.Subject:
    return trail.Subject("account", account.id, account.username)
