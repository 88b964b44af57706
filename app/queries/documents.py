"""Reads for the document screens: the list, one item with its versions, the bytes of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.documents import Description
from app.domain.errors import NotFound
from app.domain.masking import mask_author, mask_name
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Blob, Category, Document, DocumentVersion, Page
from app.models.intake import IntakeItem
from app.models.machinery import TrailEntry
from app.models.policies import Policy
from app.models.storage import Box, Place
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import documents_for

PAGE_SIZE = 50
SORTS = {
    "updated": Sort(Document.updated_at, Document.id, descending=True),
    "updated_asc": Sort(Document.updated_at, Document.id),
}


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list is narrowed to; empty means no limit. `text` is the beginning of an archive number."""

    text: str = ""
    category: str = ""  # a code; a class covers its sub-classes
    state: str = ""
    level: int | None = None
    branch_id: int | None = None
    formed_from: date | None = None
    formed_to: date | None = None
    by_hand: bool = False  # pages that no machine could draw 待人工处理


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line of the document list."""

    id: int
    title: str
    archive_number: str | None
    category_name: str
    customer_id: int
    customer_name: str
    formed_on: date | None
    page_count: int
    level: int
    state: str
    period: str
    carrier: str
    branch_name: str
    updated_at: datetime
    whereabouts: str
    box_number: str | None
    place_code: str | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of an item's bytes."""

    id: int
    ordinal: int
    file_name: str
    media_type: str
    size: int
    pages: int
    render_state: str
    render_note: str
    sha256: str
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class PageRow:
    """A drawn page; `is_restored` once there is a copy that is easier to read, `is_unread` where a person has to look."""

    number: int
    width: int
    height: int
    is_restored: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """An item as its page shows it."""

    id: int
    description: Description
    state: str
    archive_number: str | None
    category_name: str
    class_name: str
    customer_id: int
    customer_number: str
    customer_name: str
    policy_number: str | None
    claim_number: str | None
    branch_name: str
    filed_at: datetime | None
    filed_by: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    current_version: int
    version: int
    own_work: bool = False  # who described it may not file it
    in_batch: bool = False  # it is filed when its batch is accepted
    author: str = ""  # as the screen names him; in the description as he is written


@dataclass(frozen=True, slots=True)
class Choice:
    """A sub-class for choosing, with what new items of it start with."""

    id: int
    code: str
    name: str
    class_name: str
    default_level: int
    default_period: str


