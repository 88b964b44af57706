"""Reads of completeness 齐全性: the checklist of a policy or claim, or of a whole list of them, in a few selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import null, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import (
    WANTING,
    LineState,
    PaperForm,
    Rule,
    Verdict,
    applies,
    begins_on,
    decide,
    is_open,
    short_of,
    state_of,
)
from app.domain.conditions import Facts
from app.domain.errors import NotAllowed, NotFound
from app.domain.intake import Business
from app.domain.policy import Action
from app.models.claims import Claim
from app.models.completeness import CompletenessRule, MissingPaper
from app.models.customers import Customer
from app.models.intake import PaperType
from app.models.policies import Policy
from app.queries.completeness_facts import (
    Subject,
    facts_about,
    read_subject,
    subjects_of_claims,
    subjects_of_policies,
)
from app.queries.completeness_papers import Answer, Paper, answers_of, owed_of, papers_of
from app.queries.visibility import claims_for, policies_for

_RULE_FIELDS = tuple(Rule.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Thing:
    """A policy or claim whose papers are looked at; `claim_id` None for a policy."""

    policy_id: int
    claim_id: int | None
    number: str
    customer_id: int
    branch_id: int

    @property
    def keys(self) -> dict[str, int | None]:
        """Return what names it in answers and in the register."""
        return {"policy_id": self.policy_id, "claim_id": self.claim_id}


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A paper of a checklist: how it stands, in which form it is wanted, why, and what is owed of it."""

    rule_id: int
    paper_type_id: int
    code: str
    name: str
    state: LineState
    verdict: Verdict
    need: str
    form: str
    copies: int
    short: int  # copies that are still missing
    is_copy_only: bool  # an original is asked for, a copy is there
    hint: str
    basis: str
    condition: str
    condition_words: str
    is_asked: bool  # a person tells whether the condition holds
    answer: bool | None
    documents: tuple[int, ...]  # all that count
    seen: tuple[int, ...]  # those that the reader may open
    missing_id: int | None = None
    missing_version: int = 0
    due_on: date | None = None
    waiver_reason: str = ""
    waiver_asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a policy or claim needs for a business, and what of it is there: n of m."""

    business: str
    lines: tuple[ChecklistLine, ...]

    @property
    def needed(self) -> int:
        """Return how many papers are needed, without what was waived."""
        return sum(line.verdict is Verdict.NEEDED and line.state is not LineState.WAIVED for line in self.lines)

    @property
    def there(self) -> int:
        """Return how many of the needed are there."""
        return sum(line.verdict is Verdict.NEEDED and line.state is LineState.THERE for line in self.lines)

    @property
    def missing(self) -> tuple[ChecklistLine, ...]:
        """Return what is needed and not there, owed or not."""
        return tuple(line for line in self.lines if line.state in WANTING)

    @property
    def asked(self) -> tuple[ChecklistLine, ...]:
        """Return what a person has to tell first."""
        return tuple(line for line in self.lines if line.state is LineState.ASK)

    @property
    def is_complete(self) -> bool:
        """Say whether nothing is missing and nothing is left to ask."""
        return not self.missing and not self.asked


def find_thing(
    session: Session, actor: Actor, action: Action, *, policy_id: int | None = None, claim_id: int | None = None
) -> Thing:
    """Return the policy or claim on which `actor` may do `action`.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    statement: Any
    if claim_id is not None:
        statement = (
            select(
                Claim.policy_id,
                Claim.id,
                Claim.number,
                Claim.customer_id,
                Claim.branch_id,
                claims_for(actor, action),
            )
            .join(Customer, Customer.id == Claim.customer_id)
            .where(Claim.id == claim_id, claims_for(actor, Action.CLAIM_VIEW))
        )
    else:
        columns = (Policy.id, null(), Policy.number, Policy.customer_id, Policy.branch_id)
        statement = (
            select(*columns, policies_for(actor, action))
            .join(Customer, Customer.id == Policy.customer_id)
            .where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW))
        )
    row = session.execute(statement).first()
    if row is None:
        raise NotFound
    if not row[5]:
        raise NotAllowed(action)
    return Thing(*row[:5])


def checklist(
    session: Session,
    *,
    business: str,
    policy_id: int | None = None,
    claim_id: int | None = None,
    customer_id: int | None = None,
    today: date,
    line: str = "",
    actor: Actor | None = None,
) -> Checklist:
    """Return what a business of a policy or claim needs, and how each paper of it stands.

    Without policy and claim the checklist is for a business that begins, of `customer_id`, for a policy of `line`. With
    `actor` the documents that he may open are told apart. Raises `NotFound` for what is not there.
    """
    subject = read_subject(session, policy_id=policy_id, claim_id=claim_id, customer_id=customer_id)
    return _checklists(session, business, [subject], today, line, actor)[0]


def checklists_of_policies(session: Session, policy_ids: Sequence[int], today: date) -> Mapping[int, Checklist]:
    """Return the checklists of 投保 for the policies of a list, by id; as many selects as for one."""
    subjects = subjects_of_policies(session, policy_ids)
    made = _checklists(session, default_business(None), subjects, today)
    return {subject.policy.id: found for subject, found in zip(subjects, made, strict=True) if subject.policy}


def checklists_of_claims(session: Session, claim_ids: Sequence[int], today: date) -> Mapping[int, Checklist]:
    """Return the checklists of 理赔 for the claims of a list, by id; as many selects as for one."""
    subjects = subjects_of_claims(session, claim_ids)
    made = _checklists(session, Business.CLAIM, subjects, today)
    return {subject.claim.id: found for subject, found in zip(subjects, made, strict=True) if subject.claim}


