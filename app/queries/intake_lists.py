"""Reads for the lists of the desk: batches that wait, and the papers of one batch; one select a list, masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.intake import AT_THE_DESK, BatchState
from app.domain.intake_desk import is_held_by_other
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.intake import (
    IntakeBatch,
    IntakeItem,
    IntakePage,
    PaperType,
    Submission,
    Suggestion,
    Twin,
)
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.twins import seen_twins
from app.queries.visibility import batches_for, items_for

PAGE_SIZE = 30
ITEMS_SIZE = 60
OPEN = "open_ones"  # everything that is not accepted
ORDER = Sort(IntakeBatch.opened_at, IntakeBatch.id, descending=True)
ITEM_ORDER = Sort(IntakeItem.position, IntakeItem.id)
# The columns of the counts, in the words of the screen: 待识别, 待整理, 返工, 已退回, 已著录, 待人工.
COUNTED = ("waiting", "ready", "rework", "returned", "catalogued", "passed")
FLAGS = ("blank", "manual", "twin", "mismatch", "held", "unsure")


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """What the list of batches is narrowed to; `state` may be `open_ones`."""

    state: str = OPEN
    source: str = ""
    branch_id: int | None = None
    mine: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A line of the list of batches with how its papers stand."""

    id: int
    number: str
    title: str
    source: str
    state: str
    branch_name: str
    opened_by: str
    agent_name: str
    business: str
    opened_at: datetime
    waiting: int
    ready: int
    rework: int
    returned: int
    catalogued: int
    passed: int
    manual: int

    @property
    def total(self) -> int:
        """How many papers there are, without those that were dropped."""
        return self.waiting + self.ready + self.rework + self.returned + self.catalogued + self.passed

    @property
    def done(self) -> int:
        """How many papers need nobody at the desk any more."""
        return self.catalogued + self.passed


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """A batch as its page shows it, with what this reader may do."""

    id: int
    number: str
    title: str
    source: str
    state: str
    branch_id: int
    branch_name: str
    opened_by: str
    opened_at: datetime
    agent_name: str
    business: str
    submission_note: str
    scanned_by: str
    device: str
    dpi: int | None
    declared_items: int | None
    declared_pages: int | None
    rework_count: int
    remark: str
    version: int
    may_work: bool
    may_receive: bool


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What the papers of a batch are narrowed to: a state, or a flag of `FLAGS`."""

    state: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A paper of a batch, masked."""

    id: int
    position: int
    state: str
    title: str
    type_name: str
    is_suggested_type: bool
    customer_name: str
    customer_number: str
    pages: int
    first_page_id: int | None
    thumbnail: str  # beginning of its digest, so that a browser knows a turned one for new
    blank: bool
    manual: bool
    twin: bool
    mismatch: bool
    held_by: str
    refusal: str
    has_document: bool


def list_batches(
    session: Session, actor: Actor, wanted: BatchFilter, *, cursor: Cursor | None = None
) -> PageOf[BatchRow]:
    """Return a page of the batches that `actor` may see, newest first, each with its counts."""
    found = [batches_for(actor, Action.INTAKE_VIEW), *_conditions(actor, wanted)]
    total = count_up_to(session, select(IntakeBatch.id).where(*found))
    opener = aliased(Account)
    statement = (
        select(
            IntakeBatch.number,
            IntakeBatch.title,
            IntakeBatch.source,
            IntakeBatch.state,
            Branch.name.label("branch_name"),
            func.coalesce(opener.full_name, "").label("opened_by"),
            _agent_name().label("agent_name"),
            _of_submission(Submission.business).label("business"),
            *(_count(actor, state).label(f"n_{state}") for state in COUNTED),
            _count_manual(actor).label("n_manual"),
            IntakeBatch.opened_at,
            IntakeBatch.id,
        )
        .join(Branch, Branch.id == IntakeBatch.branch_id)
        .outerjoin(opener, opener.id == IntakeBatch.opened_by)
        .where(*found)
    )
    return read_page(
        session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=_make_batch_row, most=MOST_COUNTED
    )


