"""Who holds which role where, since when and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, may_ever
from app.models.accounts import Account, Branch, Grant
from app.queries.accounts import text_matches
from app.queries.keyset import Cursor, PageOf, Sort, read_page

PAGE_SIZE = 50
NEWEST = Sort(Grant.valid_from, Grant.id, descending=True)


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What the list is narrowed to; `state` is open, ended or empty for all."""

    text: str = ""
    role: str = ""
    branch_id: int | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role of somebody; `state` is planned, open, expired or revoked."""

    id: int
    account_id: int
    username: str
    full_name: str
    role: str
    branch_name: str
    valid_from: datetime
    valid_to: datetime | None
    granted_by: str
    revoked_at: datetime | None
    revoked_by: str
    state: str


def list_grants(
    session: Session, actor: Actor, wanted: GrantFilter, *, cursor: Cursor | None = None, now: datetime
) -> PageOf[GrantRow]:
    """Return a page of the grants, the newest first; raises `NotFound` for who may not read them."""
    _require(actor)
    conditions = _conditions(wanted, now)
    counted = select(func.count()).select_from(Grant).join(Account, Account.id == Grant.account_id)
    total = session.scalar(counted.where(*conditions)) or 0
    statement = _columns().where(*conditions)
    return read_page(
        session, statement, NEWEST, cursor, size=PAGE_SIZE, total=total, make=lambda row: _make_row(row, now)
    )


def grants_of(session: Session, account_id: int, *, now: datetime) -> Sequence[GrantRow]:
    """Return all grants of an account, the newest first."""
    rows = session.execute(
        _columns().where(Grant.account_id == account_id).order_by(Grant.valid_from.desc(), Grant.id.desc())
    )
    return [_make_row(row, now) for row in rows]


def read_grant(session: Session, actor: Actor, grant_id: int, *, now: datetime) -> GrantRow:
    """Return one grant; raises `NotFound`."""
    _require(actor)
    row = session.execute(_columns().where(Grant.id == grant_id)).first()
    if row is None:
        raise NotFound
    return _make_row(row, now)


def _require(actor: Actor) -> None:
    if not may_ever(actor, Action.GRANT_VIEW):
        raise NotFound


def _conditions(wanted: GrantFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.text:
        conditions.append(text_matches(wanted.text))
    if wanted.role:
        conditions.append(Grant.role == wanted.role)
    if wanted.branch_id is not None:
        conditions.append(Grant.branch_id == wanted.branch_id)
    over = or_(Grant.revoked_at.is_not(None), (Grant.valid_to.is_not(None)) & (Grant.valid_to <= now))
    if wanted.state == "open":
        conditions.append(~over)
    elif wanted.state == "ended":
        conditions.append(over)
    return conditions


def _columns() -> Select[*tuple[Any, ...]]:
    granter, revoker = aliased(Account), aliased(Account)
    return (
        select(
            Grant.account_id,
            Account.username,
            Account.full_name,
            Grant.role,
            Branch.name.label("branch_name"),
            Grant.valid_to,
            granter.full_name.label("granted_by"),
            Grant.revoked_at,
            revoker.full_name.label("revoked_by"),
            Grant.valid_from,
            Grant.id,
        )
        .join(Account, Account.id == Grant.account_id)
        .join(Branch, Branch.id == Grant.branch_id)
        .outerjoin(granter, granter.id == Grant.granted_by)
        .outerjoin(revoker, revoker.id == Grant.revoked_by)
    )


def _make_row(row: Any, now: datetime) -> GrantRow:
    ran_out = row.valid_to is not None and row.valid_to <= (row.revoked_at or now)
    going = "planned" if row.valid_from > now else "open"
    return GrantRow(
        id=row.id,
        account_id=row.account_id,
        username=row.username,
        full_name=row.full_name,
        role=row.role,
        branch_name=row.branch_name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        granted_by=row.granted_by or "",
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by or "",
        state="expired" if ran_out else "revoked" if row.revoked_at else going,
    )