def list_documents(
    session: Session, actor: Actor, wanted: DocumentFilter, *, sort: str = "updated", cursor: Cursor | None = None
) -> PageOf[DocumentRow]:
    """Return a page of the items that `actor` may see."""
    order = SORTS.get(sort, SORTS["updated"])
    narrowed = _conditions(wanted)
    found = [documents_for(actor, Action.DOCUMENT_VIEW, by_index=not wanted.by_hand), *narrowed]
    counted = select(Document.id).join(Customer, Customer.id == Document.customer_id)
    if wanted.category:
        counted = counted.join(Category, Category.id == Document.category_id)
    total = count_up_to(session, counted.where(*found))
    if total > MOST_COUNTED:
        found = [documents_for(actor, Action.DOCUMENT_VIEW), *narrowed]
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_document(session: Session, actor: Actor, document_id: int) -> DocumentDetail:
    """Return one item; raises `NotFound` for one that `actor` may not see."""
    filer, maker = aliased(Account), aliased(Account)
    parent = aliased(Category)
    in_batch = exists().where(IntakeItem.document_id == Document.id, IntakeItem.state != "passed")
    row = session.execute(
        select(
            Document,
            Category.name,
            parent.name,
            Customer.number,
            Customer.name,
            Customer.kind,
            Policy.number,
            Claim.number,
            Branch.name,
            filer.full_name,
            maker.full_name,
            in_batch,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .outerjoin(parent, parent.id == Category.parent_id)
        .join(Branch, Branch.id == Document.branch_id)
        .outerjoin(Policy, Policy.id == Document.policy_id)
        .outerjoin(Claim, Claim.id == Document.claim_id)
        .outerjoin(filer, filer.id == Document.filed_by)
        .outerjoin(maker, maker.id == Document.created_by)
        .where(Document.id == document_id, documents_for(actor, Action.DOCUMENT_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return replace(_make_detail(*tuple(row)), own_work=row[0].catalogued_by == actor.account_id)


def versions_of(session: Session, document_id: int) -> Sequence[VersionRow]:
    """Return the versions of an item that the reader has been shown, newest first."""
    rows = session.execute(
        select(
            DocumentVersion.id,
            DocumentVersion.ordinal,
            DocumentVersion.file_name,
            DocumentVersion.media_type,
            DocumentVersion.size,
            DocumentVersion.pages,
            DocumentVersion.render_state,
            DocumentVersion.render_note,
            Blob.sha256,
            func.coalesce(Account.full_name, ""),
            DocumentVersion.uploaded_at,
        )
        .join(Blob, Blob.digest == DocumentVersion.blob_digest)
        .outerjoin(Account, Account.id == DocumentVersion.uploaded_by)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.ordinal.desc())
    )
    return [VersionRow(*row) for row in rows]


def pages_of(session: Session, version_id: int) -> Sequence[PageRow]:
    """Return the drawn pages of a version, in order."""
    rows = session.execute(
        select(Page.number, Page.width, Page.height, Page.restored_digest.is_not(None), Page.work_state == "manual")
        .where(Page.version_id == version_id)
        .order_by(Page.number)
    )
    return [PageRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PageImages:
    """Where the images of a page are, and of whose file it is.

    `turned` is by how many degrees clockwise the image as it came must be turned to stand as it was read.
    """

    image_digest: str
    restored_digest: str | None
    turned: int
    thumbnail_digest: str
    level: int
    archive_number: str | None
    customer_id: int


def page_images(session: Session, actor: Actor, document_id: int, ordinal: int, number: int) -> PageImages:
    """Return the images of a page that `actor` may look at; raises `NotFound`."""
    row = session.execute(
        select(
            Page.image_digest,
            Page.restored_digest,
            Page.turned,
            Page.thumbnail_digest,
            Document.level,
            Document.archive_number,
            Document.customer_id,
        )
        .join(DocumentVersion, DocumentVersion.id == Page.version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            Document.id == document_id,
            DocumentVersion.ordinal == ordinal,
            Page.number == number,
            documents_for(actor, Action.DOCUMENT_PAGES),
        )
    ).first()
    if row is None:
        raise NotFound
    return PageImages(*row)


def was_viewed(session: Session, actor: Actor, document_id: int, customer_id: int, *, since: datetime) -> bool:
    """Say whether the trail has told since then that `actor` looked at an item."""
    entry = select(TrailEntry.sequence).where(
        TrailEntry.customer_id == customer_id,
        TrailEntry.account_id == actor.account_id,
        TrailEntry.event == "document_viewed",
        TrailEntry.object_id == document_id,
        TrailEntry.at > since,
    )
    return session.scalar(entry.limit(1)) is not None


def category_choices(session: Session) -> Sequence[Choice]:
    """Return the sub-classes that items can be put in, in the order of the scheme."""
    parent = aliased(Category)
    rows = session.execute(
        select(
            Category.id,
            Category.code,
            Category.name,
            parent.name,
            Category.default_level,
            Category.default_period,
        )
        .join(parent, parent.id == Category.parent_id)
        .where(Category.active)
        .order_by(Category.position, Category.code)
    )
    return [Choice(*row) for row in rows]


def _conditions(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(Document.archive_number.startswith(wanted.text.upper(), autoescape=True))
    if wanted.category:
        conditions.append(
            or_(Category.code == wanted.category, Category.code.startswith(wanted.category, autoescape=True))
        )
    if wanted.state:
        conditions.append(Document.state == wanted.state)
    if wanted.level is not None:
        conditions.append(Document.level == wanted.level)
    if wanted.branch_id is not None:
        conditions.append(Document.branch_id == wanted.branch_id)
    if wanted.formed_from is not None:
        conditions.append(Document.formed_on >= wanted.formed_from)
    if wanted.formed_to is not None:
        conditions.append(Document.formed_on <= wanted.formed_to)
    if wanted.by_hand:
        # Spelled out, since a bound value does not let SQLite use the partial index.
        manual = DocumentVersion.render_state == literal_column("'manual'")
        current = and_(DocumentVersion.document_id == Document.id, DocumentVersion.ordinal == Document.current_version)
        conditions.append(Document.id.in_(select(DocumentVersion.document_id).where(manual)))
        conditions.append(select(DocumentVersion.id).where(current, manual).exists())
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Document.title,
            Document.archive_number,
            Category.name.label("category_name"),
            Document.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Document.formed_on,
            Document.page_count,
            Document.level,
            Document.state,
            Document.period,
            Document.carrier,
            Branch.name.label("branch_name"),
            Document.updated_at,
            Document.whereabouts,
            Box.number.label("box_number"),
            Place.full_code.label("place_code"),
            order.column,
            Document.id,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .join(Branch, Branch.id == Document.branch_id)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
    )


def _make_row(row: Any) -> DocumentRow:
    return DocumentRow(
        id=row.id,
        title=row.title,
        archive_number=row.archive_number,
        category_name=row.category_name,
        customer_id=row.customer_id,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        formed_on=row.formed_on,
        page_count=row.page_count,
        level=row.level,
        state=row.state,
        period=row.period,
        carrier=row.carrier,
        branch_name=row.branch_name,
        updated_at=row.updated_at,
        whereabouts=row.whereabouts,
        box_number=row.box_number,
        place_code=row.place_code,
    )


def _make_detail(
    document: Document,
    category_name: str,
    class_name: str | None,
    customer_number: str,
    customer_name: str,
    customer_kind: str,
    policy_number: str | None,
    claim_number: str | None,
    branch_name: str,
    filed_by: str | None,
    created_by: str | None,
    in_batch: bool,
) -> DocumentDetail:
    return DocumentDetail(
        id=document.id,
        description=Description(**{name: getattr(document, name) for name in Description.__dataclass_fields__}),
        state=document.state,
        archive_number=document.archive_number,
        category_name=category_name,
        class_name=class_name or "",
        customer_id=document.customer_id,
        customer_number=customer_number,
        customer_name=mask_name(customer_name, is_organisation=customer_kind == "organisation"),
        policy_number=policy_number,
        claim_number=claim_number,
        branch_name=branch_name,
        filed_at=document.filed_at,
        filed_by=filed_by or "",
        created_by=created_by or "",
        created_at=document.created_at,
        updated_at=document.updated_at,
        current_version=document.current_version,
        version=document.version,
        in_batch=in_batch,
        author=mask_author(document.author, customer_name, is_organisation=customer_kind == "organisation"),
    )
