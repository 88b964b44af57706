"""What a rule says of one policy or claim, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.completeness import Rule, Verdict, applies, judge
from app.domain.conditions import FACTS, Kind, parse
from app.domain.errors import Invalid
from app.domain.intake import Business
from app.queries.completeness import find_by_number
from app.queries.completeness_facts import facts_of
from app.web.completeness_labels import WORDS
from app.web.identity import the_actor
from app.web.transactions import reading


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule says of a thing: does it speak of it, what does it ask, and what was known."""

    number: str
    applies: bool
    verdict: str
    known: tuple[tuple[str, Any], ...]


def try_rule(rule: Rule, number: str, today: date) -> Tried:
    """Return what a rule says of the policy or claim with a number; raises `Invalid` for a number nobody has."""
    is_claim = rule.business == Business.CLAIM
    found = find_by_number(reading(), the_actor(), number, is_claim=is_claim)
    if found is None:
        raise Invalid.field("number", "completeness_rule.number")
    facts = facts_of(reading(), **found, today=today)
    spoken = applies(rule, rule.business, facts)
    verdict = judge(rule, facts) if spoken else Verdict.NOT_NEEDED
    names = parse(rule.condition).names if rule.condition else frozenset()
    known = tuple(
        (fact.chinese, _words(fact.name, fact.kind, facts.get(fact.name))) for fact in FACTS if fact.name in names
    )
    return Tried(number, spoken, verdict.value, known)


def _words(name: str, kind: Kind, value: Any) -> Any:
    if value is None:
        return ""
    if kind is Kind.FLAG:
        return value
    return WORDS.get(name, {}).get(value, value)
