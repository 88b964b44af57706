"""Answers to conditions that no figure can tell: does it hold for this policy or claim, said by a person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import applies, is_in_force, is_open
from app.domain.errors import NotFound, WrongState
from app.domain.ids import new_id
from app.domain.policy import Action
from app.models.completeness import CompletenessRule, ConditionAnswer
from app.queries.completeness import Thing, find_thing, rule_of
from app.queries.completeness_facts import facts_of
from app.services import trail


def answer_condition(
    session: Session,
    actor: Actor,
    rule_id: int,
    *,
    policy_id: int | None = None,
    claim_id: int | None = None,
    holds: bool,
    now: datetime,
    today: date,
) -> None:
    """Keep what a person says of a condition; said again it replaces what was said before.

    Raises `NotFound`, `NotAllowed`, and `WrongState` for a condition that the figures answer.
    """
    thing = find_thing(session, actor, Action.MISSING_EDIT, policy_id=policy_id, claim_id=claim_id)
    row = session.get(CompletenessRule, rule_id)
    if row is None or not row.active or not is_in_force(rule_of(row), today):
        raise NotFound
    facts = facts_of(session, policy_id=thing.policy_id, claim_id=thing.claim_id, today=today)
    if not applies(rule_of(row), row.business, facts) or not is_open(rule_of(row), facts):
        raise WrongState("completeness.not_asked")
    answer = _find(session, rule_id, thing)
    if answer is None:
        answer = ConditionAnswer(id=new_id(), rule_id=rule_id, **thing.keys)
        session.add(answer)
    answer.holds, answer.answered_by, answer.answered_at = holds, actor.account_id, now
    session.flush()
    after = {"condition": row.condition_words or row.condition, "holds": "是" if holds else "否"}
    trail.record(session, actor, "condition_answered", subject_of(thing), now=now, after=after)


def subject_of(thing: Thing) -> trail.Subject:
    """Return a policy or claim as the trail names it."""
    kind, key = ("claim", thing.claim_id) if thing.claim_id is not None else ("policy", thing.policy_id)
    return trail.Subject(kind, key, thing.number, thing.customer_id)


def _find(session: Session, rule_id: int, thing: Thing) -> ConditionAnswer | None:
    """Return what was said before, locked: the unique key does not hold where an id is empty."""
    claim = ConditionAnswer.claim_id
    same = select(ConditionAnswer).where(
        ConditionAnswer.rule_id == rule_id,
        ConditionAnswer.policy_id == thing.policy_id,
        claim == thing.claim_id if thing.claim_id is not None else claim.is_(None),
    )
    return session.scalars(same.order_by(ConditionAnswer.id).limit(1).with_for_update()).first()
