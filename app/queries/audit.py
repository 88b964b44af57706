"""The trail 审计记录 as 安全审计员 reads it: filtered, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, may_ever
from app.models.accounts import Account, Branch
from app.models.machinery import TrailEntry
from app.queries.accounts import text_matches
from app.queries.keyset import Cursor, PageOf, Sort, read_page

PAGE_SIZE = 50
# Counting millions of entries for a number that nobody reads would cost more than the page itself.
COUNT_TO = 10_000
NEWEST = Sort(TrailEntry.sequence, TrailEntry.sequence, descending=True)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the trail is narrowed to; `who` is the beginning of a user name or name, `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    who: str = ""
    event: str = ""
    outcome: str = ""
    object_kind: str = ""
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry of the trail as it was written."""

    sequence: int
    at: datetime
    account_id: int | None
    account_name: str
    roles: tuple[str, ...]
    branch_name: str
    address: str
    event: str
    object_kind: str
    object_id: int | None
    object_label: str
    outcome: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def read_trail(
    session: Session, actor: Actor, wanted: TrailFilter, *, cursor: Cursor | None = None
) -> PageOf[TrailRow]:
    """Return a page of the trail; its total stops counting above `COUNT_TO`. Raises `NotFound` for who may not read."""
    if not may_ever(actor, Action.TRAIL_READ):
        raise NotFound
    conditions = _conditions(wanted)
    some = select(TrailEntry.sequence).where(*conditions).limit(COUNT_TO + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    statement = _columns().where(*conditions)
    return read_page(session, statement, NEWEST, cursor, size=PAGE_SIZE, total=total, make=_make_row)


def was_read_since(session: Session, actor: Actor, since: datetime) -> bool:
    """Say whether the reading of the trail in this session has been written down since then."""
    entry = select(TrailEntry.sequence).where(
        TrailEntry.event == "trail_read",
        TrailEntry.account_id == actor.account_id,
        TrailEntry.session_id == actor.session_id,
        TrailEntry.at > since,
    )
    return session.scalars(entry.limit(1)).first() is not None


def branch_names(session: Session) -> Mapping[str, str]:
    """Return the names of all branches by id as text: the trail keeps ids."""
    return {str(branch_id): name for branch_id, name in session.execute(select(Branch.id, Branch.name))}


def _conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(TrailEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(TrailEntry.at < wanted.until)
    if wanted.who:
        conditions.append(TrailEntry.account_id.in_(select(Account.id).where(text_matches(wanted.who))))
    if wanted.branch_id is not None:
        conditions.append(TrailEntry.branch_id == wanted.branch_id)
    for name in ("event", "outcome", "object_kind"):
        value = getattr(wanted, name)
        if value:
            conditions.append(getattr(TrailEntry, name) == value)
    return conditions


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        TrailEntry.at,
        TrailEntry.account_id,
        TrailEntry.account_name,
        TrailEntry.roles,
        Branch.name.label("branch_name"),
        TrailEntry.address,
        TrailEntry.event,
        TrailEntry.object_kind,
        TrailEntry.object_id,
        TrailEntry.object_label,
        TrailEntry.outcome,
        TrailEntry.reason,
        TrailEntry.before,
        TrailEntry.after,
        TrailEntry.sequence,
        TrailEntry.sequence.label("tie"),
    ).outerjoin(Branch, Branch.id == TrailEntry.branch_id)


def _make_row(row: Any) -> TrailRow:
    return TrailRow(
        sequence=row.sequence,
        at=row.at,
        account_id=row.account_id,
        account_name=row.account_name,
        roles=tuple(row.roles.split()),
        branch_name=row.branch_name or "",
        address=row.address,
        event=row.event,
        object_kind=row.object_kind,
        object_id=row.object_id,
        object_label=row.object_label,
        outcome=row.outcome,
        reason=row.reason,
        before=row.before or {},
        after=row.after or {},
    )
