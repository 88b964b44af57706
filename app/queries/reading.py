"""Reads of electronic loans: what may be read right now, by the clock, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.hits import Box
from app.domain.loans import LoanState
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.search import Question
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document, DocumentVersion, Page
from app.queries.document_hits import hits_on
from app.queries.visibility import loans_for

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ReadableVersion:
    """The version of a document whose pages can be shown."""

    id: int
    ordinal: int
    pages: int


@dataclass(frozen=True, slots=True)
class Reading:
    """An electronic loan that its borrower can read now."""

    item_id: int
    request_id: int
    number: str
    title: str
    archive_number: str
    level: int
    due_on: date
    days_left: int
    may_print: bool
    may_copy: bool
    pages: Sequence[int]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """The images of a page that may be shown now, to whom, and what the trail needs to tell of it."""

    image_digest: str
    thumbnail_digest: str
    level: int
    number: str
    customer_id: int
    may_print: bool
    may_copy: bool
    full_name: str
    username: str
    employee_number: str


@dataclass(frozen=True, slots=True)
class ReadingHits:
    """A page on loan with hits: how many, and where on the image that its reader is shown.

    No words around them: whoever may only look is handed no text to copy.
    """

    number: int
    count: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An item of a request as those see it who keep its paper, and its borrower."""

    item_id: int
    request_id: int
    number: str
    way: str
    takes_paper: bool
    state: str
    borrower_id: int
    borrower_name: str
    branch_id: int
    branch_name: str
    level: int
    title: str
    archive_number: str
    document_state: str
    document_id: int
    due_on: date | None
    out_at: datetime | None
    views: int
    prints: int
    may_print: bool
    may_copy: bool
    is_readable: bool  # now, by its borrower


def readable_version(session: Session, document_id: int) -> ReadableVersion | None:
    """Return the current version of a document when its pages are drawn; None for paper without a scan."""
    row = session.execute(
        select(DocumentVersion.id, DocumentVersion.ordinal, func.count(Page.id))
        .join(Document, Document.id == DocumentVersion.document_id)
        .join(Page, Page.version_id == DocumentVersion.id)
        .where(
            Document.id == document_id,
            Document.state != "destroyed",
            DocumentVersion.ordinal == Document.current_version,
            DocumentVersion.render_state == "done",
        )
        .group_by(DocumentVersion.id, DocumentVersion.ordinal)
    ).first()
    return ReadableVersion(*row) if row else None


def list_readings(session: Session, actor: Actor, *, now: datetime) -> Sequence[Reading]:
    """Return one's own electronic loans that are open now, those that close first on top."""
    rows = session.execute(
        _reading_columns()
        .where(*_open_to(actor, now))
        .order_by(LoanItem.due_on, LoanItem.out_at, LoanItem.id)
        .limit(MOST_LISTED)
    )
    return [_make_reading(row, (), now) for row in rows]


def read_reading(session: Session, actor: Actor, item_id: int, *, now: datetime) -> Reading:
    """Return an electronic loan with the pages that can be shown; raises `NotFound` unless it is open to `actor` now."""
    row = session.execute(_reading_columns().where(LoanItem.id == item_id, *_open_to(actor, now))).first()
    if row is None:
        raise NotFound
    version = readable_version(session, row.document_id)
    return _make_reading(row, page_numbers(session, version.id) if version else (), now)


def reading_page(session: Session, actor: Actor, item_id: int, number: int, *, now: datetime) -> ReadingPage:
    """Return a page that may be shown now; raises `NotFound` for anybody else's, a closed one, and no such page."""
    row = session.execute(
        _current_pages(
            select(
                func.coalesce(Page.restored_digest, Page.image_digest),
                Page.thumbnail_digest,
                Document.level,
                LoanRequest.number,
                Document.customer_id,
                LoanRequest.may_print,
                LoanRequest.may_copy,
                Account.full_name,
                Account.username,
                Account.employee_number,
            )
            .join_from(LoanItem, LoanRequest, LoanRequest.id == LoanItem.request_id)
            .join(Account, Account.id == LoanRequest.borrower_id)
            .join(Document, Document.id == LoanItem.document_id)
        ).where(LoanItem.id == item_id, Page.number == number, *_open_to(actor, now))
    ).first()
    if row is None:
        raise NotFound
    return ReadingPage(*tuple(row))


