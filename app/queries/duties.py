"""Service duties for screens: the list by due day, one duty, those of a policy, and who may own one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.deadlines import EventKind, Standing
from app.domain.duties import DutyState, is_duty_rule, steps_of
from app.domain.errors import NotFound
from app.domain.masking import mask_name
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Account, Branch, Grant
from app.models.clocks import Clock, ClockEvent, ClockRuleRow, ServiceDuty
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.clock_rules import place_of
from app.queries.clocks import rule_of, standings_of
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import customers_for

DUTY = "duty"
PAGE_SIZE = 50
OWNER_ROLES = ("clerk", "archivist")
BY_DUE = Sort(ServiceDuty.due_on, ServiceDuty.id)


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What the list is narrowed to; `state` is a state or "overdue", `owner_id` 0 for nobody."""

    state: str = DutyState.OPEN.value
    code: str = ""
    branch_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A line of a list."""

    id: int
    title: str
    state: str
    due_on: date | None
    ended_on: date | None
    days_over: int
    clock_state: str
    customer_id: int
    customer_name: str
    policy_id: int | None
    policy_number: str
    branch_name: str
    owner_name: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was noted of a duty."""

    kind: EventKind
    day: date
    proof: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class DutyDetail:
    """A duty as its page shows it; `steps` is what may be noted now."""

    row: DutyRow
    note: str
    branch_id: int
    owner_id: int | None
    standing: Standing
    happened: tuple[Happened, ...]
    steps: tuple[EventKind, ...]
    created_at: datetime
    version: int
    may_edit: bool


def list_duties(
    session: Session, actor: Actor, wanted: DutyFilter, *, today: date, cursor: Cursor | None = None
) -> PageOf[DutyRow]:
    """Return a page of the duties whose customers' policies `actor` may see, by due day."""
    found = [customers_for(actor, Action.POLICY_VIEW), *_conditions(wanted, today)]
    counted = select(ServiceDuty.id).join(Customer, Customer.id == ServiceDuty.customer_id).where(*found)
    total = count_up_to(session, counted)
    statement = _rows().where(*found)
    return read_page(session, statement, BY_DUE, cursor, size=PAGE_SIZE, total=total, make=_make, most=MOST_COUNTED)


def duties_of_policy(session: Session, actor: Actor, policy_id: int) -> Sequence[DutyRow]:
    """Return the duties of a policy that `actor` may see, open ones first, by due day."""
    rows = session.execute(
        _rows()
        .where(ServiceDuty.policy_id == policy_id, customers_for(actor, Action.POLICY_VIEW))
        .order_by((ServiceDuty.state != DutyState.OPEN.value), ServiceDuty.due_on, ServiceDuty.id)
    )
    return [_make(row) for row in rows]


def read_duty(session: Session, actor: Actor, duty_id: int, *, now: datetime) -> DutyDetail:
    """Return one duty; raises `NotFound` for one that `actor` may not see."""
    columns = _rows().add_columns(ServiceDuty, customers_for(actor, Action.POLICY_EDIT).label("may_edit"))
    row = session.execute(columns.where(ServiceDuty.id == duty_id, customers_for(actor, Action.POLICY_VIEW))).first()
    if row is None:
        raise NotFound
    duty: ServiceDuty = row.ServiceDuty
    standing = standings_of(session, DUTY, duty.id, now=now)[duty.code]
    may_edit = bool(row.may_edit)
    is_paused = standing.state == "paused"
    return DutyDetail(
        _make(row),
        duty.note,
        duty.branch_id,
        duty.owner_id,
        standing,
        tuple(_happened(session, duty.id)),
        steps_of(standing.rule, duty.state, is_paused=is_paused) if may_edit else (),
        duty.created_at,
        duty.version,
        may_edit,
    )


