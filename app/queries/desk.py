"""Reads for the lists of the desk 出纳台: what lies ready, what is out, what is late, who waits in line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.loans import LoanState
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.borrowing import LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Place
from app.queries.beginnings import begins_with
from app.queries.counting import MOST_COUNTED, bounded_count, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import documents_for

PAGE_SIZE = 50
READY, OUT, OVERDUE, QUEUE, LOST = "ready", "out", "overdue", "queue", "lost"
TABS = (READY, OUT, OVERDUE, QUEUE, LOST)
_STATE_OF = {READY: LoanState.READY, OUT: LoanState.OUT, OVERDUE: LoanState.OUT, QUEUE: LoanState.WAITING}
_DUE = Sort(LoanItem.due_on, LoanItem.id), Sort(LoanItem.due_on, LoanItem.id, descending=True)
# Tab → the order of its day, the urgent first; and the other way round.
SORTS: Mapping[str, tuple[Sort, Sort]] = {
    READY: (Sort(LoanItem.ready_until, LoanItem.id), Sort(LoanItem.ready_until, LoanItem.id, descending=True)),
    OUT: _DUE,
    OVERDUE: _DUE,
    QUEUE: (Sort(LoanItem.queued_at, LoanItem.id), Sort(LoanItem.queued_at, LoanItem.id, descending=True)),
    LOST: _DUE,
}
DESCENDING = "desc"


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What a list is narrowed to; `number` is the beginning of a request's or an item's number."""

    tab: str = READY
    number: str = ""
    way: str = ""
    branch_id: int | None = None

    @property
    def list(self) -> str:
        """Return the tab, the first for one that does not exist."""
        return self.tab if self.tab in TABS else READY


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A line of a list."""

    id: int
    request_id: int
    number: str
    document_id: int
    title: str
    archive_number: str
    borrower: str
    way: str
    external_kind: str
    place: str
    ready_until: date | None
    due_on: date | None
    queued_at: datetime | None
    wanted_from: date | None
    reminders: int
    recalled: bool


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many lie in each list; 1,001 says more than a thousand."""

    ready: int
    out: int
    overdue: int
    queue: int
    lost: int


def list_desk(
    session: Session, actor: Actor, wanted: DeskFilter, today: date, *, sort: str = "", cursor: Cursor | None = None
) -> PageOf[DeskRow]:
    """Return a page of the papers that `actor` lends out."""
    order = SORTS[wanted.list][sort == DESCENDING]
    found = [*_tab(wanted.list, today), *_conditions(wanted), documents_for(actor, Action.LOAN_DESK)]
    total = count_up_to(session, _joined(select(LoanItem.id)).where(*found))
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def count_desk(session: Session, actor: Actor, today: date) -> DeskCounts:
    """Return how long each list is."""
    reach = documents_for(actor, Action.LOAN_DESK)
    counts = [bounded_count(_joined(select(LoanItem.id)).where(*_tab(tab, today), reach)) for tab in TABS]
    found: Any = session.execute(select(*counts)).one()
    return DeskCounts(found[0], found[1], found[2], found[3], found[4])


def _tab(tab: str, today: date) -> list[ColumnElement[bool]]:
    state = _STATE_OF.get(tab, LoanState.LOST)
    conditions = [LoanItem.state == state.value, LoanItem.takes_paper.is_(True)]
    if tab == OVERDUE:
        conditions.append(LoanItem.due_on < today)
    return conditions


def _conditions(wanted: DeskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.number:
        begins = (
            begins_with(LoanRequest.number, wanted.number),
            begins_with(cast("Any", Document.archive_number), wanted.number),
        )
        conditions.append(or_(*begins))
    if wanted.way:
        conditions.append(LoanRequest.way == wanted.way)
    if wanted.branch_id is not None:
        conditions.append(Document.branch_id == wanted.branch_id)
    return conditions


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
    )


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    columns: Select[*tuple[Any, ...]] = select(
        LoanRequest.id.label("request_id"),
        LoanRequest.number,
        LoanRequest.way,
        LoanRequest.external_kind,
        LoanRequest.wanted_from,
        LoanItem.document_id,
        Document.title,
        Document.archive_number,
        Account.full_name,
        Box.number.label("box_number"),
        Place.full_code,
        LoanItem.ready_until,
        LoanItem.due_on,
        LoanItem.queued_at,
        LoanItem.reminders,
        LoanItem.recalled_at,
        LoanItem.id.label("item_id"),
        order.column,
        LoanItem.id,
    )
    return (
        _joined(columns)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
    )


def _make_row(row: Any) -> DeskRow:
    return DeskRow(
        id=row.item_id,
        request_id=row.request_id,
        number=row.number,
        document_id=row.document_id,
        title=row.title,
        archive_number=row.archive_number or "",
        borrower=row.full_name,
        way=row.way,
        external_kind=row.external_kind,
        place=" · ".join(part for part in (row.full_code, row.box_number) if part),
        ready_until=row.ready_until,
        due_on=row.due_on,
        queued_at=row.queued_at,
        wanted_from=row.wanted_from,
        reminders=row.reminders,
        recalled=row.recalled_at is not None,
    )


def promised_to(session: Session, document_id: int) -> tuple[int, str] | None:
    """Return the item to which a paper is promised, with its state: ready, out, or lost by who had it."""
    states = (LoanState.READY.value, LoanState.OUT.value, LoanState.LOST.value)
    found = session.execute(
        select(LoanItem.id, LoanItem.state)
        .where(LoanItem.document_id == document_id, LoanItem.takes_paper, LoanItem.state.in_(states))
        .order_by(LoanItem.out_at.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def at_desk_of(session: Session, request_id: int) -> tuple[int, str] | None:
    """Return the first item of a request that lies ready or is out, with its state."""
    found = session.execute(
        select(LoanItem.id, LoanItem.state)
        .where(
            LoanItem.request_id == request_id,
            LoanItem.takes_paper,
            LoanItem.state.in_((LoanState.READY.value, LoanState.OUT.value)),
        )
        .order_by(LoanItem.state.desc(), LoanItem.id)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def count_waiting(session: Session, document_id: int) -> int:
    """Return how many wait in line for a paper."""
    waiting = and_(LoanItem.document_id == document_id, LoanItem.takes_paper, LoanItem.state == LoanState.WAITING.value)
    return session.scalar(select(func.count()).select_from(LoanItem).where(waiting)) or 0
