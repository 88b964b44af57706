"""The tree of causes 投诉原因 as its screen shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models.cases import Case, CaseCause


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the tree."""

    id: int
    code: str
    name: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of business with its causes."""

    stage: Cause
    causes: tuple[Cause, ...]


def cause_tree(session: Session) -> Sequence[Stage]:
    """Return the whole tree by code, what is retired included."""
    under: dict[int | None, list[Cause]] = {}
    for row in session.scalars(select(CaseCause).order_by(func.length(CaseCause.code), CaseCause.code)):
        under.setdefault(row.parent_id, []).append(Cause(row.id, row.code, row.name, row.active, row.version))
    return [Stage(stage, tuple(under.get(stage.id, ()))) for stage in under.get(None, ())]


def read_cause(session: Session, cause_id: int) -> CaseCause:
    """Return one row; raises `NotFound`."""
    row = session.get(CaseCause, cause_id)
    if row is None:
        raise NotFound
    return row


def is_used(session: Session, cause_id: int) -> bool:
    """Say whether a case names the cause or stage."""
    used = select(Case.id).where(or_(Case.stage_id == cause_id, Case.cause_id == cause_id))
    return session.scalar(used.limit(1)) is not None
