"""The catalogue's rules 分类与期限: the scheme of classes, the table of periods, and who may change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may
from app.domain.retention import BadPeriod, Period
from app.models.accounts import Branch
from app.models.documents import Category, Document, RetentionPeriod


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A class (`parent_id` None) or sub-class with what new items start with."""

    id: int
    parent_id: int | None
    code: str
    name: str
    series: str
    default_level: int
    default_period: str
    basis: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A row of the table of periods; `in_use` when a class or an item has it."""

    code: str
    label: str
    years: int | None
    basis: str
    effective_from: date
    version: int
    in_use: bool


def may_change_rules(session: Session, actor: Actor) -> bool:
    """Say whether `actor` may change the rules: they hold for the whole house, so its root branch decides."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return root is not None and may(actor, Action.CATALOGUE_RULES, Target(root))


def read_scheme(session: Session) -> Sequence[CategoryRow]:
    """Return all classes, each followed by its sub-classes."""
    rows = session.execute(_categories().order_by(Category.position, Category.code))
    return [CategoryRow(*row) for row in rows]


def read_category(session: Session, category_id: int) -> CategoryRow:
    """Return one class; raises `NotFound`."""
    row = session.execute(_categories().where(Category.id == category_id)).first()
    if row is None:
        raise NotFound
    return CategoryRow(*row)


def read_periods(session: Session) -> Sequence[PeriodRow]:
    """Return the table of periods, the longest first."""
    rows = session.execute(_periods().order_by(RetentionPeriod.years.desc().nulls_first()))
    return [PeriodRow(*row) for row in rows]


def read_period(session: Session, code: str) -> PeriodRow:
    """Return one period; raises `NotFound`, also for what is no code at all."""
    require_code(code)
    row = session.execute(_periods().where(RetentionPeriod.code == code)).first()
    if row is None:
        raise NotFound
    return PeriodRow(*row)


def require_code(code: str) -> None:
    """Raise `NotFound` for a text that cannot be a period's code: not every database takes every text."""
    try:
        Period.parse(code)
    except BadPeriod as error:
        raise NotFound from error


def _categories() -> Select[*tuple[Any, ...]]:
    return select(
        Category.id,
        Category.parent_id,
        Category.code,
        Category.name,
        Category.series,
        Category.default_level,
        Category.default_period,
        Category.basis,
        Category.active,
        Category.version,
    )


def _periods() -> Select[*tuple[Any, ...]]:
    by_class = exists().where(Category.default_period == RetentionPeriod.code)
    by_item = exists().where(Document.period == RetentionPeriod.code)
    return select(
        RetentionPeriod.code,
        RetentionPeriod.label,
        RetentionPeriod.years,
        RetentionPeriod.basis,
        RetentionPeriod.effective_from,
        RetentionPeriod.version,
        (by_class | by_item).label("in_use"),
    )
