"""Accounts as those who administer them see them: the list, one account, the slip with its activation code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Branch, Grant, SignInSession
from app.queries.keyset import Cursor, PageOf, Sort, read_page

PAGE_SIZE = 50
SORTS = {
    "username": Sort(Account.username, Account.id),
    "username_desc": Sort(Account.username, Account.id, descending=True),
    "created": Sort(Account.created_at, Account.id, descending=True),
    "created_asc": Sort(Account.created_at, Account.id),
}


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list is narrowed to; `text` is the beginning of a user name or of a name."""

    text: str = ""
    state: str = ""
    branch_id: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A line of the list; `roles` are those held now."""

    id: int
    username: str
    full_name: str
    branch_name: str
    state: str
    has_phone: bool
    last_sign_in: datetime | None
    created_at: datetime
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """One account as its page shows it: never anything that one could sign in with."""

    id: int
    username: str
    full_name: str
    employee_number: str
    branch_id: int
    branch_name: str
    track: str | None
    state: str
    created_at: datetime
    password_changed_at: datetime | None
    phone_bound_at: datetime | None
    activation_expires_at: datetime | None
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """Who an activation code is for and until when it is good."""

    account_id: int
    username: str
    full_name: str
    branch_name: str
    expires_at: datetime | None


def accounts_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Accounts on which `actor` may do `action`, by the branch that they belong to."""
    reached = [scope.branches for scope in scopes(actor, action) if scope.agent_id is None]
    if None in reached:
        return true()
    ids = {branch for branches in reached if branches for branch in branches}
    return Account.branch_id.in_(sorted(ids)) if ids else false()


def list_accounts(
    session: Session,
    actor: Actor,
    wanted: AccountFilter,
    *,
    sort: str = "username",
    cursor: Cursor | None = None,
    now: datetime,
) -> PageOf[AccountRow]:
    """Return a page of the accounts with the roles that they hold at `now`."""
    order = SORTS.get(sort, SORTS["username"])
    conditions = [accounts_for(actor, Action.ACCOUNT_VIEW), *_conditions(wanted, now)]
    total = session.scalar(select(func.count()).select_from(Account).where(*conditions)) or 0
    statement = _row_columns(order).where(*conditions)
    page = read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row)
    held = _roles_of(session, [row.id for row in page.items], now)
    return replace(page, items=[replace(row, roles=held.get(row.id, ())) for row in page.items])


def read_account(session: Session, actor: Actor, account_id: int) -> AccountDetail:
    """Return one account; raises `NotFound`."""
    row = session.execute(
        select(Account, Branch.name, _last_sign_in())
        .join(Branch, Branch.id == Account.branch_id)
        .where(Account.id == account_id, accounts_for(actor, Action.ACCOUNT_VIEW))
    ).first()
    if row is None:
        raise NotFound
    account, branch_name, last_sign_in = row
    plain = "id username full_name employee_number branch_id track state created_at password_changed_at"
    return AccountDetail(
        **{name: getattr(account, name) for name in plain.split()},
        branch_name=branch_name,
        phone_bound_at=account.totp_enrolled_at,
        activation_expires_at=account.activation_expires_at if account.activation_hash else None,
        last_sign_in=last_sign_in,
    )


def slip_facts(session: Session, account_id: int) -> SlipFacts:
    """Return what stands on the slip with an activation code, for who has just been given the code."""
    row = session.execute(
        select(Account.id, Account.username, Account.full_name, Branch.name, Account.activation_expires_at)
        .join(Branch, Branch.id == Account.branch_id)
        .where(Account.id == account_id)
    ).one()
    return SlipFacts(*row)


def find_account_id(session: Session, actor: Actor, username: str) -> int | None:
    """Return the id of the account with exactly this user name, None when there is none to be seen."""
    return session.scalar(
        select(Account.id).where(Account.username == username.strip().lower(), accounts_for(actor, Action.ACCOUNT_VIEW))
    )


def text_matches(text: str) -> ColumnElement[bool]:
    """Return the condition that a user name or a name begins with `text`."""
    return or_(
        Account.username.startswith(text.lower(), autoescape=True), Account.full_name.startswith(text, autoescape=True)
    )


def held_now(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a grant counts at `now`."""
    return Grant.revoked_at.is_(None) & (Grant.valid_from <= now) & or_(Grant.valid_to.is_(None), Grant.valid_to > now)


def _conditions(wanted: AccountFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(text_matches(wanted.text))
    if wanted.state:
        conditions.append(Account.state == wanted.state)
    if wanted.branch_id is not None:
        conditions.append(Account.branch_id == wanted.branch_id)
    if wanted.role == "none":
        conditions.append(~exists().where(Grant.account_id == Account.id, held_now(now)))
    elif wanted.role:
        conditions.append(exists().where(Grant.account_id == Account.id, Grant.role == wanted.role, held_now(now)))
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return select(
        Account.username,
        Account.full_name,
        Branch.name.label("branch_name"),
        Account.state,
        Account.totp_enrolled_at.is_not(None).label("has_phone"),
        _last_sign_in().label("last_sign_in"),
        Account.created_at,
        order.column,
        Account.id,
    ).join(Branch, Branch.id == Account.branch_id)


def _last_sign_in() -> Any:
    complete = select(func.max(SignInSession.started_at)).where(
        SignInSession.account_id == Account.id, SignInSession.stage == "full"
    )
    return complete.correlate(Account).scalar_subquery()


def _roles_of(session: Session, ids: Sequence[int], now: datetime) -> dict[int, tuple[str, ...]]:
    rows = session.execute(select(Grant.account_id, Grant.role).where(Grant.account_id.in_(ids), held_now(now)))
    roles: dict[int, set[str]] = {}
    for account_id, role in rows:
        roles.setdefault(account_id, set()).add(role)
    return {account_id: tuple(sorted(held)) for account_id, held in roles.items()}


def _make_row(row: Any) -> AccountRow:
    return AccountRow(
        id=row.id,
        username=row.username,
        full_name=row.full_name,
        branch_name=row.branch_name,
        state=row.state,
        has_phone=bool(row.has_phone),
        last_sign_in=row.last_sign_in,
        created_at=row.created_at,
    )
