"""Keeping the rule matrix of borrowing: seeding it, adding and changing rows, each with its basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.levels import Level
from app.domain.loan_rules import CHAINS, ROLES, SEED, Rule, Way
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.models.borrowing import LoanRule
from app.models.documents import Category
from app.queries.loan_rules import may_change_loan_rules
from app.services import trail
from app.services.changes import apply_changes

EVENT = "loan_rules_changed"
MOST_DAYS, MOST_RENEWALS, MOST_ITEMS, MOST_BLOCK = 365, 9, 500, 365
_COLUMNS = tuple(item.name for item in fields(Rule) if item.name != "id")


def seed_loan_rules(session: Session, *, now: datetime) -> None:
    """Write the seed of the matrix where there is none yet."""
    if session.scalar(select(LoanRule.id).limit(1)) is not None:
        return
    session.add_all(LoanRule(id=new_id(), **_values(rule, effective_from=now.date())) for rule in SEED)
    session.flush()


def rules_in_force(session: Session, today: date) -> Sequence[Rule]:
    """Return the rows that count on a day."""
    rows = session.scalars(select(LoanRule).where(LoanRule.active, LoanRule.effective_from <= today))
    return [rule_of(row) for row in rows]


def rule_of(row: LoanRule) -> Rule:
    """Return a row of the table as the domain speaks of it."""
    return Rule(id=row.id, **{name: getattr(row, name) for name in _COLUMNS})


def add_rule(session: Session, actor: Actor, typed: Rule, *, now: datetime, today: date) -> int:
    """Add a row and return its id; raises `NotAllowed`, `Invalid`."""
    require_may_change(session, actor)
    checked = _check(session, typed, today)
    row = LoanRule(id=new_id(), **_values(checked))
    session.add(row)
    session.flush()
    after = {name: _show(name, value) for name, value in _values(checked).items()}
    trail.record(session, actor, EVENT, _subject(row), now=now, after=after)
    return row.id


def edit_rule(
    session: Session, actor: Actor, rule_id: int, typed: Rule, *, version: int, now: datetime, today: date
) -> None:
    """Change the terms of a row; the case that it speaks of stays, and what was asked for before keeps its terms.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`.
    """
    require_may_change(session, actor)
    row = session.get(LoanRule, rule_id, with_for_update=True)
    if row is None:
        raise NotFound
    same_case = replace(typed, role=row.role, category=row.category, level=row.level, way=row.way)
    checked = _check(session, same_case, today, but=rule_id)
    before, after = apply_changes(row, _values(checked), version=version, show=_show)
    if after:
        session.flush()
        trail.record(session, actor, EVENT, _subject(row), now=now, before=before, after=after)


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` keeps the matrix: the archivist of the root branch."""
    if not may_change_loan_rules(session, actor):
        raise NotAllowed(Action.LOAN_RULES)


def _check(session: Session, typed: Rule, today: date, *, but: int = 0) -> Rule:
    known = not typed.category or session.scalar(select(Category.id).where(Category.code == typed.category))
    checks = (
        (typed.role in ("", *ROLES), "role", "loan_rule.choice"),
        (known is not None, "category", "loan_rule.choice"),
        (typed.level is None or typed.level in set(Level), "level", "loan_rule.choice"),
        (typed.way in ("", *Way), "way", "loan_rule.choice"),
        (typed.approvers in CHAINS, "approvers", "loan_rule.choice"),
        (1 <= typed.days <= MOST_DAYS, "days", "loan_rule.days"),
        (0 <= typed.renewals <= MOST_RENEWALS, "renewals", "loan_rule.renewals"),
        (1 <= typed.most_at_once <= MOST_ITEMS, "most_at_once", "loan_rule.most_at_once"),
        (0 <= typed.block_overdue_days <= MOST_BLOCK, "block_overdue_days", "loan_rule.block"),
        (bool(clean_text(typed.basis)), "basis", "rules.basis_missing"),
        (typed.effective_from <= today, "effective_from", "rules.effective_later"),
        (not (typed.active and _is_there(session, typed, but)), "way", "loan_rule.there_already"),
        (typed.active or not _is_last(typed), "active", "loan_rule.last"),
    )
    problems = {name: [code] for holds, name, code in checks if not holds}
    if problems:
        raise Invalid(problems)
    return Rule(**{**asdict(typed), "basis": clean_text(typed.basis)})


def _is_there(session: Session, typed: Rule, but: int) -> bool:
    """Two working rows for the same case would leave it to chance which holds."""
    same = select(LoanRule.id).where(
        LoanRule.active,
        LoanRule.role == typed.role,
        LoanRule.category == typed.category,
        LoanRule.level == typed.level if typed.level is not None else LoanRule.level.is_(None),
        LoanRule.way == typed.way,
        LoanRule.effective_from == typed.effective_from,
        LoanRule.id != but,
    )
    return session.scalar(same.limit(1)) is not None


def _is_last(typed: Rule) -> bool:
    """The row for everything else must stay, or there would be cases without a rule."""
    return not (typed.role or typed.category or typed.way) and typed.level is None


def _values(rule: Rule, **changes: Any) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _COLUMNS} | changes


def _subject(row: LoanRule) -> trail.Subject:
    named = [row.role, row.category, str(row.level or ""), row.way]
    return trail.Subject("loan_rule", row.id, "/".join(part or "*" for part in named))


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)
