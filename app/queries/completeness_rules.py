"""The rules of completeness and the kinds of paper as their screens show them, and who may change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may
from app.domain.product_lines import ProductLine, class_of
from app.models.accounts import Branch
from app.models.completeness import CompletenessRule
from app.models.documents import Category
from app.models.intake import PaperType


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What the list is narrowed to; `line` also finds the rules that hold for its whole class or for any line."""

    business: str = "application"
    line: str = ""
    claim_kind: str = ""
    is_past: bool = False  # what no longer holds


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with the name of its paper."""

    rule: CompletenessRule
    paper_name: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A kind of paper with its class, and how many rules ask for it."""

    kind: PaperType
    category_code: str
    category_name: str
    rules: int


def may_change_rules(session: Session, actor: Actor) -> bool:
    """Say whether `actor` may change the rules: they hold for the whole house, so its root branch decides."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return root is not None and may(actor, Action.INTAKE_RULES, Target(root))


def list_rules(session: Session, wanted: RuleFilter, today: date) -> Sequence[RuleRow]:
    """Return the rules of a business in the order of its checklists."""
    statement = (
        select(CompletenessRule, PaperType.name)
        .join(PaperType, PaperType.id == CompletenessRule.paper_type_id)
        .where(CompletenessRule.business == wanted.business)
        .order_by(CompletenessRule.position, CompletenessRule.effective_from, CompletenessRule.id)
    )
    over = or_(~CompletenessRule.active, CompletenessRule.effective_to < today)
    statement = statement.where(over if wanted.is_past else ~func.coalesce(over, False))
    if wanted.line:
        lines = {"", wanted.line}
        if wanted.line in set(ProductLine):
            lines.add(class_of(ProductLine(wanted.line)).value)
        statement = statement.where(CompletenessRule.line.in_(sorted(lines)))
    if wanted.claim_kind:
        statement = statement.where(CompletenessRule.claim_kind.in_(("", wanted.claim_kind)))
    return [RuleRow(rule, name, _holds(rule, today)) for rule, name in session.execute(statement)]


def read_rule(session: Session, rule_id: int) -> CompletenessRule:
    """Return one rule; raises `NotFound`."""
    row = session.get(CompletenessRule, rule_id)
    if row is None:
        raise NotFound
    return row


def list_types(session: Session) -> Sequence[TypeRow]:
    """Return all kinds of paper, those in use first."""
    counts = (
        select(CompletenessRule.paper_type_id, func.count().label("rules"))
        .where(CompletenessRule.active, CompletenessRule.effective_to.is_(None))
        .group_by(CompletenessRule.paper_type_id)
        .subquery()
    )
    rows = session.execute(
        select(PaperType, Category.code, Category.name, func.coalesce(counts.c.rules, 0))
        .join(Category, Category.id == PaperType.category_id)
        .outerjoin(counts, counts.c.paper_type_id == PaperType.id)
        .order_by(PaperType.active.desc(), PaperType.position, PaperType.id)
    )
    return [TypeRow(*row) for row in rows]


def read_type(session: Session, type_id: int) -> PaperType:
    """Return one kind of paper; raises `NotFound`."""
    row = session.get(PaperType, type_id)
    if row is None:
        raise NotFound
    return row


def find_type(session: Session, code: str) -> PaperType | None:
    """Return the kind of paper in use with a code, None for none."""
    return session.scalar(select(PaperType).where(PaperType.code == code, PaperType.active)) if code else None


def type_choices(session: Session) -> Sequence[tuple[int, str, str]]:
    """Return the kinds of paper in use: id, name, and the upper class under which it is filed, in the order of the scheme."""
    upper = aliased(Category)
    rows = session.execute(
        select(PaperType.id, PaperType.name, upper.name)
        .join(Category, Category.id == PaperType.category_id)
        .join(upper, upper.id == Category.parent_id)
        .where(PaperType.active)
        .order_by(upper.position, upper.code, PaperType.position, PaperType.id)
    )
    return [(key, name, group) for key, name, group in rows]


def _holds(rule: CompletenessRule, today: date) -> bool:
    is_over = rule.effective_to is not None and rule.effective_to < today
    return rule.active and rule.effective_from <= today and not is_over
