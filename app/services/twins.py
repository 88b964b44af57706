"""What is decided on a paper that may have come before 重复件: shown to who may see both, decided by a person, for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound, WrongState
from app.domain.policy import Action
from app.models.customers import Customer
from app.models.documents import Blob, Document, DocumentVersion, Page
from app.models.intake import IntakeBatch, IntakeItem, IntakePage, Twin
from app.ports import StoredBlob
from app.queries.visibility import documents_for, items_for
from app.services import trail
from app.services.documents import ReceivedFile, add_version
from app.services.intake_desk import open_for_work, put_aside
from app.services.intake_steps import item_subject, pages_of
from app.services.intake_versions import whole_file


class Decision(StrEnum):
    """What becomes of a second copy."""

    DROP = "drop"  # this one is put aside
    NEW_VERSION = "new_version"  # it becomes the newer version of the document
    KEEP = "keep"  # it is another paper


@dataclass(frozen=True, slots=True)
class TwinView:
    """The other paper as a person sees it beside this one; `pages` are numbers of pages that can be shown."""

    id: int
    kind: str  # same_file | same_page | same_form
    score: float
    numbers_score: float
    decision: str
    document_id: int | None
    other_item_id: int | None
    title: str
    number: str  # archive number, or number of its batch
    state: str
    formed_on: date | None
    received_at: datetime
    ordinal: int
    first_page: int | None  # id of the other paper's first page at the desk
    may_show_pages: bool
    may_become_version: bool


def twins_of(session: Session, actor: Actor, item_id: int) -> list[TwinView]:
    """Return the papers that this one may be a second copy of, likeliest first, as far as `actor` may see them."""
    rows = session.scalars(
        select(Twin).where(Twin.item_id == item_id).order_by(Twin.decision != "", Twin.score.desc(), Twin.id)
    ).all()
    documents = _documents(session, actor, [row.document_id for row in rows if row.document_id])
    items = _items(session, actor, [row.other_item_id for row in rows if row.other_item_id])
    item = session.get_one(IntakeItem, item_id)
    is_whole = whole_file(session, item, pages_of(session, item_id)) is not None
    views = [
        _of_document(row, *documents[row.document_id], is_whole=is_whole)
        if row.document_id in documents
        else _of_item(row, *items[row.other_item_id])
        if row.other_item_id in items
        else None
        for row in rows
    ]
    return [view for view in views if view is not None]


def item_of(session: Session, actor: Actor, twin_id: int) -> int:
    """Return the paper that somebody decides on; raises `NotFound` where `actor` may not see it."""
    found = session.scalar(
        select(Twin.item_id)
        .join(IntakeItem, IntakeItem.id == Twin.item_id)
        .where(Twin.id == twin_id, items_for(actor, Action.INTAKE_VIEW))
    )
    if found is None:
        raise NotFound
    return found


def decide_twin(session: Session, actor: Actor, twin_id: int, decision: Decision, *, now: datetime) -> IntakeItem:
    """Carry out what a person decided and return the paper.

    Raises `NotFound` where he may not see both, `NotAllowed`, and `WrongState` with `twin.decided`, `twin.no_document`,
    `twin.part_of_file`, `intake.held`.
    """
    item_id = item_of(session, actor, twin_id)
    if twin_id not in {view.id for view in twins_of(session, actor, item_id)}:
        raise NotFound
    item = open_for_work(session, actor, item_id, now=now)
    twin = session.get_one(Twin, twin_id, with_for_update=True)
    if twin.decision:
        raise WrongState("twin.decided")
    if decision is Decision.NEW_VERSION:
        _make_version(session, actor, item, twin.document_id, now=now)
    twin.decision, twin.decided_by, twin.decided_at = decision.value, actor.account_id, now
    after = {"decision": decision.value, "kind": twin.kind}
    trail.record(session, actor, "twin_decided", item_subject(item), now=now, after=after)
    if decision is not Decision.KEEP:
        put_aside(session, actor, item, _REASONS[decision], now=now, reason=_REASONS[decision])
    session.flush()
    return item


_REASONS = {Decision.DROP: "重复件", Decision.NEW_VERSION: "已作为原件的新版本收入"}


def _make_version(session: Session, actor: Actor, item: IntakeItem, document_id: int | None, *, now: datetime) -> None:
    if document_id is None:
        raise WrongState("twin.no_document")
    file = whole_file(session, item, pages_of(session, item.id))
    if file is None:
        raise WrongState("twin.part_of_file")
    blob = session.get_one(Blob, file.blob_digest)
    received = ReceivedFile(
        StoredBlob(blob.digest, blob.sha256, blob.size), file.file_name, file.media_type, file.pages
    )
    add_version(session, actor, document_id, received, now=now)


def _documents(session: Session, actor: Actor, ids: list[int]) -> dict[int, tuple[Document, bool, bool]]:
    joined = select(Document).join(Customer, Customer.id == Document.customer_id).where(Document.id.in_(ids))
    seen = session.scalars(joined.where(documents_for(actor, Action.DOCUMENT_VIEW))).all()
    shown = {row.id for row in session.scalars(joined.where(documents_for(actor, Action.DOCUMENT_PAGES)))}
    drawn = set(
        session.scalars(
            select(DocumentVersion.document_id)
            .join(Page, Page.version_id == DocumentVersion.id)
            .where(DocumentVersion.document_id.in_(ids))
        )
    )
    mine = {row.id for row in session.scalars(joined.where(documents_for(actor, Action.DOCUMENT_RECEIVE)))}
    return {row.id: (row, row.id in shown and row.id in drawn, row.id in mine) for row in seen}


def _items(session: Session, actor: Actor, ids: list[int]) -> dict[int, tuple[IntakeItem, str, int | None]]:
    rows = session.execute(
        select(IntakeItem, IntakeBatch.number)
        .join(IntakeBatch, IntakeBatch.id == IntakeItem.batch_id, isouter=True)
        .where(IntakeItem.id.in_(ids), items_for(actor, Action.INTAKE_VIEW))
    )
    found = {}
    for item, number in rows.all():
        first = session.scalar(
            select(IntakePage.id)
            .where(IntakePage.item_id == item.id, or_(IntakePage.removed.is_(False), IntakePage.position == 1))
            .order_by(IntakePage.position)
            .limit(1)
        )
        found[item.id] = (item, number or "", first)
    return found


def _of_document(twin: Twin, document: Document, is_shown: bool, is_mine: bool, *, is_whole: bool) -> TwinView:
    return TwinView(
        twin.id,
        twin.kind,
        twin.score,
        twin.numbers_score,
        twin.decision,
        document.id,
        None,
        document.title,
        document.archive_number or "",
        document.state,
        document.formed_on,
        document.created_at,
        document.current_version,
        None,
        is_shown and document.current_version > 0,
        is_mine and is_whole,
    )


def _of_item(twin: Twin, item: IntakeItem, number: str, first: int | None) -> TwinView:
    return TwinView(
        twin.id,
        twin.kind,
        twin.score,
        twin.numbers_score,
        twin.decision,
        None,
        item.id,
        item.title,
        number,
        item.state,
        item.formed_on,
        item.created_at,
        0,
        first,
        first is not None,
        False,
    )
