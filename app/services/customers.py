"""Keeping customers 客户: opening a file, changing particulars, showing what is masked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.customers import (
    BLIND,
    SEALED,
    Match,
    Particulars,
    SamePerson,
    check_particulars,
    comparable_number,
)
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.policy import Action, Target, may
from app.models.accounts import Account, Branch, Grant
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Document
from app.models.fields import field_cipher
from app.models.policies import Policy
from app.queries.visibility import customers_for
from app.services import outbox, trail
from app.services.changes import apply_changes
from app.services.numbers import take_number

REVEALABLE = (*SEALED, "name", "address")
HIDDEN = "已隐藏"
# Not plain columns of the row: set by the service itself.
NAME_SORT_ENCODING = "gb18030"


def create_customer(
    session: Session, actor: Actor, typed: Particulars, *, surely_new: bool = False, now: datetime, today: date
) -> int:
    """Open a customer's file and return its id.

    Raises `Invalid`, `NotAllowed` outside the actor's branches, and `SamePerson` when there is one like this already;
    `surely_new` overrides a match by name and birth date, never one by number.
    """
    checked = check_particulars(typed, today)
    _check_home(session, checked)
    if not may(actor, Action.CUSTOMER_CREATE, _target(checked)):
        raise NotAllowed(Action.CUSTOMER_CREATE)
    refuse_same_person(session, actor, checked, surely_new=surely_new)
    customer_id = new_id()
    number = take_number(
        session,
        actor,
        f"customer|{today.year}",
        lambda value: f"KH-{today.year}-{value:06d}",
        holder_kind="customer",
        holder_id=customer_id,
        now=now,
    )
    values = _columns(checked)
    session.add(
        Customer(id=customer_id, number=number, created_by=actor.account_id, created_at=now, updated_at=now, **values)
    )
    session.flush()
    subject = trail.Subject("customer", customer_id, number, customer_id)
    after = {name: show(name, value) for name, value in asdict(checked).items() if value not in (None, "", False)}
    trail.record(session, actor, "customer_created", subject, now=now, after=after)
    outbox.announce(session, "customer", customer_id, now=now)
    return customer_id


def edit_customer(
    session: Session,
    actor: Actor,
    customer_id: int,
    typed: Particulars,
    *,
    version: int,
    cleared: frozenset[str] = frozenset(),
    now: datetime,
    today: date,
) -> None:
    """Change a customer's particulars; a sealed field left None stays, one in `cleared` is emptied.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `SamePerson`, and `ChangedMeanwhile` with both texts.
    """
    customer = load_customer(session, actor, customer_id, Action.CUSTOMER_EDIT)
    checked = check_particulars(_completed(customer, typed, cleared), today)
    _check_home(session, checked)
    if not may(actor, Action.CUSTOMER_EDIT, _target(checked)):
        raise NotAllowed(Action.CUSTOMER_EDIT)
    refuse_same_person(session, actor, checked, surely_new=True, but=customer_id)
    values = {name: value for name, value in asdict(checked).items() if name not in cleared}
    values.update(dict.fromkeys(cleared & set(SEALED)))
    before, after = apply_changes(customer, values, version=version, show=show)
    if not after:
        return
    for name, value in _derived(values).items():
        setattr(customer, name, value)
    customer.updated_at = now
    session.flush()
    subject = trail.Subject("customer", customer_id, customer.number, customer_id)
    trail.record(session, actor, "customer_changed", subject, now=now, before=before, after=after)
    outbox.announce(session, "customer", customer_id, now=now)
    if "branch_id" in after:
        _move_file(session, customer_id, customer.branch_id)
    if after.keys() & {"name", "level", "agent_id", "branch_id"}:
        outbox.announce_file(session, customer_id, now=now)


def note_view(session: Session, actor: Actor, customer_id: int, number: str, *, now: datetime) -> None:
    """Write down that a customer's file was opened."""
    trail.record(
        session, actor, "customer_viewed", trail.Subject("customer", customer_id, number, customer_id), now=now
    )


def reveal_field(session: Session, actor: Actor, customer_id: int, field: str, reason: str, *, now: datetime) -> str:
    """Return a masked field in clear; the trail keeps who, which field and why.

    Raises `NotFound` for a customer or field that is not there, `Invalid` without a reason.
    """
    if field not in REVEALABLE:
        raise NotFound
    customer = load_customer(session, actor, customer_id, Action.CUSTOMER_REVEAL)
    if not reason.strip():
        raise Invalid.field("reason", "reveal.reason_missing")
    trail.record(
        session,
        actor,
        "field_revealed",
        trail.Subject("customer", customer_id, customer.number, customer_id),
        now=now,
        after={"field": field},
        reason=reason.strip(),
    )
    return str(getattr(customer, field) or "")