def hits_in_reading(
    session: Session, actor: Actor, item_id: int, question: Question, *, now: datetime
) -> Sequence[ReadingHits]:
    """Return the pages of a loan open to `actor` now that hold some part of `question`; none of any other."""
    if not question.parts:
        return ()
    rows = session.execute(
        _current_pages(
            select(Page.number, Page.text, Page.words, Page.turned, Page.restored_digest)
            .join_from(LoanItem, LoanRequest, LoanRequest.id == LoanItem.request_id)
            .join(Document, Document.id == LoanItem.document_id)
        )
        .where(LoanItem.id == item_id, *_open_to(actor, now))
        .order_by(Page.number)
    )
    found = (_make_hits(row, question) for row in rows)
    return [hits for hits in found if hits.count]


def read_desk_item(session: Session, actor: Actor, item_id: int, *, now: datetime) -> DeskItem:
    """Return an item whose request `actor` may see; raises `NotFound`."""
    row = session.execute(
        select(LoanItem, LoanRequest, Document, Account.full_name, Branch.name)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.branch_id)
        .where(LoanItem.id == item_id, loans_for(actor, Action.LOAN_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_desk_item(*row, now)


def page_numbers(session: Session, version_id: int) -> Sequence[int]:
    """Return the numbers of the drawn pages of a version, in order."""
    return session.scalars(select(Page.number).where(Page.version_id == version_id).order_by(Page.number)).all()


def _open_to(actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes an item readable at this moment: whose it is, its state, its last day, and that the document is there."""
    return (
        LoanRequest.borrower_id == actor.account_id,
        loans_for(actor, Action.READING_OPEN),
        LoanItem.state == LoanState.OUT,
        LoanItem.takes_paper.is_(False),
        LoanItem.due_on >= office_day(now),
        Document.state != "destroyed",
    )


def _reading_columns() -> Any:
    return (
        select(
            LoanItem.id,
            LoanItem.request_id,
            LoanItem.due_on,
            LoanItem.document_id,
            LoanRequest.number,
            LoanRequest.may_print,
            LoanRequest.may_copy,
            Document.title,
            Document.archive_number,
            Document.level,
        )
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
    )


def _current_pages(query: Any) -> Any:
    """Join the drawn pages of the current version to a query that has the document."""
    return query.join(
        DocumentVersion,
        and_(
            DocumentVersion.document_id == Document.id,
            DocumentVersion.ordinal == Document.current_version,
            DocumentVersion.render_state == "done",
        ),
    ).join(Page, Page.version_id == DocumentVersion.id)


def _make_hits(row: Any, question: Question) -> ReadingHits:
    """Return hits with their places on the image shown: the restored copy, or the page as it came unless turned."""
    hits = hits_on(row.number, row.text, row.words, question)
    if row.restored_digest:
        return ReadingHits(hits.number, hits.count, hits.on_restored or ())
    return ReadingHits(hits.number, hits.count, () if row.turned else hits.boxes)


def _make_reading(row: Any, pages: Sequence[int], now: datetime) -> Reading:
    return Reading(
        item_id=row.id,
        request_id=row.request_id,
        number=row.number,
        title=row.title,
        archive_number=row.archive_number or "",
        level=row.level,
        due_on=row.due_on,
        days_left=(row.due_on - office_day(now)).days,
        may_print=row.may_print,
        may_copy=row.may_copy,
        pages=pages,
    )


def _make_desk_item(
    item: LoanItem, request: LoanRequest, document: Document, borrower: str, branch: str, now: datetime
) -> DeskItem:
    in_time = item.due_on is not None and item.due_on >= office_day(now)
    is_there = document.state != "destroyed"
    return DeskItem(
        item_id=item.id,
        request_id=request.id,
        number=request.number,
        way=request.way,
        takes_paper=item.takes_paper,
        state=item.state,
        borrower_id=request.borrower_id,
        borrower_name=borrower,
        branch_id=request.branch_id,
        branch_name=branch,
        level=max(request.level, document.level),
        title=document.title,
        archive_number=document.archive_number or "",
        document_state=document.state,
        document_id=document.id,
        due_on=item.due_on,
        out_at=item.out_at,
        views=item.views,
        prints=item.prints,
        may_print=request.may_print,
        may_copy=request.may_copy,
        is_readable=not item.takes_paper and item.state == LoanState.OUT and in_time and is_there,
    )
