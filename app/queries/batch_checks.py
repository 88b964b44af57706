"""What the screens of checks show: how a batch stands with its checks, and the sample of one check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.intake import BatchState, ItemState
from app.domain.masking import mask_name
from app.domain.policy import Action, Target, may
from app.models.accounts import Account
from app.models.customers import Customer
from app.models.documents import Category, Document, Page
from app.models.documents import DocumentVersion as Version
from app.models.intake import BatchCheck, CheckedItem, IntakeBatch, IntakeItem, IntakePage, PaperType
from app.queries.visibility import batches_for, documents_for

MOST_THUMBNAILS = 12


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of a batch, begun or ended."""

    id: int
    round: int
    rate: int
    population: int
    sample: int
    bad: int
    outcome: str
    checker: str
    is_mine: bool
    begun_at: datetime
    ended_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Checking:
    """How a batch stands with its checks, and what the reader may do about it."""

    batch_id: int
    state: str
    left: int  # items that are not catalogued yet
    catalogued: int
    running: CheckRow | None
    ended: Sequence[CheckRow]
    own_work: bool
    may_hand_in: bool
    may_take_back: bool
    may_begin: bool
    declared_items: int | None
    declared_pages: int | None
    items: int
    pages: int


@dataclass(frozen=True, slots=True)
class SampleItem:
    """An item of a sample with what was catalogued of it."""

    item_id: int
    position: int
    document_id: int
    ordinal: int
    pages: Sequence[int]  # numbers of the pages that can be shown
    more_pages: int
    title: str
    paper_type: str
    category: str
    customer: str
    author: str
    formed_on: date | None
    page_count: int
    level: int
    hidden: bool  # above the reader's level: somebody else checks it
    result: str
    defects: Sequence[str]
    note: str


@dataclass(frozen=True, slots=True)
class CheckDetail:
    """A check with its sample."""

    check: CheckRow
    batch_id: int
    batch_number: str
    branch_id: int
    items: Sequence[SampleItem]

    @property
    def judged(self) -> int:
        """How many of the sample have a verdict."""
        return sum(bool(item.result) for item in self.items)


def read_checking(session: Session, actor: Actor, batch_id: int) -> Checking:
    """Return how a batch stands with its checks; raises `NotFound`."""
    batch = session.scalar(
        select(IntakeBatch).where(IntakeBatch.id == batch_id, batches_for(actor, Action.INTAKE_VIEW))
    )
    if batch is None:
        raise NotFound
    counts = _counts(session, batch.id)
    checks = _checks(session, actor, batch.id)
    running = next((check for check in checks if check.ended_at is None), None)
    own = _catalogued_by(session, batch.id, actor)
    target, state = Target(batch.branch_id), BatchState(batch.state)
    left = sum(counts.get(s, 0) for s in (ItemState.WAITING, ItemState.READY, ItemState.REWORK, ItemState.RETURNED))
    catalogued = counts.get(ItemState.CATALOGUED, 0)
    works = may(actor, Action.INTAKE_WORK, target)
    return Checking(
        batch_id=batch.id,
        state=batch.state,
        left=left,
        catalogued=catalogued,
        running=running,
        ended=[check for check in checks if check.ended_at is not None],
        own_work=own,
        may_hand_in=works and state in (BatchState.OPEN, BatchState.REWORK) and not left and bool(catalogued),
        may_take_back=works and state == BatchState.CHECKING and running is None,
        may_begin=may(actor, Action.INTAKE_CHECK, target)
        and state == BatchState.CHECKING
        and running is None
        and not own,
        declared_items=batch.declared_items,
        declared_pages=batch.declared_pages,
        items=sum(count for state, count in counts.items() if state != ItemState.DROPPED),
        pages=_pages(session, batch.id),
    )


def read_check(session: Session, actor: Actor, check_id: int) -> CheckDetail:
    """Return a check with its sample; raises `NotFound`."""
    found = session.execute(
        select(BatchCheck.batch_id, IntakeBatch.number, IntakeBatch.branch_id)
        .join(IntakeBatch, IntakeBatch.id == BatchCheck.batch_id)
        .where(BatchCheck.id == check_id, batches_for(actor, Action.INTAKE_CHECK))
    ).first()
    if found is None:
        raise NotFound
    check = next(row for row in _checks(session, actor, found.batch_id) if row.id == check_id)
    return CheckDetail(check, found.batch_id, found.number, found.branch_id, _sample(session, actor, check_id))


