"""Keeping the tree of causes: a row gets its code once and is never deleted, only renamed or retired."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from string import ascii_uppercase

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.models.cases import CaseCause
from app.services import trail
from app.services.changes import apply_changes
from app.services.clock_rules import require_may_change

EVENT = "cause_changed"
LONGEST_NAME, MOST_CAUSES = 40, 99


def add_cause(session: Session, actor: Actor, parent_id: int | None, name: str, *, now: datetime) -> int:
    """Add a stage (`parent_id` None) or a cause under one and return its id; its code is given here.

    Raises `NotAllowed`, `Invalid`.
    """
    require_may_change(session, actor)
    parent = _stage(session, parent_id) if parent_id is not None else None
    checked = _name(session, name, parent_id)
    row = CaseCause(id=new_id(), parent_id=parent_id, code=_next_code(session, parent), name=checked)
    session.add(row)
    session.flush()
    trail.record(session, actor, EVENT, _subject(row), now=now, after={"name": checked})
    return row.id


def rename_cause(session: Session, actor: Actor, cause_id: int, name: str, *, version: int, now: datetime) -> None:
    """Call a row otherwise; cases that name it show the new name. Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    row = _load(session, actor, cause_id)
    checked = _name(session, name, row.parent_id, but=row.id)
    _change(session, actor, row, {"name": checked}, version=version, now=now)


def retire_cause(session: Session, actor: Actor, cause_id: int, *, version: int, now: datetime) -> None:
    """Offer a row no more; cases that name it keep it. A stage is empty first, and one stage stays.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`.
    """
    row = _load(session, actor, cause_id)
    if row.parent_id is None:
        if _count_active(session, row.id):
            raise Invalid.field("", "cause.has_active")
        if row.active and _count_active(session, None) == 1:
            raise Invalid.field("", "cause.last")
    _change(session, actor, row, {"active": False}, version=version, now=now)


def restore_cause(session: Session, actor: Actor, cause_id: int, *, version: int, now: datetime) -> None:
    """Offer a row again. Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    row = _load(session, actor, cause_id)
    if row.parent_id is not None and not session.get_one(CaseCause, row.parent_id).active:
        raise Invalid.field("", "cause.parent_retired")
    _change(session, actor, row, {"active": True}, version=version, now=now)


def _load(session: Session, actor: Actor, cause_id: int) -> CaseCause:
    require_may_change(session, actor)
    row = session.get(CaseCause, cause_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _stage(session: Session, parent_id: int) -> CaseCause:
    """Return an active stage, locked: two causes that are added at once get two codes."""
    row = session.get(CaseCause, parent_id, with_for_update=True)
    if row is None or row.parent_id is not None or not row.active:
        raise Invalid.field("parent", "cause.parent")
    return row


def _name(session: Session, typed: str, parent_id: int | None, *, but: int = 0) -> str:
    name = clean_text(typed)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid.field("name", "cause.name")
    same = select(CaseCause.id).where(_under(parent_id), CaseCause.name == name, CaseCause.id != but)
    if session.scalar(same.limit(1)) is not None:
        raise Invalid.field("name", "cause.name_taken")
    return name


def _next_code(session: Session, parent: CaseCause | None) -> str:
    taken = set(session.scalars(select(CaseCause.code)))
    every: Iterable[str] = (
        (*ascii_uppercase, *(first + second for first in ascii_uppercase for second in ascii_uppercase))
        if parent is None
        else (f"{parent.code}{place:02}" for place in range(1, MOST_CAUSES + 1))
    )
    found = next((code for code in every if code not in taken), None)
    if found is None:
        raise Invalid.field("name", "cause.full")
    return found


def _count_active(session: Session, parent_id: int | None) -> int:
    active = select(func.count()).select_from(CaseCause).where(_under(parent_id), CaseCause.active)
    return session.scalar(active) or 0


def _under(parent_id: int | None) -> ColumnElement[bool]:
    return CaseCause.parent_id.is_(None) if parent_id is None else CaseCause.parent_id == parent_id


def _change(
    session: Session, actor: Actor, row: CaseCause, values: dict[str, object], *, version: int, now: datetime
) -> None:
    before, after = apply_changes(row, values, version=version, show=lambda _name, value: str(value))
    if after:
        session.flush()
        trail.record(session, actor, EVENT, _subject(row), now=now, before=before, after=after)


def _subject(row: CaseCause) -> trail.Subject:
    return trail.Subject("case_cause", row.id, row.code)
