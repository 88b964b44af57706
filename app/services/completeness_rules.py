"""Keeping the rules of completeness: seeding them, adding, replacing and switching off, each with its basis.

A rule that is changed ends, and another begins: what was judged by the old text keeps it.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claims import ClaimKind
from app.domain.completeness import Need, PaperForm, Rule
from app.domain.completeness_seeds import all_seeds
from app.domain.conditions import CUSTOMER_KINDS, ConditionError, parse
from app.domain.errors import ChangedMeanwhile, Difference, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.intake import Business
from app.domain.normal import clean_text
from app.domain.policies import Channel
from app.domain.policy import Action
from app.domain.product_lines import InsuranceClass, ProductLine
from app.models.completeness import CompletenessRule
from app.models.intake import PaperType
from app.queries.completeness_rules import may_change_rules
from app.services import trail

MOST_COPIES = 9
SHIPPED = date(2026, 1, 1)  # the checklists as shipped hold from here on
_TEXTS = ("condition", "condition_words", "hint", "basis")
_VALUES = tuple(item.name for item in fields(Rule) if item.name not in ("id", "position"))


def seed_completeness(session: Session) -> None:
    """Write the checklists as shipped where there are none yet; their kinds of paper must be there."""
    if session.scalar(select(CompletenessRule.id).limit(1)) is not None:
        return
    kinds = {code: key for code, key in session.execute(select(PaperType.code, PaperType.id))}
    columns = [name for name in _VALUES if name not in ("paper_type_id", "effective_from", "effective_to")]
    session.add_all(
        CompletenessRule(
            id=new_id(),
            paper_type_id=kinds[seed.paper],
            effective_from=SHIPPED,
            position=position,
            **{name: str(value) if not isinstance(value := getattr(seed, name), int) else value for name in columns},
        )
        for position, seed in enumerate(all_seeds(), 1)
        if seed.paper in kinds
    )
    session.flush()


def add_rule(session: Session, actor: Actor, typed: Rule, *, now: datetime, today: date) -> int:
    """Add a rule and return its id; raises `NotAllowed`, `Invalid`."""
    require_may_change(session, actor)
    checked = check_rule(session, typed, today)
    last = session.scalar(
        select(func.max(CompletenessRule.position)).where(CompletenessRule.business == checked.business)
    )
    row = _add(session, checked, position=(last or 0) + 1)
    _note(session, actor, "completeness_rule_added", row, now=now, after=_shown(row))
    return row.id


def replace_rule(
    session: Session, actor: Actor, rule_id: int, typed: Rule, *, version: int, now: datetime, today: date
) -> int:
    """Let a rule end and its new text begin on the day typed; return the id of the new one.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`, `WrongState` for one that ended already.
    """
    require_may_change(session, actor)
    old = _lock(session, rule_id, version)
    checked = check_rule(session, typed, today)
    if old.effective_to is not None or not old.active:
        raise WrongState("completeness_rule.ended")
    before = _shown(old)
    old.effective_to = checked.effective_from - timedelta(days=1)
    old.version += 1
    row = _add(session, replace(checked, effective_to=None), position=old.position)
    after = {name: text for name, text in _shown(row).items() if before[name] != text}
    _note(session, actor, "completeness_rule_changed", row, now=now, before={n: before[n] for n in after}, after=after)
    return row.id


def switch_off(session: Session, actor: Actor, rule_id: int, *, version: int, now: datetime, today: date) -> None:
    """Let a rule end yesterday; raises `NotFound`, `NotAllowed`, `ChangedMeanwhile`, `WrongState`."""
    require_may_change(session, actor)
    row = _lock(session, rule_id, version)
    if not row.active:
        raise WrongState("completeness_rule.ended")
    row.active, row.version = False, row.version + 1
    row.effective_to = min(row.effective_to or date.max, today - timedelta(days=1))
    _note(session, actor, "completeness_rule_ended", row, now=now, before={"active": "是"}, after={"active": "否"})


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` keeps the rules: the archivist of the root branch."""
    if not may_change_rules(session, actor):
        raise NotAllowed(Action.INTAKE_RULES)


def check_rule(session: Session, typed: Rule, today: date) -> Rule:
    """Return a rule as it may be kept; raises `Invalid`."""
    cleaned: dict[str, Any] = {name: clean_text(getattr(typed, name)) for name in _TEXTS}
    clean = replace(typed, **cleaned)
    kind = session.get(PaperType, clean.paper_type_id)
    checks = (
        (clean.business in set(Business), "business", "completeness_rule.choice"),
        (clean.line in {"", *InsuranceClass, *ProductLine}, "line", "completeness_rule.choice"),
        (clean.customer_kind in ("", *CUSTOMER_KINDS), "customer_kind", "completeness_rule.choice"),
        (clean.channel in {"", *Channel}, "channel", "completeness_rule.choice"),
        (clean.claim_kind in {"", *ClaimKind}, "claim_kind", "completeness_rule.choice"),
        (not clean.claim_kind or clean.business == Business.CLAIM, "claim_kind", "completeness_rule.not_a_claim"),
        (kind is not None and kind.active, "paper_type_id", "completeness_rule.choice"),
        (clean.need in set(Need), "need", "completeness_rule.choice"),
        (clean.form in set(PaperForm), "form", "completeness_rule.choice"),
        (1 <= clean.copies <= MOST_COPIES, "copies", "completeness_rule.copies"),
        (clean.need != Need.CONDITIONAL or bool(clean.condition), "condition", "completeness_rule.condition_missing"),
        (clean.need != Need.REQUIRED or not clean.condition, "condition", "completeness_rule.condition_required"),
        (not clean.condition or bool(clean.condition_words), "condition_words", "completeness_rule.words_missing"),
        (bool(clean.basis), "basis", "rules.basis_missing"),
        (clean.effective_from >= today, "effective_from", "completeness_rule.effective_before"),
    )
    problems = {name: [code] for holds, name, code in checks if not holds}
    if clean.condition and "condition" not in problems:
        try:
            parse(clean.condition)
        except ConditionError as error:
            problems["condition"] = [error.fault.value]
    if problems:
        raise Invalid(problems)
    return clean


def _add(session: Session, rule: Rule, *, position: int) -> CompletenessRule:
    row = CompletenessRule(id=new_id(), position=position, **{name: getattr(rule, name) for name in _VALUES})
    session.add(row)
    session.flush()
    return row


def _lock(session: Session, rule_id: int, version: int) -> CompletenessRule:
    row = session.get(CompletenessRule, rule_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.version != version:
        raise ChangedMeanwhile([Difference("effective_to", "", str(row.effective_to or ""))], row.version)
    return row


def _shown(row: CompletenessRule) -> dict[str, str]:
    return {name: "" if (value := getattr(row, name)) is None else str(value) for name in _VALUES}


def _note(session: Session, actor: Actor, event: str, row: CompletenessRule, *, now: datetime, **texts: Any) -> None:
    session.flush()
    scope = [row.business, row.line, row.customer_kind, row.channel, row.claim_kind]
    label = "/".join(part or "*" for part in scope)
    trail.record(session, actor, event, trail.Subject("completeness_rule", row.id, label), now=now, **texts)
