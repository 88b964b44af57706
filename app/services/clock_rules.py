"""New texts of the rules of clocks: a row of its own from a day on; what runs keeps the text under which it began."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.deadlines import ClockRule, Term
from app.domain.deadlines.rules import MOST_LENGTH
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.models.clocks import Clock, ClockRuleRow
from app.queries.clock_rules import may_change_clock_rules, texts_of
from app.queries.clocks import row_values, rule_of
from app.services import trail

EVENT = "clock_rule_changed"
MOST_BASIS, MOST_REMINDERS = 200, 10


@dataclass(frozen=True, slots=True)
class NewText:
    """What a new text says; what it does not say stays as in the last one.

    `complex_length` and `extension` count only where the rule knows a longer term or an extension.
    """

    length: int
    reminders: str  # "5 3 1"
    basis: str
    effective_from: date
    complex_length: int | None = None
    extension: int | None = None


def add_text(session: Session, actor: Actor, rule_id: int, typed: NewText, *, now: datetime, today: date) -> int:
    """Add a text that follows the last one of a rule, which ends the day before; return its id.

    Raises `NotFound`, `NotAllowed`, `Invalid` with a code for every field at fault.
    """
    require_may_change(session, actor)
    row = session.get(ClockRuleRow, rule_id, with_for_update=True)
    if row is None:
        raise NotFound
    rule = rule_of(row)
    problems = _problems(session, row, rule, typed, today)
    if problems:
        raise Invalid(problems)
    text = _rewritten(rule, typed)
    if _spoken(text) == _spoken(rule):
        raise Invalid.field("", "clock_rule.same")
    row.effective_to = typed.effective_from - timedelta(days=1)
    row.version += 1
    fresh = ClockRuleRow(id=new_id(), **row_values(text))
    session.add(fresh)
    session.flush()
    before, after = _spoken(rule), {**_spoken(text), "effective_from": typed.effective_from.isoformat()}
    trail.record(
        session, actor, EVENT, trail.Subject("clock_rule", fresh.id, row.code), now=now, before=before, after=after
    )
    return fresh.id


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` manages the root branch: rules, calendar and causes hold for the whole house."""
    if not may_change_clock_rules(session, actor):
        raise NotAllowed(Action.CASE_RULES)


def read_reminders(text: str) -> tuple[int, ...]:
    """Return the days of "5 3 1", whatever parts them; raises `ValueError`."""
    return tuple(int(part) for part in re.split(r"[\s,，、/]+", text.strip()) if part)


def _problems(
    session: Session, row: ClockRuleRow, rule: ClockRule, typed: NewText, today: date
) -> dict[str, list[str]]:
    longer, basis = rule.complex_term, clean_text(typed.basis)
    same_unit = longer is not None and longer.unit is rule.term.unit
    least = typed.length if same_unit else 0
    checks = (
        (1 <= typed.length <= MOST_LENGTH, "length", "clock_rule.length"),
        (longer is None or least < (typed.complex_length or 0) <= MOST_LENGTH, "complex_length", "clock_rule.complex"),
        (not rule.extension or 1 <= (typed.extension or 0) <= MOST_LENGTH, "extension", "clock_rule.extension"),
        (_are_reminders(typed), "reminders", "clock_rule.reminders"),
        (0 < len(basis) <= MOST_BASIS, "basis", "clock_rule.basis"),
        (texts_of(session, row.code)[0].id == row.id, "", "clock_rule.not_the_last"),
        (typed.effective_from > row.effective_from, "effective_from", "clock_rule.after_the_last"),
        (typed.effective_from >= today, "effective_from", "clock_rule.too_early"),
        (not _has_opened(session, row, typed.effective_from), "effective_from", "clock_rule.clocks_opened"),
    )
    problems: dict[str, list[str]] = {}
    for holds, name, code in checks:
        if not holds:
            problems.setdefault(name, []).append(code)
    return problems


def _are_reminders(typed: NewText) -> bool:
    try:
        days = read_reminders(typed.reminders)
    except ValueError:
        return False
    falling = list(days) == sorted(set(days), reverse=True)
    return falling and len(days) <= MOST_REMINDERS and all(1 <= before < typed.length for before in days)


def _has_opened(session: Session, row: ClockRuleRow, day: date) -> bool:
    """Say whether something began under the text on or after the day from which a new one would hold."""
    opened = select(Clock.id).where(Clock.rule_id == row.id, Clock.started_on >= day)
    return session.scalar(opened.limit(1)) is not None


def _rewritten(rule: ClockRule, typed: NewText) -> ClockRule:
    longer = rule.complex_term
    return replace(
        rule,
        term=Term(typed.length, rule.term.unit, rule.term.pauses),
        complex_term=Term(typed.complex_length or longer.length, longer.unit, longer.pauses) if longer else None,
        extension=(typed.extension or rule.extension) if rule.extension else 0,
        reminders=read_reminders(typed.reminders),
        basis=clean_text(typed.basis),
        effective_from=typed.effective_from,
        effective_to=None,
    )


def _spoken(rule: ClockRule) -> dict[str, str]:
    """Return what may differ between two texts, as the trail tells it."""
    values: dict[str, Any] = row_values(rule)
    names = ("length", "complex_length", "extension", "reminders", "basis")
    return {name: str(values[name] if values[name] is not None else "") for name in names}
