"""The list of complaints: one select, frozen rows, names masked, nothing of a case that the reader is barred from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor, Role
from app.domain.case_terms import ComplainantKind
from app.domain.cases import OPEN_STATES, WORKING_STATES
from app.domain.masking import mask_name
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Case, CaseCause, CaseStatement
from app.queries.beginnings import begins_with
from app.queries.branches import branches_for
from app.queries.case_blinds import blinds_of
from app.queries.case_repeats import repeat_for
from app.queries.counting import MOST_COUNTED, count_up_to, unindexed
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import cases_for

PAGE_SIZE = 50
OPEN, OVERDUE, DUE_SOON, TO_DO = "open", "overdue", "due_soon", "to_do"
SOON = timedelta(days=3)
EARLIEST = date(1900, 1, 1)  # no zone has moments before the year 1
MINE, NOBODY = "mine", "none"
MAJOR, REPEAT, GROUP, FORWARDED, VIOLATION = "major", "repeat", "group", "forwarded", "violation"
SORTS = {
    "received": Sort(Case.received_at, Case.id, descending=True),
    "received_asc": Sort(Case.received_at, Case.id),
    "due": Sort(Case.due_on, Case.id),
    "due_desc": Sort(Case.due_on, Case.id, descending=True),
    "number": Sort(Case.number, Case.id),
    "number_desc": Sort(Case.number, Case.id, descending=True),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to; empty means no limit.

    `text` is the beginning of a case's number or the complainant's whole name, identity number or phone; `state` a state,
    or open, overdue, due_soon, to_do; `handler` an account, mine or none; `cause_id` a stage or a cause.
    """

    text: str = ""
    state: str = ""
    kind: str = ""
    channel: str = ""
    line: str = ""
    mark: str = ""
    handler: str = ""
    branch_id: int | None = None
    cause_id: int | None = None
    customer_id: int | None = None
    received_from: date | None = None
    received_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        """True when what is looked for has an index that finds few rows by itself."""
        days = (self.received_from, self.received_to, self.customer_id)
        return bool(self.text) or any(value is not None for value in days)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list of complaints."""

    id: int
    number: str
    kind: str
    state: str
    channel: str
    complainant: str
    stage: str
    cause: str
    line: str
    branch_name: str
    handler_name: str
    received_at: datetime
    due_on: date | None
    clock_state: str
    days_over: int
    persons: int
    is_major: bool
    is_repeat: bool
    is_group: bool


def list_cases(
    session: Session,
    actor: Actor,
    wanted: CaseFilter,
    *,
    today: date,
    sort: str = "received",
    cursor: Cursor | None = None,
) -> PageOf[CaseRow]:
    """Return a page of the complaints and re-examinations that `actor` may see."""
    order = SORTS.get(sort, SORTS["received"])
    found = [cases_for(actor, Action.CASE_VIEW, by_index=not wanted.is_narrow), *_conditions(actor, wanted, today)]
    if order.column is Case.due_on:
        found.append(Case.due_on.is_not(None))  # a clock that nobody started has no place in this order
    total = count_up_to(session, select(Case.id).where(*found))
    if total > MOST_COUNTED:
        found = [cases_for(actor, Action.CASE_VIEW), *_conditions(actor, wanted, today, walk=True)]
        found += [Case.due_on.is_not(None)] if order.column is Case.due_on else []
    statement = _row_columns(actor, order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def handlers_for(session: Session, actor: Actor) -> Sequence[tuple[str, str]]:
    """Return account and name of the people who may handle complaints in the branches that `actor` reaches."""
    ids = [branch_id for branch_id, _name in branches_for(session, actor, Action.CASE_VIEW)]
    rows = session.execute(
        select(Account.id, Account.full_name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role.in_([role.value for role in (Role.CLERK, Role.ARCHIVIST, Role.MANAGER)]),
            Grant.branch_id.in_(ids),
            Grant.revoked_at.is_(None),
            Account.state == "active",
        )
        .order_by(Account.full_name, Account.id)
        .distinct()
    )
    return [(str(account_id), name) for account_id, name in rows]


def _conditions(actor: Actor, wanted: CaseFilter, today: date, *, walk: bool = False) -> list[ColumnElement[bool]]:
    """Return the filters; `walk` keeps the database from sorting thousands of rows found by a date's index."""
    conditions = [*_marked(actor, wanted), *_timed(wanted, today)]
    if wanted.text:
        conditions.append(_is_found(wanted.text))
    for column, value in ((Case.kind, wanted.kind), (Case.channel, wanted.channel), (Case.line, wanted.line)):
        if value:
            conditions.append(column == value)
    if wanted.branch_id is not None:
        conditions.append((unindexed(Case.branch_id) if walk else Case.branch_id) == wanted.branch_id)
    if wanted.cause_id is not None:
        conditions.append(or_(Case.stage_id == wanted.cause_id, Case.cause_id == wanted.cause_id))
    if wanted.customer_id is not None:
        conditions.append(Case.customer_id == wanted.customer_id)
    received: Any = unindexed(Case.received_at) if walk else Case.received_at
    if wanted.received_from is not None:
        conditions.append(received >= first_moment(max(wanted.received_from, EARLIEST)))
    if wanted.received_to is not None:
        conditions.append(received <= last_moment(max(wanted.received_to, EARLIEST)))
    return conditions


