"""Reads of completeness 齐全性: the checklist of a policy or claim, with everything a rule may ask about, in a few selects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, null, or_, select, true
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import (
    WANTING,
    LineState,
    MissingState,
    Rule,
    Verdict,
    applies,
    decide,
    is_open,
    state_of,
)
from app.domain.conditions import Facts, Value
from app.domain.errors import NotAllowed, NotFound
from app.domain.intake import Business
from app.domain.policies import PartyRole
from app.domain.policy import Action
from app.domain.product_lines import ProductLine, class_of
from app.models.claims import Claim
from app.models.completeness import CompletenessRule, ConditionAnswer, MissingPaper
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.intake import PaperType
from app.models.policies import Party, Policy
from app.queries.visibility import claims_for, documents_for, policies_for

ADULT = 18
PERSONAL_CLASS = "1"  # classes 1x 客户基本信息: a paper about the person serves every policy of his
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
    policy, claim, customer = _load(session, policy_id, claim_id, customer_id)
    parties = _parties(session, policy.id) if policy is not None else ()
    facts = _facts(policy, claim, customer, parties, line, today)
    rows = rules_for(session, business, today)
    rules = [rule for rule, _, _ in rows if applies(rule, business, facts)]
    kinds = {rule.paper_type_id: (code, name) for rule, code, name in rows}
    answers = _answers(session, rules, policy, claim)
    owed = _owed(session, business, policy, claim)
    people = {customer.id, *(person.id for _, person in parties)}
    documents = _documents(session, policy, claim, people, actor)
    lines = []
    for rule, verdict in decide(rules, facts, answers):
        code, name = kinds[rule.paper_type_id]
        made = _line(rule, verdict, facts, answers.get(rule.id), documents.get(rule.paper_type_id, ()))
        lines.append(replace(_with_owed(made, owed.get(rule.paper_type_id)), code=code, name=name))
    return Checklist(str(business), tuple(lines))


def facts_of(
    session: Session, *, policy_id: int | None = None, claim_id: int | None = None, today: date
) -> dict[str, Value]:
    """Return what is known of a policy or claim; raises `NotFound`."""
    policy, claim, customer = _load(session, policy_id, claim_id, None)
    parties = _parties(session, policy.id) if policy is not None else ()
    return _facts(policy, claim, customer, parties, "", today)


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


def _load(
    session: Session, policy_id: int | None, claim_id: int | None, customer_id: int | None
) -> tuple[Policy | None, Claim | None, Customer]:
    found: Any
    if claim_id is not None:
        joined = select(Policy, Claim, Customer).join(Claim, Claim.policy_id == Policy.id)
        found = session.execute(joined.join(Customer, Customer.id == Claim.customer_id).where(Claim.id == claim_id))
    elif policy_id is not None:
        joined = select(Policy, null(), Customer)
        found = session.execute(joined.join(Customer, Customer.id == Policy.customer_id).where(Policy.id == policy_id))
    else:
        customer = session.get(Customer, customer_id) if customer_id is not None else None
        if customer is None:
            raise NotFound
        return None, None, customer
    row = found.first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def _parties(session: Session, policy_id: int) -> Sequence[tuple[str, Customer]]:
    rows = session.execute(
        select(Party.role, Customer)
        .join(Customer, Customer.id == Party.customer_id)
        .where(Party.policy_id == policy_id)
    )
    return [(role, person) for role, person in rows]


def _facts(
    policy: Policy | None,
    claim: Claim | None,
    customer: Customer,
    parties: Sequence[tuple[str, Customer]],
    line: str,
    today: date,
) -> dict[str, Value]:
    income = customer.annual_income or ""
    known: dict[str, Value] = {
        "customer_kind": customer.kind,
        "income": _yuan(int(income)) if income.isdigit() else None,
        **_line_facts(policy.line if policy is not None else line),
    }
    day = (policy.applied_on or policy.effective_on if policy is not None else None) or today
    holder = customer
    if policy is not None:
        known |= _policy_facts(policy)
        holder = next((person for role, person in parties if role == PartyRole.HOLDER), customer)
        insured = [person for role, person in parties if role == PartyRole.INSURED] or [holder]
        ages = [years for person in insured if (years := _age(person.birth_date, day)) is not None]
        known["insured_age"] = min(ages, default=None)
        known["minor"] = min(ages) < ADULT if ages else None
        known["own_life"] = all(person.id == holder.id for person in insured)
    known["age"] = _age(holder.birth_date, day)
    if claim is not None:
        # A case that is not decided is not refused: nobody is asked about its outcome yet.
        known |= {"claim_kind": claim.kind, "outcome": claim.outcome or "none", "claimed": _yuan(claim.amount_claimed)}
    return known


def _line_facts(line: str) -> dict[str, Value]:
    known = line in set(ProductLine)
    return {"line": line or None, "insurance": class_of(ProductLine(line)).value if known else None}


def _policy_facts(policy: Policy) -> dict[str, Value]:
    return {
        "design_type": policy.design_type or "ordinary",
        "term_kind": policy.term_kind,
        "channel": policy.channel,
        "pay_mode": policy.pay_mode,
        "pay_years": Decimal(policy.pay_years) if policy.pay_years is not None else None,
        "amount": _yuan(policy.insured_amount),
        "premium": _yuan(policy.premium),
    }


def _yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _age(birth: date | None, day: date) -> Decimal | None:
    if birth is None:
        return None
    return Decimal(day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


def _answers(session: Session, rules: Sequence[Rule], policy: Policy | None, claim: Claim | None) -> dict[int, bool]:
    """Return what people said; an answer outlives an edit of its rule that leaves the condition as it was."""
    holder = _holder(ConditionAnswer, policy, claim)
    if holder is None:
        return {}
    rows = session.execute(
        select(CompletenessRule.paper_type_id, CompletenessRule.condition, ConditionAnswer.holds)
        .join(CompletenessRule, CompletenessRule.id == ConditionAnswer.rule_id)
        .where(holder)
        .order_by(ConditionAnswer.answered_at, ConditionAnswer.id)
    )
    said = {(paper, condition): bool(holds) for paper, condition, holds in rows}
    keys = {rule.id: (rule.paper_type_id, rule.condition) for rule in rules}
    return {rule_id: said[key] for rule_id, key in keys.items() if key in said}


def _owed(session: Session, business: str, policy: Policy | None, claim: Claim | None) -> Mapping[int, MissingPaper]:
    """Return the line of 欠件台账 that counts for each kind of paper: one that is owed before one that was waived."""
    holder = _holder(MissingPaper, policy, claim)
    if holder is None:
        return {}
    rows = session.scalars(
        select(MissingPaper)
        .where(holder, MissingPaper.business == str(business), MissingPaper.state != MissingState.RECEIVED.value)
        .order_by(MissingPaper.state == MissingState.WAIVED.value, MissingPaper.id.desc())
    )
    owed: dict[int, MissingPaper] = {}
    for row in rows:
        owed.setdefault(row.paper_type_id, row)
    return owed


def _holder(model: Any, policy: Policy | None, claim: Claim | None) -> ColumnElement[bool] | None:
    if claim is not None:
        return and_(model.claim_id == claim.id)
    return and_(model.policy_id == policy.id, model.claim_id.is_(None)) if policy is not None else None


def _documents(
    session: Session, policy: Policy | None, claim: Claim | None, people: set[int], actor: Actor | None
) -> dict[int, list[tuple[int, bool]]]:
    """Return the documents that count, by kind of paper, each with whether the reader may open it."""
    own: ColumnElement[bool] = false()
    if claim is not None:
        own = Document.claim_id == claim.id
    elif policy is not None:
        own = and_(Document.policy_id == policy.id, Document.claim_id.is_(None))
    about_people = and_(
        Document.customer_id.in_(sorted(people)), PaperType.business == "", Category.code.startswith(PERSONAL_CLASS)
    )
    rows = session.execute(
        select(
            Document.paper_type_id,
            Document.id,
            documents_for(actor, Action.DOCUMENT_VIEW) if actor is not None else true(),
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(PaperType, PaperType.id == Document.paper_type_id)
        .join(Category, Category.id == PaperType.category_id)
        .where(or_(own, about_people), Document.state != "destroyed")
        .order_by(Document.id)
    )
    found: dict[int, list[tuple[int, bool]]] = {}
    for paper_type_id, document_id, is_seen in rows:
        found.setdefault(paper_type_id or 0, []).append((document_id, bool(is_seen)))
    return found


def _line(
    rule: Rule,
    verdict: Verdict,
    facts: Facts,
    answer: bool | None,
    documents: Sequence[tuple[int, bool]],
) -> ChecklistLine:
    return ChecklistLine(
        rule_id=rule.id,
        paper_type_id=rule.paper_type_id,
        code="",
        name="",
        state=state_of(verdict, len(documents), None),
        verdict=verdict,
        need=rule.need,
        form=rule.form,
        copies=rule.copies,
        hint=rule.hint,
        basis=rule.basis,
        condition=rule.condition,
        condition_words=rule.condition_words,
        is_asked=is_open(rule, facts),
        answer=answer,
        documents=tuple(document_id for document_id, _ in documents),
        seen=tuple(document_id for document_id, is_seen in documents if is_seen),
    )


def _with_owed(line: ChecklistLine, owed: MissingPaper | None) -> ChecklistLine:
    if owed is None:
        return line
    return replace(
        line,
        state=state_of(line.verdict, len(line.documents), owed.state),
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
