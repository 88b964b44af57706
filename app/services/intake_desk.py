"""A paper at the desk: who has it open, what a person said of it so far, dropping it and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.intake import EDITABLE, ItemState, ItemStep, next_item_state
from app.domain.intake_desk import HOLD, TypedItem, is_held_by_other, touched_fields
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Account
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, RetentionPeriod
from app.models.intake import IntakeItem, PaperType
from app.models.policies import Party, Policy
from app.queries.visibility import customers_for
from app.services import submissions, suggesting, trail, twin_finding
from app.services.changes import apply_changes, require_version
from app.services.intake_steps import item_subject, load_item, take_item_step


@dataclass(frozen=True, slots=True)
class Holder:
    """Who else has a paper open, and since when at the latest."""

    account_id: int
    name: str
    since: datetime


def hold_item(session: Session, actor: Actor, item_id: int, *, now: datetime, take_over: bool = False) -> Holder | None:
    """Hold a paper for `actor`, or renew that; return who else has it open, if anybody, and then change nothing.

    `take_over` takes it from him all the same. Raises `NotFound`, `NotAllowed`.
    """
    item = load_item(session, actor, item_id, Action.INTAKE_WORK)
    if ItemState(item.state) not in EDITABLE:
        return None
    if is_held_by_other(item.held_by, item.held_until, actor.account_id, now=now) and not take_over:
        return holder_of(session, item)
    is_mine = item.held_by == actor.account_id and item.held_until is not None and item.held_until > now
    former, item.held_by, item.held_until = item.held_by, actor.account_id, now + HOLD
    session.flush()
    if not is_mine:
        event = "item_taken_over" if take_over and former not in (None, actor.account_id) else "item_opened"
        trail.record(session, actor, event, item_subject(item), now=now)
    return None


def holder_of(session: Session, item: IntakeItem) -> Holder | None:
    """Return who holds a paper by the row; whether that still counts is for the caller to say."""
    if item.held_by is None or item.held_until is None:
        return None
    name = session.scalar(select(Account.full_name).where(Account.id == item.held_by)) or ""
    return Holder(item.held_by, name, item.held_until - HOLD)


def open_for_work(session: Session, actor: Actor, item_id: int, *, now: datetime) -> IntakeItem:
    """Return a paper that `actor` may change now, locked.

    Raises `NotFound`, `NotAllowed`, and `WrongState` with `intake.held` while somebody else has it open, or `intake.done`
    once it is no longer at the desk.
    """
    item = load_item(session, actor, item_id, Action.INTAKE_WORK)
    if ItemState(item.state) not in EDITABLE:
        raise WrongState("intake.done")
    if is_held_by_other(item.held_by, item.held_until, actor.account_id, now=now):
        raise WrongState("intake.held")
    return item


def require_seen(item: IntakeItem, version: int) -> None:
    """Pass when a paper is still as it was seen; raises `ChangedMeanwhile`."""
    require_version(item, {}, version=version, show=show_value)


def save_item(
    session: Session,
    actor: Actor,
    item_id: int,
    typed: TypedItem,
    *,
    version: int,
    offered: Mapping[str, Any],
    now: datetime,
) -> IntakeItem:
    """Keep what was typed of a paper, complete or not, and return it.

    What only repeats an `offered` suggestion is not what a person said, so it is not kept. Raises `Invalid`, `WrongState`,
    and `ChangedMeanwhile` with both texts.
    """
    item = open_for_work(session, actor, item_id, now=now)
    said = typed.normalised()
    values = {
        name: value
        for name, value in asdict(said).items()
        if name in item.touched or name not in offered or value != offered[name]
    }
    write_fields(session, actor, item, values, version=version, now=now)
    return item


def write_fields(
    session: Session, actor: Actor, item: IntakeItem, values: Mapping[str, Any], *, version: int, now: datetime
) -> bool:
    """Write what a person said into the fields of a paper he may change, and say whether that changed anything."""
    require_version(item, values, version=version, show=show_value)
    check_fields(session, actor, item, values)
    before, after = apply_changes(item, values, version=version, show=show_value)
    if after:
        item.touched = touched_fields(item.touched, after)
        item.updated_at = now
        session.flush()
        trail.record(session, actor, "item_described", item_subject(item), now=now, before=before, after=after)
        compare_again(session, item, after, now=now)
    return bool(after)


def compare_again(session: Session, item: IntakeItem, changed: Iterable[str], *, now: datetime) -> None:
    """Compare the paper anew with the customer it was given, and with what is in his file already."""
    if "customer_id" in changed:
        suggesting.note_contradictions(session, item, now=now)
    if {"customer_id", "paper_type_id", "formed_on"} & set(changed):
        twin_finding.look_for_same_form(session, item)


def check_fields(session: Session, actor: Actor, item: IntakeItem, values: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming each field that points at nothing, or at what `actor` may not use."""
    customer_id = values.get("customer_id", item.customer_id)
    problems: dict[str, list[str]] = {}
    customer = find_customer(session, actor, customer_id)
    if customer_id is not None and customer is None:
        problems["customer_id"] = ["intake.customer_unknown"]
    if values.get("policy_id") is not None and not _has_policy(session, customer_id, values["policy_id"]):
        problems["policy_id"] = ["document.policy"]
    if values.get("claim_id") is not None and not _has_claim(session, customer_id, values["claim_id"]):
        problems["claim_id"] = ["document.claim"]
    if values.get("paper_type_id") is not None and not _is_open_type(session, values["paper_type_id"]):
        problems["paper_type_id"] = ["intake.paper_type"]
    if values.get("category_id") is not None and not _is_open_class(session, values["category_id"]):
        problems["category_id"] = ["document.category"]
    if values.get("period") and session.get(RetentionPeriod, values["period"]) is None:
        problems["period"] = ["document.period"]
    level = values.get("level", item.level)
    above = max(level, customer.level if customer else 1)
    if "level" in values and not may(actor, Action.INTAKE_WORK, Target(item.branch_id, above)):
        problems["level"] = ["intake.level_above"]
    if problems:
        raise Invalid(problems)


