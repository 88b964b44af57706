"""What is worked on by machine, page by page: those that wait, what was made of each, and what follows when all are done.

The rows are the truth about what remains; jobs only nudge. Pages of items at the desk and of documents are worked on alike,
those of items first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.intake import EDITABLE, ItemState, ItemStep
from app.domain.page_work import BY_HAND, LAYER, WorkNote, WorkState
from app.domain.text_layers import is_good_layer
from app.models.documents import DocumentVersion, Page
from app.models.intake import IntakeFile, IntakeItem, IntakePage
from app.models.machinery import Job
from app.ports import Flaw, StoredBlob, TextLine
from app.queries.page_words import pack_words
from app.services import jobs, outbox
from app.services.evidence import keep_blob
from app.services.intake_steps import take_item_step

NUDGE, NEXT = "work_pages", "work_pages:next"
# What an agent has not handed in, or is to photograph again, may still change.
WITH_THE_AGENT = (ItemState.DRAFT.value, ItemState.RETURNED.value)
ANNOUNCE_EVERY = 50  # pages of a long document, before the last one


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page that waits for work; `layer` and `words` are what its PDF tells, `text` also what was read before."""

    kind: str  # item | document
    id: int
    image_digest: str
    text: str
    turned: int
    layer: str = ""
    words: str = ""
    is_upright: bool = False  # a person has turned it to where it is


@dataclass(frozen=True, slots=True)
class WorkedPage:
    """What was made of a page; images are in the store already. `note` is why a person has to look."""

    note: WorkNote | None = None
    text: str = ""
    words: str = ""
    reader: str = ""
    score: float = 0.0
    restored: StoredBlob | None = None
    thumbnail: StoredBlob | None = None
    turned: int = 0
    skew: float = 0.0
    blank: bool = False
    flaws: tuple[Flaw, ...] = ()


def want_page_work(session: Session, *, now: datetime, priority: int = 4) -> None:
    """Nudge the page work; the rows say what is to be done, this only says that there is something.

    While a nudge is being worked off it may have looked at the rows already: then another one waits behind it.
    """
    running = select(Job.id).where(Job.unique_key == NUDGE, Job.state == "running")
    key = NUDGE if session.scalar(running) is None else NEXT
    jobs.enqueue(session, "work_pages", {}, now=now, unique_key=key, priority=priority)


def read_again(session: Session, page: IntakePage, *, now: datetime) -> None:
    """Have a page that a person turned restored and read anew as it lies now; what its PDF tells needs no reader."""
    if page.reader == LAYER:
        return
    page.work_state, page.work_note = WorkState.WAITING.value, BY_HAND
    session.flush()
    want_page_work(session, now=now, priority=3)


def known_already(text: str, lines: Sequence[TextLine] = (), *, is_digital: bool) -> dict[str, Any]:
    """Return the columns that a page has from its PDF: places of words, and that it needs no work.

    It needs none when it was never on paper, and its PDF tells what stands on it.
    """
    words = {"words": pack_words(lines)} if lines else {}
    if not (is_digital and is_good_layer(text)):
        return words
    return {**words, "work_state": WorkState.DONE.value, "reader": LAYER, "score": 1.0}


def has_waiting(
    session: Session, holder: InstrumentedAttribute[Any], value: int, state: InstrumentedAttribute[str]
) -> bool:
    """Say whether a page of this holder waits for work."""
    return _left(session, holder, value, state) > 0


def waiting_pages(session: Session, limit: int, *, but: Collection[tuple[str, int]] = ()) -> list[WaitingPage]:
    """Return pages to work on: of items at the desk as they came, then of documents, newest first; `but` are at hand."""
    found = _of_items(session, limit, {page_id for kind, page_id in but if kind == "item"})
    if len(found) < limit:
        found += _of_documents(session, limit - len(found), {page_id for kind, page_id in but if kind == "document"})
    return found


def keep_worked(session: Session, page: WaitingPage, worked: WorkedPage, *, now: datetime) -> bool:
    """Write what was made of a page; return False when that was done already, or the page is gone."""
    row = _locked(session, page)
    # Turned by a person while it was worked on: what was made of it lies as it lay before.
    if row is None or row.work_state != WorkState.WAITING or row.turned != page.turned:
        return False
    was_turned = row.work_note == BY_HAND
    for blob in (worked.restored, worked.thumbnail):
        if blob is not None:
            keep_blob(session, blob, now=now)
    row.work_state = (WorkState.DONE if worked.note is None else WorkState.MANUAL).value
    row.work_note = worked.note.value if worked.note else ""
    row.text, row.words, row.reader, row.score = worked.text, worked.words, worked.reader, worked.score
    row.turned, row.skew, row.blank = worked.turned, worked.skew, worked.blank
    row.restored_digest = worked.restored.digest if worked.restored else None
    if worked.thumbnail is not None:
        row.thumbnail_digest = worked.thumbnail.digest
    if isinstance(row, IntakePage):
        row.flaws = [[flaw.code, round(flaw.value, 3)] for flaw in worked.flaws]
    session.flush()
    _follow(session, row, now=now)
    if was_turned and isinstance(row, IntakePage):
        _suggest_anew(session, row.item_id, now=now)
    return True