def rules_for(session: Session, business: str, today: date) -> list[tuple[Rule, str, str]]:
    """Return the rules of a business that hold today, each with code and name of its paper."""
    rows = session.execute(
        select(CompletenessRule, PaperType.code, PaperType.name)
        .join(PaperType, PaperType.id == CompletenessRule.paper_type_id)
        .where(
            CompletenessRule.business == str(business),
            CompletenessRule.active,
            PaperType.active,
            CompletenessRule.effective_from <= today,
            or_(CompletenessRule.effective_to.is_(None), CompletenessRule.effective_to >= today),
        )
        .order_by(CompletenessRule.position, CompletenessRule.id)
    )
    return [(rule_of(row), code, name) for row, code, name in rows]


def rule_of(row: CompletenessRule) -> Rule:
    """Return a row of the table as the domain speaks of it."""
    return Rule(**{name: getattr(row, name) for name in _RULE_FIELDS})


def _checklists(
    session: Session,
    business: str,
    subjects: Sequence[Subject],
    today: date,
    line: str = "",
    actor: Actor | None = None,
) -> Sequence[Checklist]:
    """Return the checklist of each subject; everything is read for all of them at once."""
    rules = rules_for(session, business, today)
    since = begins_on(business, today)
    answers, owed = answers_of(session, subjects, since=since), owed_of(session, business, subjects, since=since)
    made = []
    for subject, papers in zip(subjects, papers_of(session, subjects, actor, since=since), strict=True):
        known = facts_about(subject, line, today)
        said, owes = (answers.get(subject.key, ()), owed.get(subject.key, {})) if subject.key else ((), {})
        made.append(Checklist(str(business), tuple(_lines(business, rules, known, said, owes, papers))))
    return made


def _lines(
    business: str,
    every: Sequence[tuple[Rule, str, str]],
    facts: Facts,
    said: Sequence[Answer],
    owed: Mapping[int, MissingPaper],
    papers: Mapping[int, Sequence[Paper]],
) -> Iterator[ChecklistLine]:
    rules = [rule for rule, _, _ in every if applies(rule, business, facts)]
    kinds = {rule.paper_type_id: (code, name) for rule, code, name in every}
    answers = _answers(rules, said)
    for rule, verdict in decide(rules, facts, answers):
        kind = rule.paper_type_id
        yield _line(rule, kinds[kind], verdict, facts, answers.get(rule.id), papers.get(kind, ()), owed.get(kind))


def _answers(rules: Sequence[Rule], said: Sequence[Answer]) -> dict[int, bool]:
    """Return what people said; an answer outlives an edit of its rule that leaves the condition as it was."""
    last = {(paper, condition): holds for paper, condition, holds in said}
    keys = {rule.id: (rule.paper_type_id, rule.condition) for rule in rules}
    return {rule_id: last[key] for rule_id, key in keys.items() if key in last}


def _line(
    rule: Rule,
    kind: tuple[str, str],
    verdict: Verdict,
    facts: Facts,
    answer: bool | None,
    papers: Sequence[Paper],
    owed: MissingPaper | None,
) -> ChecklistLine:
    short = short_of(rule, len(papers), sum(paper.is_original for paper in papers))
    made = ChecklistLine(
        rule_id=rule.id,
        paper_type_id=rule.paper_type_id,
        code=kind[0],
        name=kind[1],
        state=state_of(verdict, len(papers), short, owed.state if owed is not None else None),
        verdict=verdict,
        need=rule.need,
        form=rule.form,
        copies=rule.copies,
        short=short,
        is_copy_only=rule.form == PaperForm.ORIGINAL and bool(papers) and not any(one.is_original for one in papers),
        hint=rule.hint,
        basis=rule.basis,
        condition=rule.condition,
        condition_words=rule.condition_words,
        is_asked=is_open(rule, facts),
        answer=answer,
        documents=tuple(paper.id for paper in papers),
        seen=tuple(paper.id for paper in papers if paper.is_seen),
    )
    return made if owed is None else _with_owed(made, owed)


def _with_owed(line: ChecklistLine, owed: MissingPaper) -> ChecklistLine:
    return replace(
        line,
        missing_id=owed.id,
        missing_version=owed.version,
        due_on=owed.due_on,
        waiver_reason=owed.waiver_reason,
        waiver_asked_by=owed.waiver_asked_by,
    )


def default_business(claim_id: int | None) -> Business:
    """Return the checklist that a page shows first."""
    return Business.CLAIM if claim_id is not None else Business.APPLICATION


def find_by_number(session: Session, actor: Actor, number: str, *, is_claim: bool) -> dict[str, int] | None:
    """Return policy or claim by its number as `facts_of` takes it, None where the reader sees none."""
    text = number.strip().upper()
    if is_claim:
        claim = select(Claim.id).join(Customer, Customer.id == Claim.customer_id)
        found = session.scalar(claim.where(Claim.number == text, claims_for(actor, Action.CLAIM_VIEW)))
        return {"claim_id": found} if found is not None else None
    policy = select(Policy.id).join(Customer, Customer.id == Policy.customer_id)
    found = session.scalar(policy.where(Policy.number == text, policies_for(actor, Action.POLICY_VIEW)))
    return {"policy_id": found} if found is not None else None