def read_batch(session: Session, actor: Actor, batch_id: int) -> BatchDetail:
    """Return one batch; raises `NotFound` for one that `actor` may not see."""
    opener = aliased(Account)
    row = session.execute(
        select(
            IntakeBatch,
            Branch.name,
            func.coalesce(opener.full_name, ""),
            func.coalesce(_agent_name(), ""),
            func.coalesce(_of_submission(Submission.business), ""),
            _of_submission(Submission.note),
            batches_for(actor, Action.INTAKE_WORK),
            batches_for(actor, Action.INTAKE_RECEIVE),
        )
        .join(Branch, Branch.id == IntakeBatch.branch_id)
        .outerjoin(opener, opener.id == IntakeBatch.opened_by)
        .where(IntakeBatch.id == batch_id, batches_for(actor, Action.INTAKE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_batch(*row)


def count_items(session: Session, actor: Actor, batch_id: int) -> dict[str, int]:
    """Return how many papers of a batch stand in each state, as far as `actor` may see them."""
    rows = session.execute(
        select(IntakeItem.state, func.count())
        .where(IntakeItem.batch_id == batch_id, items_for(actor, Action.INTAKE_VIEW))
        .group_by(IntakeItem.state)
    )
    return {state: count for state, count in rows}


def list_items(
    session: Session, actor: Actor, batch_id: int, wanted: ItemFilter, *, now: datetime, cursor: Cursor | None = None
) -> PageOf[ItemRow]:
    """Return a page of the papers of a batch that `actor` may see, in the order of the batch, with their flags."""
    found = [
        IntakeItem.batch_id == batch_id,
        items_for(actor, Action.INTAKE_VIEW),
        *_item_conditions(actor, wanted, now=now),
    ]
    total = count_up_to(session, select(IntakeItem.id).where(*found))
    kind, guess, holder = aliased(PaperType), aliased(PaperType), aliased(Account)
    pages = _pages()
    statement = (
        select(
            IntakeItem.state,
            IntakeItem.title,
            func.coalesce(kind.name, "").label("type_name"),
            func.coalesce(guess.name, "").label("guess_name"),
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Customer.number.label("customer_number"),
            pages.with_only_columns(func.count()).scalar_subquery().label("pages"),
            _first_page(IntakePage.id).label("first_page_id"),
            _first_page(IntakePage.thumbnail_digest).label("thumbnail"),
            _flag("blank", actor).label("blank"),
            _flag("manual", actor).label("manual"),
            _flag("twin", actor).label("twin"),
            _flag("mismatch", actor).label("mismatch"),
            IntakeItem.held_by.label("held_by_id"),
            IntakeItem.held_until,
            func.coalesce(holder.full_name, "").label("held_by"),
            IntakeItem.refusal,
            IntakeItem.document_id,
            IntakeItem.position,
            IntakeItem.id,
        )
        .outerjoin(kind, kind.id == IntakeItem.paper_type_id)
        .outerjoin(
            Suggestion,
            and_(Suggestion.item_id == IntakeItem.id, Suggestion.field == "paper_type", Suggestion.rank == 0),
        )
        .outerjoin(guess, guess.id == Suggestion.target_id)
        .outerjoin(Customer, Customer.id == IntakeItem.customer_id)
        .outerjoin(holder, holder.id == IntakeItem.held_by)
        .where(*found)
    )

    def make(row: Any) -> ItemRow:
        return _make_item_row(row, actor, now)

    return read_page(session, statement, ITEM_ORDER, cursor, size=ITEMS_SIZE, total=total, make=make, most=MOST_COUNTED)


def _conditions(actor: Actor, wanted: BatchFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == OPEN:
        conditions.append(IntakeBatch.state.in_([state.value for state in BatchState if state != BatchState.ACCEPTED]))
    elif wanted.state and wanted.state != "all":
        conditions.append(IntakeBatch.state == wanted.state)
    if wanted.source:
        conditions.append(IntakeBatch.source == wanted.source)
    if wanted.branch_id is not None:
        conditions.append(IntakeBatch.branch_id == wanted.branch_id)
    if wanted.number:
        conditions.append(IntakeBatch.number == wanted.number.strip().upper())
    if wanted.mine:
        worked = select(IntakeItem.id).where(
            IntakeItem.batch_id == IntakeBatch.id,
            or_(IntakeItem.catalogued_by == actor.account_id, IntakeItem.held_by == actor.account_id),
        )
        conditions.append(or_(IntakeBatch.opened_by == actor.account_id, worked.correlate(IntakeBatch).exists()))
    return conditions


def _count(actor: Actor, state: str) -> Any:
    statement = select(func.count(IntakeItem.id)).where(
        IntakeItem.batch_id == IntakeBatch.id, IntakeItem.state == state, items_for(actor, Action.INTAKE_VIEW)
    )
    return statement.correlate(IntakeBatch).scalar_subquery()


def _count_manual(actor: Actor) -> Any:
    statement = select(func.count(IntakeItem.id)).where(
        IntakeItem.batch_id == IntakeBatch.id,
        IntakeItem.state.in_(sorted(AT_THE_DESK)),
        _flag("manual", actor),
        items_for(actor, Action.INTAKE_VIEW),
    )
    return statement.correlate(IntakeBatch).scalar_subquery()


def _of_submission(column: Any) -> Any:
    statement = select(column).where(Submission.batch_id == IntakeBatch.id).order_by(Submission.id).limit(1)
    return statement.correlate(IntakeBatch).scalar_subquery()


def _agent_name() -> Any:
    statement = select(Account.full_name).join(Submission, Submission.agent_id == Account.id)
    first = statement.where(Submission.batch_id == IntakeBatch.id).order_by(Submission.id).limit(1)
    return first.correlate(IntakeBatch).scalar_subquery()


def _pages() -> Select[Any]:
    return (
        select(literal(1))
        .where(IntakePage.item_id == IntakeItem.id, IntakePage.removed.is_(False))
        .correlate(IntakeItem)
    )


def _first_page(column: Any) -> Any:
    first = _pages().with_only_columns(column).order_by(IntakePage.position, IntakePage.id).limit(1)
    return first.scalar_subquery()


def _flag(name: str, actor: Actor) -> ColumnElement[bool]:
    """Return whether a paper carries a flag that `actor` may know of, found by the paper."""
    if name == "blank":
        return _pages().where(IntakePage.blank.is_(True)).exists()
    if name == "manual":
        # Spelled out, since a bound value does not let SQLite use the partial index.
        return _pages().where(IntakePage.work_state == literal_column("'manual'")).exists()
    if name == "twin":
        twins = select(literal(1)).where(Twin.item_id == IntakeItem.id, Twin.decision == "", seen_twins(actor))
        return twins.correlate(IntakeItem).exists()
    wrong = select(literal(1)).where(Suggestion.item_id == IntakeItem.id, Suggestion.field == "mismatch")
    return wrong.where(Suggestion.state == "offered").correlate(IntakeItem).exists()


def _item_conditions(actor: Actor, wanted: ItemFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state:
        conditions.append(IntakeItem.state == wanted.state)
    else:
        conditions.append(IntakeItem.state != "dropped")
    if wanted.flag == "held":
        conditions.append(and_(IntakeItem.held_until > now, IntakeItem.held_by != actor.account_id))
    elif wanted.flag == "unsure":
        conditions.append(and_(IntakeItem.paper_type_id.is_(None), IntakeItem.customer_id.is_(None)))
    elif wanted.flag in FLAGS:
        conditions.append(_flag(wanted.flag, actor))
    return conditions


def _make_batch_row(row: Any) -> BatchRow:
    return BatchRow(
        id=row.id,
        number=row.number,
        title=row.title,
        source=row.source,
        state=row.state,
        branch_name=row.branch_name,
        opened_by=row.opened_by,
        agent_name=row.agent_name or "",
        business=row.business or "",
        opened_at=row.opened_at,
        waiting=row.n_waiting,
        ready=row.n_ready,
        rework=row.n_rework,
        returned=row.n_returned,
        catalogued=row.n_catalogued,
        passed=row.n_passed,
        manual=row.n_manual,
    )


def _make_batch(
    batch: IntakeBatch,
    branch_name: str,
    opened_by: str,
    agent_name: str,
    business: str,
    note: str | None,
    may_work: bool,
    may_receive: bool,
) -> BatchDetail:
    return BatchDetail(
        id=batch.id,
        number=batch.number,
        title=batch.title,
        source=batch.source,
        state=batch.state,
        branch_id=batch.branch_id,
        branch_name=branch_name,
        opened_by=opened_by,
        opened_at=batch.opened_at,
        agent_name=agent_name,
        business=business,
        submission_note=note or "",
        scanned_by=batch.scanned_by,
        device=batch.device,
        dpi=batch.dpi,
        declared_items=batch.declared_items,
        declared_pages=batch.declared_pages,
        rework_count=batch.rework_count,
        remark=batch.remark,
        version=batch.version,
        may_work=bool(may_work),
        may_receive=bool(may_receive),
    )


def _make_item_row(row: Any, actor: Actor, now: datetime) -> ItemRow:
    held = is_held_by_other(row.held_by_id, row.held_until, actor.account_id, now=now)
    name = mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation")
    return ItemRow(
        id=row.id,
        position=row.position,
        state=row.state,
        title=row.title,
        type_name=row.type_name or row.guess_name,
        is_suggested_type=bool(not row.type_name and row.guess_name),
        customer_name=name if row.customer_number else "",
        customer_number=row.customer_number or "",
        pages=row.pages,
        first_page_id=row.first_page_id,
        thumbnail=(row.thumbnail or "")[:12],
        blank=bool(row.blank),
        manual=bool(row.manual),
        twin=bool(row.twin),
        mismatch=bool(row.mismatch),
        held_by=row.held_by if held else "",
        refusal=row.refusal,
        has_document=row.document_id is not None,
    )
