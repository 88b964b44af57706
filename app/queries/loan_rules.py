"""The rule matrix of borrowing as its screen shows it, and who may change it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.borrowing import LoanRule
from app.models.documents import Category


def may_change_loan_rules(session: Session, actor: Actor) -> bool:
    """Say whether `actor` may change the matrix: it holds for the whole house, so its root branch decides."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return root is not None and may(actor, Action.LOAN_RULES, Target(root))


def read_rules(session: Session) -> Sequence[LoanRule]:
    """Return all rows, those in use first, from what holds for everything to what holds for one case."""
    rows = session.scalars(select(LoanRule))
    return sorted(rows, key=lambda row: (not row.active, row.role, row.level or 0, row.category, row.way, row.id))


def read_rule(session: Session, rule_id: int) -> LoanRule:
    """Return one row; raises `NotFound`."""
    row = session.get(LoanRule, rule_id)
    if row is None:
        raise NotFound
    return row


def category_names(session: Session) -> dict[str, str]:
    """Return the classes and sub-classes by code, in the order of the scheme."""
    rows = session.execute(select(Category.code, Category.name).order_by(Category.code))
    return {code: name for code, name in rows}