def _timed(wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions of state and clock."""
    running = and_(Case.state.in_(sorted(OPEN_STATES)), Case.clock_state.in_(["running", "overdue"]))
    named = {
        OPEN: Case.state.in_(sorted(OPEN_STATES)),
        TO_DO: Case.state.in_(sorted(WORKING_STATES)),
        OVERDUE: and_(running, Case.due_on < today),
        DUE_SOON: and_(running, Case.due_on.between(today, today + SOON)),
    }
    return [named.get(wanted.state, Case.state == wanted.state)] if wanted.state else []


def _marked(actor: Actor, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of handler and marks."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.handler == MINE:
        conditions.append(Case.handler_id.in_(sorted({actor.account_id, *actor.stands_for})))
    elif wanted.handler == NOBODY:
        conditions.append(Case.handler_id.is_(None))
    elif wanted.handler:
        is_number = wanted.handler.isascii() and wanted.handler.isdigit() and len(wanted.handler) < 19
        conditions.append(Case.handler_id == (int(wanted.handler) if is_number else -1))
    marks: dict[str, ColumnElement[bool]] = {
        MAJOR: and_(Case.is_major),
        REPEAT: repeat_for(actor),
        GROUP: and_(Case.is_group),
        VIOLATION: and_(Case.is_violation),
        FORWARDED: Case.forward_number != "",
    }
    if wanted.mark in marks:
        conditions.append(marks[wanted.mark])
    return conditions


def _is_found(text: str) -> ColumnElement[bool]:
    """Return the condition that finds a case by what somebody typed, each way by an index of its own."""
    blinds = blinds_of(text, text, text)
    ways = [getattr(CaseStatement, name) == value for name, value in blinds.items() if value]
    numbered = aliased(Case)
    found = union(
        select(numbered.id).where(begins_with(numbered.number, text)),
        *(select(CaseStatement.case_id).where(way) for way in ways),
    ).subquery()
    return Case.id.in_(select(found.c[0]))


def _row_columns(actor: Actor, order: Sort) -> Select[*tuple[Any, ...]]:
    stage, cause = aliased(CaseCause), aliased(CaseCause)
    return (
        select(
            Case.number,
            Case.kind,
            Case.state,
            Case.channel,
            CaseStatement.name.label("complainant"),
            CaseStatement.complainant_kind,
            func.coalesce(stage.name, "").label("stage"),
            func.coalesce(cause.name, "").label("cause"),
            Case.line,
            Branch.name.label("branch_name"),
            func.coalesce(Account.full_name, "").label("handler_name"),
            Case.received_at,
            Case.due_on,
            Case.clock_state,
            Case.days_over,
            Case.persons,
            Case.is_major,
            repeat_for(actor).label("is_repeat"),
            Case.is_group,
            order.column,
            Case.id,
        )
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .join(Branch, Branch.id == Case.branch_id)
        .outerjoin(Account, Account.id == Case.handler_id)
        .outerjoin(stage, stage.id == Case.stage_id)
        .outerjoin(cause, cause.id == Case.cause_id)
    )


def _make_row(row: Any) -> CaseRow:
    is_organisation = row.complainant_kind == ComplainantKind.ORGANISATION
    return CaseRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        state=row.state,
        channel=row.channel,
        complainant=mask_name(row.complainant, is_organisation=is_organisation),
        stage=row.stage,
        cause=row.cause,
        line=row.line,
        branch_name=row.branch_name,
        handler_name=row.handler_name,
        received_at=row.received_at,
        due_on=row.due_on,
        clock_state=row.clock_state,
        days_over=row.days_over,
        persons=row.persons,
        is_major=bool(row.is_major),
        is_repeat=bool(row.is_repeat),
        is_group=bool(row.is_group),
    )