def settle_item(session: Session, item_id: int, *, now: datetime) -> None:
    """Ask for suggestions when every page of a waiting item is drawn and worked on."""
    item = session.get_one(IntakeItem, item_id)
    if item.state != ItemState.WAITING or not _is_worked(session, item):
        return
    payload = {"item_id": item_id}
    jobs.enqueue(session, "suggest_item", payload, now=now, unique_key=f"suggest:{item_id}", priority=4)


def _suggest_anew(session: Session, item_id: int, *, now: datetime) -> None:
    """Ask for suggestions for a paper at the desk once its pages are read as a person turned them."""
    item = session.get_one(IntakeItem, item_id)
    if ItemState(item.state) not in EDITABLE or item.state == ItemState.WAITING or not _is_worked(session, item):
        return
    payload = {"item_id": item_id}
    jobs.enqueue(session, "suggest_item", payload, now=now, unique_key=f"suggest:{item_id}", priority=3)


def hand_to_people(session: Session, item_id: int, *, is_suggested: bool, now: datetime) -> None:
    """Lay an item on the desk; one that lies there already, or was dropped meanwhile, stays as it is."""
    item = session.get_one(IntakeItem, item_id, with_for_update=True)
    if is_suggested:
        item.is_suggested = True
    if item.state == ItemState.WAITING:
        take_item_step(session, None, item, ItemStep.WORKED, now=now)


def items_to_settle(session: Session, limit: int) -> list[int]:
    """Return items that wait though every page of theirs is worked on; a crash between two steps leaves such."""
    pages = exists().where(IntakePage.item_id == IntakeItem.id)
    open_pages = pages.where(IntakePage.work_state == WorkState.WAITING)
    statement = select(IntakeItem.id).where(IntakeItem.state == ItemState.WAITING.value, pages, ~open_pages)
    return list(session.scalars(statement.order_by(IntakeItem.created_at).limit(limit)))


def _of_items(session: Session, limit: int, but: Collection[int]) -> list[WaitingPage]:
    statement = (
        select(IntakePage)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .where(
            IntakePage.work_state == WorkState.WAITING.value,
            IntakePage.id.not_in(but),
            IntakeItem.state.not_in(WITH_THE_AGENT),
        )
        .order_by(IntakeItem.created_at, IntakeItem.id, IntakePage.position)
        .limit(limit)
    )
    return [_waiting("item", row) for row in session.scalars(statement)]


def _of_documents(session: Session, limit: int, but: Collection[int]) -> list[WaitingPage]:
    statement = (
        select(Page)
        .join(DocumentVersion, DocumentVersion.id == Page.version_id)
        .where(Page.work_state == WorkState.WAITING.value, Page.id.not_in(but))
        .order_by(DocumentVersion.uploaded_at.desc(), DocumentVersion.id, Page.number)
        .limit(limit)
    )
    return [_waiting("document", row) for row in session.scalars(statement)]


def _waiting(kind: str, row: IntakePage | Page) -> WaitingPage:
    # What was read before is no layer, however good it looks.
    has_layer, is_upright = row.reader in {"", LAYER}, row.work_note == BY_HAND
    layer, words = (row.text, row.words or "") if has_layer else ("", "")
    return WaitingPage(kind, row.id, row.image_digest, row.text, row.turned, layer, words, is_upright)


def _locked(session: Session, page: WaitingPage) -> IntakePage | Page | None:
    if page.kind == "item":
        return session.get(IntakePage, page.id, with_for_update=True, populate_existing=True)
    return session.get(Page, page.id, with_for_update=True, populate_existing=True)


def _follow(session: Session, row: IntakePage | Page, *, now: datetime) -> None:
    """Set going what waits for this page: suggestions for its item, or the index."""
    if isinstance(row, IntakePage):
        settle_item(session, row.item_id, now=now)
        return
    left = _left(session, Page.version_id, row.version_id, Page.work_state)
    if left % ANNOUNCE_EVERY == 0:
        version = session.get_one(DocumentVersion, row.version_id)
        outbox.announce(session, "document", version.document_id, now=now)


def _left(session: Session, holder: InstrumentedAttribute[Any], value: int, state: InstrumentedAttribute[str]) -> int:
    counted = select(func.count()).where(holder == value, state == WorkState.WAITING.value)
    return session.scalar(counted) or 0


def _is_worked(session: Session, item: IntakeItem) -> bool:
    """Say whether nothing of an item is left to draw or to work on; it has pages."""
    if _left(session, IntakePage.item_id, item.id, IntakePage.work_state):
        return False
    if item.submission_id is not None and _undrawn(session, item.submission_id):
        return False
    return session.scalar(select(IntakePage.id).where(IntakePage.item_id == item.id).limit(1)) is not None


def _undrawn(session: Session, submission_id: int) -> bool:
    waiting = select(IntakeFile.id).where(IntakeFile.submission_id == submission_id, IntakeFile.state == "waiting")
    return session.scalar(waiting.limit(1)) is not None
