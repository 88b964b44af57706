"""Whether everything is there 齐全性: which rules speak of a thing, what each asks of it, and what a checklist comes to.

A rule is 必备, 条件 or 可选. Its scope (business, line, kind of customer, channel, kind of claim) is empty for any; a line may
be a whole class of insurance. Several rules may ask for one paper: the strongest decides. Source: 保险法 Art. 22, 23.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.conditions import Facts, parse
from app.domain.intake import Business


class Need(StrEnum):
    """How badly a paper is wanted."""

    REQUIRED = "required"  # 必备
    CONDITIONAL = "conditional"  # 条件
    OPTIONAL = "optional"  # 可选


class PaperForm(StrEnum):
    """In which form a paper is wanted."""

    ORIGINAL = "original"
    COPY = "copy"
    EITHER = "either"


class Verdict(StrEnum):
    """What a rule asks of a thing, the strongest first."""

    NEEDED = "needed"
    ASK = "ask"  # a person has to tell whether the condition holds
    OPTIONAL = "optional"
    NOT_NEEDED = "not_needed"


class LineState(StrEnum):
    """How a line of a checklist stands."""

    THERE = "there"
    MISSING = "missing"
    OWED = "owed"  # filed without it 缺件归档, waited for until a day
    WAIVER = "waiver"  # 免附 was asked for and not decided yet
    WAIVED = "waived"
    ASK = "ask"
    OPTIONAL = "optional"
    NOT_NEEDED = "not_needed"


class MissingState(StrEnum):
    """How a line of 欠件台账 stands."""

    OPEN = "open"
    WAIVER = "waiver"
    RECEIVED = "received"
    WAIVED = "waived"


STILL_OWED = frozenset({MissingState.OPEN, MissingState.WAIVER})
# What a second reading of the checklist may still ask for.
WANTING = frozenset({LineState.MISSING, LineState.OWED, LineState.WAIVER})
SERVICING_SPAN = timedelta(days=60)
_STRENGTH = {verdict: position for position, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its table keeps it."""

    id: int
    business: str
    line: str
    customer_kind: str
    channel: str
    claim_kind: str
    paper_type_id: int
    need: str
    condition: str = ""
    condition_words: str = ""
    form: str = PaperForm.EITHER.value
    copies: int = 1
    hint: str = ""
    basis: str = ""
    position: int = 0
    effective_from: date = date.min
    effective_to: date | None = None


def applies(rule: Rule, business: str, facts: Facts) -> bool:
    """Say whether a rule speaks of a thing at all."""
    return (
        rule.business == business
        and rule.line in ("", facts.get("line"), facts.get("insurance"))
        and rule.customer_kind in ("", facts.get("customer_kind"))
        and rule.channel in ("", facts.get("channel"))
        and rule.claim_kind in ("", facts.get("claim_kind"))
    )


def is_in_force(rule: Rule, day: date) -> bool:
    """Say whether a rule holds on a day."""
    return rule.effective_from <= day and (rule.effective_to is None or day <= rule.effective_to)


def judge(rule: Rule, facts: Facts, answer: bool | None = None) -> Verdict:
    """Return what a rule asks; `answer` is what a person said where the facts leave it open.

    Raises `ConditionError` for a condition that cannot be read.
    """
    if rule.need == Need.OPTIONAL and not rule.condition:
        return Verdict.OPTIONAL
    holds = parse(rule.condition).holds(facts) if rule.condition else True
    if holds is None:
        holds = answer
    if holds is None:
        return Verdict.ASK
    if not holds:
        return Verdict.NOT_NEEDED
    return Verdict.OPTIONAL if rule.need == Need.OPTIONAL else Verdict.NEEDED


def is_open(rule: Rule, facts: Facts) -> bool:
    """Say whether a person has to tell, or has told, if the condition holds."""
    return bool(rule.condition) and parse(rule.condition).holds(facts) is None


def decide(rules: Iterable[Rule], facts: Facts, answers: Mapping[int, bool]) -> Sequence[tuple[Rule, Verdict]]:
    """Return one deciding rule with its verdict for every kind of paper, in the order of the rules."""
    decided: dict[int, tuple[Rule, Verdict]] = {}
    for rule in rules:
        verdict = judge(rule, facts, answers.get(rule.id))
        kept = decided.get(rule.paper_type_id)
        if kept is None or _STRENGTH[verdict] < _STRENGTH[kept[1]]:
            decided[rule.paper_type_id] = (rule, verdict)
    return sorted(decided.values(), key=lambda one: (one[0].position, one[0].id))


def short_of(rule: Rule, papers: int, originals: int) -> int:
    """Return how many copies of a paper are still missing; a copy does not stand for an original, an original does for a copy."""
    return max(0, rule.copies - (originals if rule.form == PaperForm.ORIGINAL else papers))


def state_of(verdict: Verdict, papers: int, short: int, owed: str | None) -> LineState:
    """Return how a line stands; `owed` is the state of its line in 欠件台账, None when there is none.

    What is needed is there when none of it is short; anything else when there is a paper at all.
    """
    if papers and not (short and verdict is Verdict.NEEDED):
        return LineState.THERE
    if owed == MissingState.WAIVED:
        return LineState.WAIVED
    if verdict is not Verdict.NEEDED:
        return LineState(verdict.value)
    if owed == MissingState.WAIVER:
        return LineState.WAIVER
    return LineState.OWED if owed == MissingState.OPEN else LineState.MISSING


def begins_on(business: str, today: date) -> date | None:
    """Return the day from which papers, answers and letters are of the servicing 保全 that runs now; None for other businesses.

    A policy is applied for once and a claim has a number of its own, while servicing comes back: the request of last year
    does not stand for that of today.
    """
    return today - SERVICING_SPAN if business == Business.SERVICING else None


def reminder_day(due_on: date, reminded_on: date | None, today: date, offsets: Sequence[int]) -> int | None:
    """Return which reminder falls to `today`, as days from the due day; None when there is none or it was given.

    Days that nobody worked are made up for: of several that were missed only the last is given.
    """
    reached = [offset for offset in offsets if (today - due_on).days >= offset]
    if not reached:
        return None
    last = max(reached)
    is_given = reminded_on is not None and (reminded_on - due_on).days >= last
    return None if is_given else last
