"""Keeping the kinds of paper 单证类型: adding one, changing name, class, title and whether it is in use."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.ids import new_id
from app.domain.intake import Business
from app.domain.normal import clean_text
from app.models.completeness import CompletenessRule
from app.models.documents import Category
from app.models.intake import PaperType
from app.services import trail
from app.services.changes import apply_changes
from app.services.completeness_rules import require_may_change

_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_PLACE = re.compile(r"\{[^{}]*\}")
_PLACES = frozenset({"{name}", "{matter}", "{policy}", "{claim}", "{date}"})


@dataclass(frozen=True, slots=True)
class TypedKind:
    """A kind of paper as it is typed."""

    name: str
    business: str
    category_id: int | None
    title_pattern: str = ""
    is_main: bool = False
    active: bool = True


def add_type(session: Session, actor: Actor, code: str, typed: TypedKind, *, now: datetime) -> int:
    """Add a kind and return its id; raises `NotAllowed`, `Invalid`."""
    require_may_change(session, actor)
    problems: dict[str, list[str]] = {}
    taken = session.scalar(select(PaperType.id).where(PaperType.code == code))
    if not _CODE.fullmatch(code) or taken is not None:
        problems["code"] = ["paper_type.code"]
    checked = _check(session, typed, 0, problems)
    last = session.scalar(select(func.max(PaperType.position)))
    row = PaperType(id=new_id(), code=code, position=(last or 0) + 1, **asdict(checked))
    session.add(row)
    session.flush()
    after = {name: _show(name, value) for name, value in asdict(checked).items()}
    trail.record(session, actor, "paper_type_added", _subject(row), now=now, after=after)
    return row.id


def edit_type(session: Session, actor: Actor, type_id: int, typed: TypedKind, *, version: int, now: datetime) -> None:
    """Change a kind; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    require_may_change(session, actor)
    row = session.get(PaperType, type_id, with_for_update=True)
    if row is None:
        raise NotFound
    checked = _check(session, typed, type_id, {})
    before, after = apply_changes(row, asdict(checked), version=version, show=_show)
    if after:
        session.flush()
        trail.record(session, actor, "paper_type_changed", _subject(row), now=now, before=before, after=after)


def _check(session: Session, typed: TypedKind, type_id: int, problems: dict[str, list[str]]) -> TypedKind:
    clean = replace(typed, name=clean_text(typed.name), title_pattern=clean_text(typed.title_pattern))
    same = select(PaperType.id).where(PaperType.name == clean.name, PaperType.id != type_id)
    category = session.get(Category, clean.category_id) if clean.category_id is not None else None
    used = select(CompletenessRule.id).where(
        CompletenessRule.paper_type_id == type_id, CompletenessRule.active, CompletenessRule.effective_to.is_(None)
    )
    rest = _PLACE.sub("", clean.title_pattern)
    places = set(_PLACE.findall(clean.title_pattern))
    checks = (
        (bool(clean.name), "name", "paper_type.name"),
        (session.scalar(same.limit(1)) is None, "name", "paper_type.there"),
        (clean.business in {"", *Business}, "business", "completeness_rule.choice"),
        (category is not None and category.active, "category_id", "completeness_rule.choice"),
        (places <= _PLACES and not {"{", "}"} & set(rest), "title_pattern", "paper_type.pattern"),
        (clean.active or session.scalar(used.limit(1)) is None, "active", "paper_type.used"),
    )
    for holds, name, code in checks:
        if not holds:
            problems.setdefault(name, [code])
    if problems:
        raise Invalid(problems)
    return clean


def _subject(row: PaperType) -> trail.Subject:
    return trail.Subject("paper_type", row.id, row.code)


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)
