"""Keeping policies 保单: registering them, changing their terms and status, who is what in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.money import format_cents
from app.domain.policies import PartyRole, PolicyStatus, TransitionRefused, check_transition
from app.domain.policy import Action, Target, may
from app.domain.policy_terms import AMOUNTS, PolicyTerms, check_ending, check_terms, insurance_class_of
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.queries.visibility import customers_for, policies_for
from app.services import outbox, trail
from app.services.changes import apply_changes, require_version


def create_policy(
    session: Session,
    actor: Actor,
    customer_id: int,
    typed: PolicyTerms,
    *,
    status: PolicyStatus,
    holder_is_insured: bool = True,
    now: datetime,
    today: date,
) -> int:
    """Register a policy in its holder's file and return its id; the branch is the holder's.

    Raises `NotFound` for a customer that the actor may not see, `NotAllowed`, `Invalid`.
    """
    holder = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    )
    if holder is None:
        raise NotFound
    if not may(actor, Action.POLICY_EDIT, Target(holder.branch_id, holder.level, holder.agent_id)):
        raise NotAllowed(Action.POLICY_EDIT)
    checked = check_terms(typed, status, today)
    refuse_taken_number(session, checked.number)
    policy = Policy(
        id=new_id(),
        customer_id=holder.id,
        branch_id=holder.branch_id,
        status=status,
        created_by=actor.account_id,
        created_at=now,
        updated_at=now,
        **asdict(checked),
    )
    session.add(policy)
    session.flush()
    roles = (PartyRole.HOLDER, PartyRole.INSURED) if holder_is_insured else (PartyRole.HOLDER,)
    session.add_all(Party(policy_id=policy.id, customer_id=holder.id, role=role) for role in roles)
    note(session, actor, "policy_created", policy, now=now, after=_written({"status": status, **asdict(checked)}))
    return policy.id


def edit_policy(
    session: Session,
    actor: Actor,
    policy_id: int,
    typed: PolicyTerms,
    *,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Change the terms of a policy; its status has a way of its own.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    policy = load_policy(session, actor, policy_id, Action.POLICY_EDIT)
    checked = check_terms(typed, PolicyStatus(policy.status), today)
    refuse_taken_number(session, checked.number, but=policy_id)
    _change(session, actor, policy, asdict(checked), version=version, now=now)


def change_status(
    session: Session,
    actor: Actor,
    policy_id: int,
    target: PolicyStatus,
    *,
    ended_on: date | None = None,
    reason: str = "",
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Move a policy on to `target`; one that ends needs the day of its end and may say why.

    Raises `NotFound`, `NotAllowed`, `Invalid` also for a step that the trade does not know, `ChangedMeanwhile`.
    """
    policy = load_policy(session, actor, policy_id, Action.POLICY_EDIT)
    require_version(policy, {"status": target}, version=version, show=show)
    try:
        check_transition(PolicyStatus(policy.status), target, insurance_class_of(policy.line))
    except TransitionRefused as refused:
        raise Invalid.field("status", "policy.transition") from refused
    _set_status(session, actor, policy, target, ended_on, reason, version=version, now=now, today=today)


def correct_status(
    session: Session,
    actor: Actor,
    policy_id: int,
    target: PolicyStatus,
    *,
    ended_on: date | None = None,
    reason: str,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Put right a status that was typed wrongly 更正: any status, for a reason that the trail keeps.

    Raises what `change_status` raises, and `Invalid` without a reason.
    """
    policy = load_policy(session, actor, policy_id, Action.POLICY_EDIT)
    if not reason.strip():
        raise Invalid.field("reason", "policy.correction_reason")
    _set_status(session, actor, policy, target, ended_on, reason, version=version, now=now, today=today, why=reason)


def load_policy(session: Session, actor: Actor, policy_id: int, action: Action) -> Policy:
    """Return a policy on which `actor` may do `action`, locked.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    joined = select(Policy).join(Customer, Customer.id == Policy.customer_id).where(Policy.id == policy_id)
    found = session.scalar(joined.where(policies_for(actor, action)).with_for_update(of=Policy))
    if found is not None:
        return found
    if session.scalar(joined.where(policies_for(actor, Action.POLICY_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def note_view(session: Session, actor: Actor, policy_id: int, number: str, customer_id: int, *, now: datetime) -> None:
    """Write down that a policy was opened."""
    trail.record(session, actor, "policy_viewed", trail.Subject("policy", policy_id, number, customer_id), now=now)


def note(session: Session, actor: Actor, event: str, policy: Policy, *, now: datetime, **texts: Any) -> None:
    """Write what happened to a policy into the trail and tell the index."""
    session.flush()
    subject = trail.Subject("policy", policy.id, policy.number, policy.customer_id)
    trail.record(session, actor, event, subject, now=now, **texts)
    outbox.announce(session, "policy", policy.id, now=now)


def refuse_taken_number(session: Session, number: str, *, but: int = 0) -> None:
    """Raise `Invalid` when another policy, seen or not, has this number."""
    if session.scalar(select(Policy.id).where(Policy.number == number, Policy.id != but)) is not None:
        raise Invalid.field("number", "policy.number_taken")


def show(field: str, value: Any) -> str:
    """Return a value as the trail and the conflict page show it."""
    if value in (None, ""):
        return ""
    return format_cents(value) if field in AMOUNTS else str(value)


def _set_status(
    session: Session,
    actor: Actor,
    policy: Policy,
    target: PolicyStatus,
    ended_on: date | None,
    reason: str,
    *,
    version: int,
    now: datetime,
    today: date,
    why: str = "",
) -> None:
    text = "" if ended_on is None else reason.strip()[:60]
    check_ending(replace(_terms_of(policy), terminated_on=ended_on, termination_reason=text), target, today)
    values = {"status": target.value, "terminated_on": ended_on, "termination_reason": text}
    _change(session, actor, policy, values, version=version, now=now, reason=why.strip())


def _change(
    session: Session,
    actor: Actor,
    policy: Policy,
    values: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
    reason: str = "",
) -> None:
    before, after = apply_changes(policy, values, version=version, show=show)
    if after:
        policy.updated_at = now
        note(session, actor, "policy_changed", policy, now=now, before=before, after=after, reason=reason)


def _terms_of(policy: Policy) -> PolicyTerms:
    return PolicyTerms(**{item.name: getattr(policy, item.name) for item in fields(PolicyTerms)})


def _written(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: show(name, value) for name, value in values.items() if value not in (None, "", 0)}