def duty_rules(session: Session, today: date) -> Sequence[tuple[str, str]]:
    """Return code and title of the rules under which a duty may be registered, in the order of the seed."""
    found: dict[str, str] = {}
    for row in session.scalars(select(ClockRuleRow).order_by(ClockRuleRow.effective_from)):
        rule = rule_of(row)
        if is_duty_rule(rule) and (rule.effective_from <= today or rule.code in found):
            found[rule.code] = rule.title
    return sorted(found.items(), key=lambda item: place_of(item[0]))


def owners_of(session: Session, branch_id: int, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Return id and name of those who may own a duty of a branch: its clerks and archivists."""
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .join(Grant, Grant.account_id == Account.id)
        .where(*_owning(branch_id, now))
        .order_by(Account.full_name)
        .distinct()
    )
    return [(account_id, f"{name}（{username}）") for account_id, name, username in rows]


def is_owner(session: Session, account_id: int, branch_id: int, *, now: datetime) -> bool:
    """Say whether somebody may own a duty of a branch."""
    owning = select(Account.id).join(Grant, Grant.account_id == Account.id)
    return session.scalar(owning.where(Account.id == account_id, *_owning(branch_id, now)).limit(1)) is not None


def _owning(branch_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Grant.branch_id == branch_id,
        Grant.role.in_(OWNER_ROLES),
        Grant.revoked_at.is_(None),
        Grant.valid_from <= now,
        or_(Grant.valid_to.is_(None), Grant.valid_to > now),
        Account.state == "active",
    )


def _conditions(wanted: DutyFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == "overdue":
        conditions += [ServiceDuty.state == DutyState.OPEN.value, ServiceDuty.due_on < today]
    elif wanted.state:
        conditions.append(ServiceDuty.state == wanted.state)
    if wanted.code:
        conditions.append(ServiceDuty.code == wanted.code)
    if wanted.branch_id is not None:
        conditions.append(ServiceDuty.branch_id == wanted.branch_id)
    if wanted.owner_id is not None:
        conditions.append(ServiceDuty.owner_id == wanted.owner_id)
    return conditions


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ClockRuleRow.title,
            ServiceDuty.state,
            Clock.ended_on,
            Clock.days_over,
            Clock.state.label("clock_state"),
            ServiceDuty.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            ServiceDuty.policy_id,
            Policy.number.label("policy_number"),
            Branch.name.label("branch_name"),
            Account.full_name.label("owner_name"),
            ServiceDuty.due_on,
            ServiceDuty.id,
        )
        .join(Customer, Customer.id == ServiceDuty.customer_id)
        .join(Branch, Branch.id == ServiceDuty.branch_id)
        .join(Clock, (Clock.holder_kind == DUTY) & (Clock.holder_id == ServiceDuty.id))
        .join(ClockRuleRow, ClockRuleRow.id == Clock.rule_id)
        .outerjoin(Policy, Policy.id == ServiceDuty.policy_id)
        .outerjoin(Account, Account.id == ServiceDuty.owner_id)
    )


def _make(row: Any) -> DutyRow:
    return DutyRow(
        id=row.id,
        title=row.title,
        state=row.state,
        due_on=row.due_on,
        ended_on=row.ended_on,
        days_over=row.days_over,
        clock_state=row.clock_state,
        customer_id=row.customer_id,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        policy_id=row.policy_id,
        policy_number=row.policy_number or "",
        branch_name=row.branch_name,
        owner_name=row.owner_name or "",
    )


def _happened(session: Session, duty_id: int) -> Sequence[Happened]:
    rows = session.execute(
        select(ClockEvent, Account.full_name)
        .outerjoin(Account, Account.id == ClockEvent.account_id)
        .where(ClockEvent.holder_kind == DUTY, ClockEvent.holder_id == duty_id, ClockEvent.struck_at.is_(None))
        .order_by(ClockEvent.moment.desc(), ClockEvent.id.desc())
    )
    return [Happened(EventKind(row.kind), office_day(row.moment), row.proof, name or "") for row, name in rows]
