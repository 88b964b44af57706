"""The rules of clocks as their screen shows them, and who may give them a new text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.deadlines import SEED_RULES, RuleKind
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.clocks import ClockRuleRow

_PLACES = {rule.code: place for place, rule in enumerate(SEED_RULES)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all its texts: those in force and to come, the youngest first, and those that are over."""

    code: str
    kind: str
    current: tuple[ClockRuleRow, ...]
    older: tuple[ClockRuleRow, ...]

    @property
    def last(self) -> ClockRuleRow:
        """The text that a new one follows."""
        return max((*self.current, *self.older), key=lambda row: row.effective_from)


def may_change_clock_rules(session: Session, actor: Actor) -> bool:
    """Say whether `actor` keeps rules, calendar and causes: they hold for the whole house, so its root branch decides."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return root is not None and may(actor, Action.CASE_RULES, Target(root))


def list_rules(session: Session, today: date) -> dict[str, tuple[Rule, ...]]:
    """Return the rules by kind, in the order of the seed."""
    texts: dict[str, list[ClockRuleRow]] = {}
    for row in session.scalars(select(ClockRuleRow)):
        texts.setdefault(row.code, []).append(row)
    rules = [_rule(code, texts[code], today) for code in sorted(texts, key=place_of)]
    return {kind.value: tuple(rule for rule in rules if rule.kind == kind) for kind in RuleKind}


def place_of(code: str) -> tuple[int, str]:
    """Return where a rule stands in a list: as the seed has it, others after."""
    return _PLACES.get(code, len(_PLACES)), code


def read_rule(session: Session, rule_id: int) -> ClockRuleRow:
    """Return one text of a rule; raises `NotFound`."""
    row = session.get(ClockRuleRow, rule_id)
    if row is None:
        raise NotFound
    return row


def texts_of(session: Session, code: str) -> Sequence[ClockRuleRow]:
    """Return all texts of a rule, the youngest first."""
    rows = select(ClockRuleRow).where(ClockRuleRow.code == code).order_by(ClockRuleRow.effective_from.desc())
    return session.scalars(rows).all()


def _rule(code: str, rows: Sequence[ClockRuleRow], today: date) -> Rule:
    fresh_first = sorted(rows, key=lambda row: row.effective_from, reverse=True)
    current = tuple(row for row in fresh_first if row.effective_to is None or row.effective_to >= today)
    return Rule(code, rows[0].kind, current, tuple(row for row in fresh_first if row not in current))