def load_customer(session: Session, actor: Actor, customer_id: int, action: Action) -> Customer:
    """Return a customer on whom `actor` may do `action`.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    wanted = select(Customer).where(Customer.id == customer_id, customers_for(actor, action))
    found = session.scalar(wanted.with_for_update(of=Customer))
    if found is not None:
        return found
    seen = session.scalar(
        select(Customer.id).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    )
    if seen is None:
        raise NotFound
    raise NotAllowed(action)


def refuse_same_person(
    session: Session, actor: Actor, checked: Particulars, *, surely_new: bool, but: int | None = None
) -> None:
    """Raise `SamePerson` when a customer with this number, or with this name and birth date, is there already."""
    if checked.id_number:
        same = Customer.id_number_blind == blind("id_number", comparable_number(checked.id_kind, checked.id_number))
        number_taken = session.scalars(
            select(Customer.id).where(same, Customer.id_kind == checked.id_kind, Customer.id != (but or 0))
        ).first()
        if number_taken is not None:
            raise SamePerson(_visible(session, actor, [number_taken], by_number=True), by_number=True)
    if checked.birth_date and not surely_new:
        alike = session.scalars(
            select(Customer.id).where(Customer.name == checked.name, Customer.birth_date == checked.birth_date).limit(5)
        ).all()
        matches = _visible(session, actor, list(alike), by_number=False)
        if matches:
            raise SamePerson(matches, by_number=False)


def blind(field: str, value: str | None) -> str | None:
    """Return the blind index of a number, for exact search."""
    return field_cipher().blind(value, f"customers.{field}".encode()) if value else None


def show(field: str, value: Any) -> str:
    """Return a value as the trail and the conflict page may show it."""
    if value in (None, ""):
        return ""
    return HIDDEN if field in SEALED else str(value)


def _move_file(session: Session, customer_id: int, branch_id: int) -> None:
    """Take everything in a customer's file along to another branch; archive numbers stay as they were given."""
    for model in (Policy, Claim, Document):
        session.execute(update(model).where(model.customer_id == customer_id).values(branch_id=branch_id))


def _visible(session: Session, actor: Actor, ids: list[int], *, by_number: bool) -> tuple[Match, ...]:
    rows = session.execute(
        select(Customer.id, Customer.number).where(
            Customer.id.in_(ids), or_(customers_for(actor, Action.CUSTOMER_VIEW))
        )
    )
    return tuple(Match(customer_id, number, by_number) for customer_id, number in rows)


def _check_home(session: Session, checked: Particulars) -> None:
    if session.get(Branch, checked.branch_id) is None:
        raise Invalid.field("branch_id", "customer.branch_unknown")
    if checked.agent_id is not None:
        is_agent = select(Grant.id).where(
            Grant.account_id == checked.agent_id, Grant.role == "agent", Grant.revoked_at.is_(None)
        )
        active = session.scalar(is_agent.join(Account, Account.id == Grant.account_id).where(Account.state == "active"))
        if active is None:
            raise Invalid.field("agent_id", "customer.agent_unknown")


def _target(checked: Particulars) -> Target:
    return Target(branch_id=checked.branch_id, level=checked.level, agent_id=checked.agent_id)


def _completed(customer: Customer, typed: Particulars, cleared: frozenset[str]) -> Particulars:
    """Fill the sealed fields that were left alone from the row, so that the whole can be checked."""
    values = asdict(typed)
    for name in SEALED:
        if name in cleared:
            values[name] = None
        elif not values[name]:
            values[name] = getattr(customer, name)
    values["kind"] = customer.kind
    return Particulars(**values)


def _columns(checked: Particulars) -> dict[str, Any]:
    values = asdict(checked)
    for name in SEALED:
        values[name] = values[name] or None
    return {**values, **_derived(values)}


def _derived(values: dict[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = {f"{name}_blind": blind(name, values[name]) for name in BLIND}
    derived["id_number_blind"] = blind("id_number", comparable_number(values["id_kind"], values["id_number"]))
    derived["name_sort"] = values["name"].encode(NAME_SORT_ENCODING, "replace")[:240]
    return derived
