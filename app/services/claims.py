"""Keeping claims 赔案: registering them under a policy, changing their particulars, moving them from node to node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_particulars import AMOUNTS, ClaimParticulars, check_claim
from app.domain.claims import ClaimStatus, TransitionRefused, check_claim_transition, starts_retention
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.money import format_cents
from app.domain.policy import Action, Target, may
from app.domain.policy_terms import insurance_class_of
from app.domain.product_lines import InsuranceClass
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.visibility import claims_for, policies_for
from app.services import outbox, trail
from app.services.changes import apply_changes, require_version
from app.services.claim_clocks import LOOKED_AT, keep_claim_clocks


def create_claim(
    session: Session,
    actor: Actor,
    policy_id: int,
    typed: ClaimParticulars,
    *,
    status: ClaimStatus = ClaimStatus.REPORTED,
    now: datetime,
    today: date,
) -> int:
    """Register a claim under a policy and return its id; customer and branch are those of the policy's holder.

    Raises `NotFound` for a policy that the actor may not see, `NotAllowed`, `Invalid`.
    """
    row = session.execute(
        select(Policy, Customer)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW))
    ).first()
    if row is None:
        raise NotFound
    policy, holder = row
    if not may(actor, Action.CLAIM_EDIT, Target(holder.branch_id, holder.level, holder.agent_id)):
        raise NotAllowed(Action.CLAIM_EDIT)
    checked = check_claim(typed, status, insurance_class_of(policy.line), today)
    _refuse_taken_number(session, checked.number)
    claim = Claim(
        id=new_id(),
        policy_id=policy.id,
        customer_id=holder.id,
        branch_id=holder.branch_id,
        status=status,
        created_by=actor.account_id,
        created_at=now,
        updated_at=now,
        **asdict(checked),
    )
    session.add(claim)
    keep_claim_clocks(session, actor, claim, now=now)
    values = {"status": status, "policy": policy.number, **asdict(checked)}
    after = {name: show(name, value) for name, value in values.items() if value not in (None, "", 0)}
    _note(session, actor, "claim_created", claim, now=now, after=after)
    return claim.id


def edit_claim(
    session: Session,
    actor: Actor,
    claim_id: int,
    typed: ClaimParticulars,
    *,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Change the particulars of a claim; its node has a way of its own.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    claim = load_claim(session, actor, claim_id, Action.CLAIM_EDIT)
    checked = check_claim(typed, ClaimStatus(claim.status), _class_of(session, claim), today)
    _refuse_taken_number(session, checked.number, but=claim_id)
    _change(session, actor, claim, asdict(checked), version=version, now=now)


def change_status(
    session: Session,
    actor: Actor,
    claim_id: int,
    target: ClaimStatus,
    *,
    closed_on: date | None = None,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Move a claim on to the node `target`; closing needs a day and an outcome, reopening takes the day away.

    Raises `NotFound`, `NotAllowed`, `Invalid` also for a step that the trade does not know, `ChangedMeanwhile`.
    """
    claim = load_claim(session, actor, claim_id, Action.CLAIM_EDIT)
    require_version(claim, {"status": target}, version=version, show=show)
    try:
        check_claim_transition(ClaimStatus(claim.status), target)
    except TransitionRefused as refused:
        raise Invalid.field("status", "claim.transition") from refused
    day = (closed_on or claim.closed_on) if starts_retention(target) else None
    if starts_retention(target):
        # What was good enough for an open case may be too little for a closed one: outcome, payment, dates.
        check_claim(replace(_particulars_of(claim), closed_on=day), target, _class_of(session, claim), today)
    _change(session, actor, claim, {"status": target.value, "closed_on": day}, version=version, now=now)


def load_claim(session: Session, actor: Actor, claim_id: int, action: Action) -> Claim:
    """Return a claim on which `actor` may do `action`, locked.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    joined = select(Claim).join(Customer, Customer.id == Claim.customer_id).where(Claim.id == claim_id)
    found = session.scalar(joined.where(claims_for(actor, action)).with_for_update(of=Claim))
    if found is not None:
        return found
    if session.scalar(joined.where(claims_for(actor, Action.CLAIM_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def note_view(session: Session, actor: Actor, claim_id: int, number: str, customer_id: int, *, now: datetime) -> None:
    """Write down that a claim was opened."""
    trail.record(session, actor, "claim_viewed", trail.Subject("claim", claim_id, number, customer_id), now=now)


def show(field: str, value: Any) -> str:
    """Return a value as the trail and the conflict page show it."""
    if value in (None, ""):
        return ""
    return format_cents(value) if field in AMOUNTS else str(value)


def _refuse_taken_number(session: Session, number: str, *, but: int = 0) -> None:
    if session.scalar(select(Claim.id).where(Claim.number == number, Claim.id != but)) is not None:
        raise Invalid.field("number", "claim.number_taken")


def _class_of(session: Session, claim: Claim) -> InsuranceClass:
    return insurance_class_of(session.scalars(select(Policy.line).where(Policy.id == claim.policy_id)).one())


def _change(
    session: Session, actor: Actor, claim: Claim, values: Mapping[str, Any], *, version: int, now: datetime
) -> None:
    before, after = apply_changes(claim, values, version=version, show=show)
    if after:
        claim.updated_at = now
        if LOOKED_AT & set(after):
            keep_claim_clocks(session, actor, claim, now=now)
        _note(session, actor, "claim_changed", claim, now=now, before=before, after=after)


def _note(session: Session, actor: Actor, event: str, claim: Claim, *, now: datetime, **texts: Any) -> None:
    session.flush()
    subject = trail.Subject("claim", claim.id, claim.number, claim.customer_id)
    trail.record(session, actor, event, subject, now=now, **texts)
    outbox.announce(session, "claim", claim.id, now=now)


def _particulars_of(claim: Claim) -> ClaimParticulars:
    return ClaimParticulars(**{item.name: getattr(claim, item.name) for item in fields(ClaimParticulars)})