def find_customer(session: Session, actor: Actor, customer_id: int | None) -> Customer | None:
    """Return a customer into whose file `actor` may put papers; None for one he may not see, or none."""
    if customer_id is None:
        return None
    statement = select(Customer).where(Customer.id == customer_id)
    return session.scalar(
        statement.where(customers_for(actor, Action.CUSTOMER_VIEW), customers_for(actor, Action.INTAKE_WORK))
    )


def drop_item(session: Session, actor: Actor, item_id: int, reason: str, *, version: int, now: datetime) -> None:
    """Put a paper aside 弃置 with a reason; raises `Invalid` without one."""
    item = load_item(session, actor, item_id, Action.INTAKE_WORK)
    # Also one that went back to its agent and will not come again.
    if item.state != ItemState.RETURNED:
        item = open_for_work(session, actor, item_id, now=now)
    require_seen(item, version)
    said = clean_text(reason)[:200]
    if not said:
        raise Invalid.field("reason", "intake.drop_reason")
    put_aside(session, actor, item, said, now=now, reason=said)


def put_aside(
    session: Session, actor: Actor, item: IntakeItem, why: str, *, now: datetime, reason: str = "", **after: Any
) -> None:
    """Drop a paper that lies open; the agent who sent it is told when that was the last of his."""
    next_item_state(item.state, ItemStep.DROP)
    item.refusal, item.held_by, item.held_until = why, None, None
    take_item_step(session, actor, item, ItemStep.DROP, now=now, reason=reason, **after)
    twin_finding.forget_item(session, item.id)
    if item.submission_id is not None:
        submissions.note_item_done(session, item, now=now)


def take_back_item(session: Session, actor: Actor, item_id: int, *, now: datetime) -> IntakeItem:
    """Take a dropped paper back to the desk and return it; raises `WrongState` for one that was not dropped."""
    item = load_item(session, actor, item_id, Action.INTAKE_WORK)
    take_item_step(session, actor, item, ItemStep.TAKE_BACK, now=now)
    item.refusal = ""
    session.flush()
    if item.is_suggested:
        twin_finding.find_twins(session, item.id, now=now)
    return item


def show_value(_field: str, value: Any) -> str:
    """Return a value as trail and conflict page write it."""
    return "" if value in (None, "") else str(value)


def _has_policy(session: Session, customer_id: int | None, policy_id: int) -> bool:
    own = select(Policy.id).where(Policy.id == policy_id, Policy.customer_id == customer_id)
    part = select(Party.policy_id).where(Party.customer_id == customer_id, Party.policy_id == policy_id)
    return session.scalar(own) is not None or session.scalar(part) is not None


def _has_claim(session: Session, customer_id: int | None, claim_id: int) -> bool:
    return session.scalar(select(Claim.id).where(Claim.id == claim_id, Claim.customer_id == customer_id)) is not None


def _is_open_type(session: Session, paper_type_id: int) -> bool:
    return session.scalar(select(PaperType.active).where(PaperType.id == paper_type_id)) is True


def _is_open_class(session: Session, category_id: int) -> bool:
    found = session.get(Category, category_id)
    return found is not None and found.active and found.parent_id is not None