def _checks(session: Session, actor: Actor, batch_id: int) -> Sequence[CheckRow]:
    rows = session.execute(
        select(BatchCheck, Account.full_name)
        .outerjoin(Account, Account.id == BatchCheck.checker_id)
        .where(BatchCheck.batch_id == batch_id)
        .order_by(BatchCheck.round)
    )
    return [
        CheckRow(
            id=check.id,
            round=check.round,
            rate=check.rate,
            population=check.population,
            sample=check.sample,
            bad=check.bad,
            outcome=check.outcome,
            checker=name or "",
            is_mine=check.checker_id == actor.account_id,
            begun_at=check.begun_at,
            ended_at=check.ended_at,
            note=check.note,
        )
        for check, name in rows
    ]


def _sample(session: Session, actor: Actor, check_id: int) -> Sequence[SampleItem]:
    parent = aliased(Category)
    rows = session.execute(
        select(CheckedItem, IntakeItem, Document, Customer, PaperType.name, Category.name, parent.name)
        .join(IntakeItem, IntakeItem.id == CheckedItem.item_id)
        .join(Document, Document.id == IntakeItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .outerjoin(parent, parent.id == Category.parent_id)
        .outerjoin(PaperType, PaperType.id == Document.paper_type_id)
        .where(CheckedItem.check_id == check_id)
        .order_by(IntakeItem.position, IntakeItem.id)
    ).all()
    ids = [document.id for _, _, document, *_ in rows]
    seen = set(
        session.scalars(
            select(Document.id)
            .join(Customer, Customer.id == Document.customer_id)
            .where(Document.id.in_(ids), documents_for(actor, Action.DOCUMENT_VIEW))
        )
    )
    pages = _page_numbers(session, ids)
    return [
        _sample_item(checked, item, document, customer, paper, f"{above} › {category}", pages, document.id in seen)
        for checked, item, document, customer, paper, category, above in rows
    ]


def _sample_item(
    checked: CheckedItem,
    item: IntakeItem,
    document: Document,
    customer: Customer,
    paper: str | None,
    category: str,
    pages: Mapping[int, Sequence[int]],
    is_seen: bool,
) -> SampleItem:
    numbers = pages.get(document.id, ()) if is_seen else ()
    return SampleItem(
        item_id=item.id,
        position=item.position,
        document_id=document.id,
        ordinal=document.current_version,
        pages=numbers[:MOST_THUMBNAILS],
        more_pages=max(0, len(numbers) - MOST_THUMBNAILS),
        title=document.title if is_seen else "",
        paper_type=paper or "",
        category=category,
        customer=mask_name(customer.name, is_organisation=customer.kind == "organisation") if is_seen else "",
        author=document.author if is_seen else "",
        formed_on=document.formed_on,
        page_count=document.page_count,
        level=document.level,
        hidden=not is_seen,
        result=checked.result,
        defects=checked.defects or [],
        note=checked.note,
    )


def _page_numbers(session: Session, document_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(Version.document_id, Page.number)
        .join(Page, Page.version_id == Version.id)
        .join(Document, Document.id == Version.document_id)
        .where(Version.document_id.in_(document_ids), Version.ordinal == Document.current_version)
        .order_by(Version.document_id, Page.number)
    )
    for document_id, number in rows:
        found.setdefault(document_id, []).append(number)
    return found


def _counts(session: Session, batch_id: int) -> dict[ItemState, int]:
    rows = session.execute(
        select(IntakeItem.state, func.count()).where(IntakeItem.batch_id == batch_id).group_by(IntakeItem.state)
    )
    return {ItemState(state): count for state, count in rows}


def _pages(session: Session, batch_id: int) -> int:
    wanted = (
        select(func.count())
        .select_from(IntakePage)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .where(IntakeItem.batch_id == batch_id, IntakePage.removed.is_(False), IntakeItem.state != "dropped")
    )
    return session.scalar(wanted) or 0


def _catalogued_by(session: Session, batch_id: int, actor: Actor) -> bool:
    own = select(IntakeItem.id).where(IntakeItem.batch_id == batch_id, IntakeItem.catalogued_by == actor.account_id)
    return session.scalar(own.limit(1)) is not None
