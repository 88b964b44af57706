"""Service duties 服务时限事项: registered under a customer or a policy, noted until they are done, or made void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_clocks import is_personal
from app.domain.deadlines import ClockRule, Event, EventKind, Ground
from app.domain.duties import (
    DutyState,
    beginning_of,
    is_duty_rule,
    is_for_personal_insurance,
    require_open,
    steps_of,
)
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import first_moment, office_day
from app.domain.policy import Action, Target, may
from app.models.clocks import Clock, ClockRuleRow, ServiceDuty
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.clocks import rule_of, rule_row_on, standings_of
from app.queries.duties import is_owner
from app.queries.visibility import customers_for
from app.services import trail
from app.services.changes import require_version
from app.services.clock_judging import keep_due_day
from app.services.clocks import DUTY, add_event, open_clock

LONGEST_NOTE, LONGEST_PROOF = 300, 120


@dataclass(frozen=True, slots=True)
class Progress:
    """What happened to a duty on a day; a pause names its proof."""

    kind: str
    day: date
    proof: str = ""


def open_duty(
    session: Session,
    actor: Actor,
    code: str,
    customer_id: int,
    policy_id: int | None,
    begun_at: datetime,
    owner_id: int | None,
    note: str,
    now: datetime,
) -> int:
    """Register a duty under the rule `code` that was in force when it began, start its clock and return its id.

    Raises `NotFound` for a customer that the actor may not see, `NotAllowed`, `Invalid`.
    """
    customer = _customer(session, actor, customer_id)
    rule = _rule(session, code, begun_at)
    policy = _policy(session, customer, policy_id)
    _require_fitting(rule, customer, policy)
    if begun_at > now:
        raise Invalid.field("begun_on", "clock.in_future")
    if owner_id is not None and not is_owner(session, owner_id, customer.branch_id, now=now):
        raise Invalid.field("owner", "duty.owner")
    duty = ServiceDuty(
        id=new_id(),
        code=code,
        customer_id=customer.id,
        policy_id=policy.id if policy else None,
        branch_id=customer.branch_id,
        owner_id=owner_id,
        note=clean_note(note)[:LONGEST_NOTE],
        created_by=actor.account_id,
        created_at=now,
        updated_at=now,
    )
    session.add(duty)
    session.flush()
    open_clock(session, DUTY, duty.id, code, branch_id=duty.branch_id, day=office_day(begun_at), now=now)
    add_event(session, actor, DUTY, duty.id, Event(beginning_of(rule), begun_at), now=now)
    keep_due_day(session, duty, now=now)
    after = {"rule": code, "begun": office_day(begun_at).isoformat(), "due_on": str(duty.due_on or "")}
    trail.record(session, actor, "duty_opened", _subject(duty), now=now, after=after)
    return duty.id


def note_progress(
    session: Session, actor: Actor, duty_id: int, progress: Progress, *, version: int, now: datetime
) -> None:
    """Write down that a duty was done, paused for a medical exam, resumed, or begun again with complete papers.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `WrongState`, `ChangedMeanwhile`.
    """
    duty, rule = _load(session, actor, duty_id, version)
    is_paused = any(standing.state == "paused" for standing in standings_of(session, DUTY, duty.id, now=now).values())
    kinds = {kind.value: kind for kind in steps_of(rule, duty.state, is_paused=is_paused)}
    if progress.kind not in kinds:
        raise Invalid.field("happened", "duty.event")
    kind = kinds[progress.kind]
    pauses = kind in (EventKind.PAUSE_BEGUN, EventKind.PAUSE_ENDED)
    event = Event(
        kind,
        first_moment(progress.day),
        ground=Ground.MEDICAL_EXAM if pauses else None,
        proof=clean_text(progress.proof)[:LONGEST_PROOF],
    )
    add_event(session, actor, DUTY, duty.id, event, now=now)
    if kind is EventKind.DONE:
        duty.state = DutyState.DONE.value
    keep_due_day(session, duty, now=now)
    _note(session, actor, duty, "duty_noted", now=now, after={"event": kind.value, "day": progress.day.isoformat()})


def assign_duty(
    session: Session, actor: Actor, duty_id: int, owner_id: int | None, *, version: int, now: datetime
) -> None:
    """Give a duty to somebody of its branch; raises as `note_progress` does."""
    duty, _rule_row = _load(session, actor, duty_id, version)
    if owner_id is not None and not is_owner(session, owner_id, duty.branch_id, now=now):
        raise Invalid.field("owner", "duty.owner")
    before, duty.owner_id = duty.owner_id, owner_id
    _note(
        session,
        actor,
        duty,
        "duty_assigned",
        now=now,
        before={"owner": str(before or "")},
        after={"owner": str(owner_id or "")},
    )


def void_duty(session: Session, actor: Actor, duty_id: int, reason: str, *, version: int, now: datetime) -> None:
    """Make a duty void that was registered by mistake; its clock stops. Raises as `note_progress` does."""
    duty, _rule_row = _load(session, actor, duty_id, version)
    said = clean_text(reason)
    if not said:
        raise Invalid.field("reason", "duty.reason")
    add_event(session, actor, DUTY, duty.id, Event(EventKind.WITHDRAWN, now), now=now)
    duty.state = DutyState.VOID.value
    keep_due_day(session, duty, now=now)
    _note(session, actor, duty, "duty_voided", now=now, reason=said)


def _customer(session: Session, actor: Actor, customer_id: int) -> Customer:
    seen = select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.POLICY_VIEW))
    customer = session.scalar(seen)
    if customer is None:
        raise NotFound
    if not may(actor, Action.POLICY_EDIT, Target(customer.branch_id, customer.level, customer.agent_id)):
        raise NotAllowed(Action.POLICY_EDIT)
    return customer


def _rule(session: Session, code: str, begun_at: datetime) -> ClockRule:
    row = rule_row_on(session, code, office_day(begun_at))
    if row is None or not is_duty_rule(rule_of(row)):
        raise Invalid.field("rule", "duty.rule")
    return rule_of(row)


def _policy(session: Session, customer: Customer, policy_id: int | None) -> Policy | None:
    if policy_id is None:
        return None
    policy = session.get(Policy, policy_id)
    if policy is None or policy.customer_id != customer.id:
        raise Invalid.field("policy", "duty.policy")
    return policy


def _require_fitting(rule: ClockRule, customer: Customer, policy: Policy | None) -> None:
    """Refuse a rule of the 基本服务规定 for a group (Art. 32) and for property insurance."""
    if not is_for_personal_insurance(rule):
        return
    if customer.kind == "organisation":
        raise Invalid.field("rule", "duty.group")
    if policy is not None and not is_personal(policy.line):
        raise Invalid.field("rule", "duty.not_personal")


def _load(session: Session, actor: Actor, duty_id: int, version: int) -> tuple[ServiceDuty, ClockRule]:
    """Return an open duty, locked, at the version that was seen, with the rule under which it began."""
    seen = select(ServiceDuty).join(Customer, Customer.id == ServiceDuty.customer_id).where(ServiceDuty.id == duty_id)
    duty = session.scalar(
        seen.where(customers_for(actor, Action.POLICY_EDIT))
        .with_for_update(of=ServiceDuty)
        .execution_options(populate_existing=True)
    )
    if duty is None:
        if session.scalar(seen.where(customers_for(actor, Action.POLICY_VIEW))) is None:
            raise NotFound
        raise NotAllowed(Action.POLICY_EDIT)
    require_version(duty, {}, version=version, show=lambda _name, value: str(value))
    require_open(duty.state)
    row = session.scalars(
        select(ClockRuleRow)
        .join(Clock, Clock.rule_id == ClockRuleRow.id)
        .where(Clock.holder_kind == DUTY, Clock.holder_id == duty.id)
    ).one()
    return duty, rule_of(row)


def _note(
    session: Session,
    actor: Actor,
    duty: ServiceDuty,
    event: str,
    *,
    now: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    duty.updated_at = now
    duty.version += 1
    session.flush()
    trail.record(session, actor, event, _subject(duty), now=now, before=before, after=after, reason=reason)


def _subject(duty: ServiceDuty) -> trail.Subject:
    return trail.Subject("duty", duty.id, duty.code, duty.customer_id)
