"""Reads for the desk: one paper with its pages, who else has it open, what comes next, the images, the choices of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.intake import AT_THE_DESK, EDITABLE, ItemState
from app.domain.intake_desk import FIELDS, HOLD, TypedItem, is_held_by_other
from app.domain.masking import mask_name
from app.domain.paper_types import fill_title
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Category
from app.models.intake import IntakeBatch, IntakeItem, IntakePage, PaperType, Submission
from app.queries.lookups import customer_lookups
from app.queries.visibility import customers_for, items_for

MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A customer as the desk names him: number and masked name."""

    id: int
    number: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A page of a paper as the desk shows it."""

    id: int
    place: int  # among all pages of the paper, from 1
    number: int  # among those that are not taken out, 0 for one that is
    shown: str  # beginnings of digests: an address changes when its image does
    original: str
    thumbnail: str
    is_restored: bool
    turned: int
    blank: bool
    work_state: str
    work_note: str
    score: float
    flaws: tuple[str, ...]
    removed: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """A paper as the desk shows it."""

    id: int
    batch_id: int | None
    batch_number: str
    batch_state: str
    source: str
    submission_id: int | None
    business: str
    agent_name: str
    branch_name: str
    position: int
    state: str
    is_suggested: bool
    fields: TypedItem
    touched: frozenset[str]
    customer: CustomerHit | None
    pages: tuple[DeskPage, ...]
    level: int
    refusal: str
    document_id: int | None
    catalogued_by: int | None
    held_by: str  # who else has it open, empty when nobody
    held_minutes: int
    version: int
    may_work: bool

    @property
    def is_editable(self) -> bool:
        """Whether it is still at the desk."""
        return ItemState(self.state) in EDITABLE

    @property
    def page_count(self) -> int:
        """Pages with something on them, as the catalogue counts them."""
        return sum(1 for page in self.pages if not page.removed and not page.blank)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a paper stands in its batch, and what lies before and behind it."""

    before: int | None
    after: int | None
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A kind of paper with what it brings along when it is chosen."""

    id: int
    name: str
    group: str  # the upper class under which it is filed
    category_id: int
    level: int
    period: str
    title: str


@dataclass(frozen=True, slots=True)
class PageBytes:
    """Where the images of a page lie, and how confidential they are."""

    level: int
    image_digest: str
    thumbnail_digest: str
    restored_digest: str | None


def read_item(session: Session, actor: Actor, item_id: int, *, now: datetime) -> ItemDetail:
    """Return one paper; raises `NotFound` for one that `actor` may not see."""
    holder, agent = aliased(Account), aliased(Account)
    row = session.execute(
        select(
            IntakeItem,
            IntakeBatch.number,
            IntakeBatch.state,
            IntakeBatch.source,
            Submission.business,
            agent.full_name,
            Branch.name,
            holder.full_name,
            Customer,
            items_for(actor, Action.INTAKE_WORK),
        )
        .join(Branch, Branch.id == IntakeItem.branch_id)
        .outerjoin(IntakeBatch, IntakeBatch.id == IntakeItem.batch_id)
        .outerjoin(Submission, Submission.id == IntakeItem.submission_id)
        .outerjoin(agent, agent.id == Submission.agent_id)
        .outerjoin(holder, holder.id == IntakeItem.held_by)
        .outerjoin(Customer, Customer.id == IntakeItem.customer_id)
        .where(IntakeItem.id == item_id, items_for(actor, Action.INTAKE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_item(actor, row, _pages_of(session, item_id), now)


def neighbours(session: Session, actor: Actor, item: ItemDetail) -> Neighbours:
    """Return what lies before and behind a paper in its batch, among those that were not dropped."""
    line = select(IntakeItem.id).where(
        IntakeItem.batch_id == item.batch_id, IntakeItem.state != "dropped", items_for(actor, Action.INTAKE_VIEW)
    )
    before = line.where(IntakeItem.position < item.position).order_by(IntakeItem.position.desc(), IntakeItem.id.desc())
    after = line.where(IntakeItem.position > item.position).order_by(IntakeItem.position, IntakeItem.id)
    count = line.with_only_columns(func.count())
    return Neighbours(
        before=session.scalar(before.limit(1)),
        after=session.scalar(after.limit(1)),
        number=(session.scalar(count.where(IntakeItem.position < item.position)) or 0) + 1,
        total=session.scalar(count) or 0,
    )


def next_to_work(session: Session, actor: Actor, item_id: int, *, now: datetime) -> int | None:
    """Return the paper of the same batch that waits for a person next, going round; None when none does."""
    row = session.execute(select(IntakeItem.batch_id, IntakeItem.position).where(IntakeItem.id == item_id)).first()
    if row is None or row[0] is None:
        return None
    return session.scalar(
        select(IntakeItem.id)
        .where(
            IntakeItem.batch_id == row[0],
            IntakeItem.id != item_id,
            IntakeItem.state.in_(sorted(AT_THE_DESK - {ItemState.WAITING})),
            or_(
                IntakeItem.held_until.is_(None),
                IntakeItem.held_until <= now,
                IntakeItem.held_by == actor.account_id,
            ),
            items_for(actor, Action.INTAKE_WORK),
        )
        .order_by((IntakeItem.position <= row[1]), IntakeItem.position, IntakeItem.id)
        .limit(1)
    )


def first_to_work(session: Session, actor: Actor, batch_id: int, *, now: datetime) -> int | None:
    """Return the first paper of a batch that waits for a person and that nobody else has open."""
    return session.scalar(
        select(IntakeItem.id)
        .where(
            IntakeItem.batch_id == batch_id,
            IntakeItem.state.in_(sorted(AT_THE_DESK - {ItemState.WAITING})),
            or_(
                IntakeItem.held_until.is_(None),
                IntakeItem.held_until <= now,
                IntakeItem.held_by == actor.account_id,
            ),
            items_for(actor, Action.INTAKE_WORK),
        )
        .order_by(IntakeItem.position, IntakeItem.id)
        .limit(1)
    )


def page_bytes(session: Session, actor: Actor, page_id: int) -> PageBytes:
    """Return where the images of a page lie that `actor` may look at; raises `NotFound`."""
    row = session.execute(
        select(IntakeItem.level, IntakePage.image_digest, IntakePage.thumbnail_digest, IntakePage.restored_digest)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .where(IntakePage.id == page_id, items_for(actor, Action.INTAKE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return PageBytes(*row)


def find_customers(session: Session, actor: Actor, text: str) -> Sequence[CustomerHit]:
    """Return customers whose name begins so, or whose number it is, within what `actor` may put papers to."""
    words = text.strip().split()
    if not words:
        return []
    reach = (customers_for(actor, Action.CUSTOMER_VIEW), customers_for(actor, Action.INTAKE_WORK))
    statement = select(Customer.id, Customer.number, Customer.name, Customer.kind, Customer.level)
    # A chosen suggestion reads "KH2026-000123 王*": its number says everything.
    by_number = session.execute(statement.where(Customer.number == words[0].upper(), *reach)).all()
    rows = by_number or session.execute(
        statement.where(or_(*customer_lookups(text.strip())), *reach)
        .order_by(Customer.name_sort, Customer.id)
        .limit(MOST_FOUND)
    )
    return [_hit(*row) for row in rows]


def customer_hit(session: Session, actor: Actor, customer_id: int | None) -> CustomerHit | None:
    """Return one customer as the desk names him; None for one that `actor` may not see, or none."""
    if customer_id is None:
        return None
    row = session.execute(
        select(Customer.id, Customer.number, Customer.name, Customer.kind, Customer.level).where(
            Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW)
        )
    ).first()
    return _hit(*row) if row else None


def type_choices(session: Session, *, name: str = "", policy: str = "", claim: str = "") -> Sequence[TypeChoice]:
    """Return every open kind of paper by its upper class, each with the title that it would give this paper."""
    upper = aliased(Category)
    rows = session.execute(
        select(PaperType, upper.name, Category.default_level, Category.default_period)
        .join(Category, Category.id == PaperType.category_id)
        .join(upper, upper.id == Category.parent_id)
        .where(PaperType.active.is_(True))
        .order_by(upper.position, upper.code, PaperType.position, PaperType.id)
    )
    parts = {"name": name, "policy": policy, "claim": claim}
    return [
        TypeChoice(kind.id, kind.name, group, kind.category_id, level, period, fill_title(kind.title_pattern, parts))
        for kind, group, level, period in rows
    ]


def is_mine(session: Session, actor: Actor, item_id: int) -> bool:
    """Say whether `actor` himself catalogued a paper: a form that was sent twice is no trouble."""
    return session.scalar(select(IntakeItem.catalogued_by).where(IntakeItem.id == item_id)) == actor.account_id


def _pages_of(session: Session, item_id: int) -> tuple[DeskPage, ...]:
    columns = (
        IntakePage.id,
        IntakePage.image_digest,
        IntakePage.restored_digest,
        IntakePage.thumbnail_digest,
        IntakePage.turned,
        IntakePage.blank,
        IntakePage.work_state,
        IntakePage.work_note,
        IntakePage.score,
        IntakePage.flaws,
        IntakePage.removed,
        IntakePage.refusal,
    )
    ordered = select(*columns).where(IntakePage.item_id == item_id).order_by(IntakePage.position, IntakePage.id)
    found, number = [], 0
    for place, row in enumerate(session.execute(ordered), 1):
        number += not row.removed
        found.append(
            DeskPage(
                id=row.id,
                place=place,
                number=0 if row.removed else number,
                shown=(row.restored_digest or row.image_digest)[:12],
                original=row.image_digest[:12],
                thumbnail=row.thumbnail_digest[:12],
                is_restored=row.restored_digest is not None,
                turned=row.turned,
                blank=row.blank,
                work_state=row.work_state,
                work_note=row.work_note,
                score=row.score,
                flaws=tuple(flaw[0] for flaw in row.flaws or ()),
                removed=row.removed,
                refusal=row.refusal,
            )
        )
    return tuple(found)


def _make_item(actor: Actor, row: Any, pages: tuple[DeskPage, ...], now: datetime) -> ItemDetail:
    item, number, state, source, business, agent_name, branch_name, holder, customer, may_work = row
    held = is_held_by_other(item.held_by, item.held_until, actor.account_id, now=now)
    since = item.held_until - HOLD if held else now
    return ItemDetail(
        id=item.id,
        batch_id=item.batch_id,
        batch_number=number or "",
        batch_state=state or "",
        source=source or "agent",
        submission_id=item.submission_id,
        business=business or "",
        agent_name=agent_name or "",
        branch_name=branch_name,
        position=item.position,
        state=item.state,
        is_suggested=item.is_suggested,
        fields=TypedItem(**{name: getattr(item, name) for name in FIELDS}),
        touched=frozenset(item.touched),
        customer=_hit(customer.id, customer.number, customer.name, customer.kind, customer.level) if customer else None,
        pages=pages,
        level=item.level,
        refusal=item.refusal,
        document_id=item.document_id,
        catalogued_by=item.catalogued_by,
        held_by=holder or "" if held else "",
        held_minutes=max(0, int((now - since).total_seconds() // 60)),
        version=item.version,
        may_work=bool(may_work),
    )


def _hit(customer_id: int, number: str, name: str, kind: str, level: int) -> CustomerHit:
    return CustomerHit(customer_id, number, mask_name(name, is_organisation=kind == "organisation"), level)
