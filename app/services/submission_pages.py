"""The pages of a submission, as its agent photographs them: added, replaced, removed, kept although they are poor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import kept_file_name
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.intake import ItemState
from app.domain.submissions import CHANGEABLE, KEPT, MOST_PAGES, SubmissionState
from app.models.intake import IntakeFile, IntakeItem, IntakePage, PaperType, Submission
from app.ports import Flaw, StoredBlob
from app.queries.page_words import pack_words
from app.queries.visibility import submissions_of
from app.services.documents import DrawnPage, ReceivedFile
from app.services.evidence import keep_blob
from app.services.intake import want_drawing
from app.services.submissions import load_submission, note


@dataclass(frozen=True, slots=True)
class Photo:
    """A file of an agent, in the store; `drawn` is its one page, None for a file whose pages a job draws."""

    file: ReceivedFile
    drawn: DrawnPage | None = None
    flaws: Sequence[Flaw] = field(default_factory=tuple)
    turned: int = 0


def add_page(
    session: Session, actor: Actor, submission_id: int, paper_code: str, photo: Photo, *, now: datetime
) -> int | None:
    """Put a photograph under a paper of the checklist and return the page's id, None when its pages are drawn later.

    `paper_code` empty is the free line. Raises `NotFound`, `WrongState` for a paper that is not with the agent, `Invalid`.
    """
    submission = _changeable(session, actor, submission_id)
    item = _item_for(session, submission, paper_code, now=now)
    if item.state != ItemState.DRAFT:
        raise WrongState("submission.paper_sent")
    file = _keep_file(session, actor, submission, item, photo, now=now)
    submission.version += 1
    page_id = None
    if photo.drawn is None:
        want_drawing(session, actor, file.id, item.id, now=now)
    else:
        page_id = _lay_page(session, item.id, file.id, photo, photo.drawn).id
    session.flush()
    note(session, actor, "submission_page_added", submission, now=now, after={"sha256": photo.file.blob.sha256})
    return page_id


def replace_page(session: Session, actor: Actor, page_id: int, photo: Photo, *, now: datetime) -> int:
    """Put a photograph in the place of a page and return the new page's id; a refused page is kept behind it.

    Raises `NotFound`, `WrongState` for a page that is not to be changed, `Invalid` for a file of several pages.
    """
    submission, item, page = _own_page(session, actor, page_id)
    if photo.drawn is None:
        raise Invalid.field("files", "submission.one_page")
    is_refused = item.state == ItemState.RETURNED and bool(page.refusal)
    if not is_refused:
        _require_unsent(session, submission, item, page)
    file = _keep_file(session, actor, submission, item, photo, now=now)
    fresh = _lay_page(session, item.id, file.id, photo, photo.drawn)
    fresh.position = page.position
    fresh.replaces_id = page.id if is_refused else page.replaces_id
    if is_refused:
        page.removed = True
    else:
        _forget_page(session, page)
    submission.version += 1
    session.flush()
    note(session, actor, "submission_page_replaced", submission, now=now, after={"sha256": photo.file.blob.sha256})
    return fresh.id


def remove_page(session: Session, actor: Actor, page_id: int, *, now: datetime) -> None:
    """Take a page out that was not handed in; where it replaced a refused page, that one is back.

    Raises `NotFound`, `WrongState` for a page that the branch has.
    """
    submission, item, page = _own_page(session, actor, page_id)
    _require_unsent(session, submission, item, page)
    if page.replaces_id is not None:
        session.get_one(IntakePage, page.replaces_id).removed = False
    _forget_page(session, page)
    submission.version += 1
    session.flush()
    note(session, actor, "submission_page_removed", submission, now=now)


def keep_page(session: Session, actor: Actor, page_id: int, *, now: datetime) -> None:
    """Note that a page shall be used although it is poor; raises `NotFound`, `WrongState`."""
    submission, item, page = _own_page(session, actor, page_id)
    _require_unsent(session, submission, item, page)
    flaws = [code for code, _ in page.flaws]
    if KEPT in flaws:
        return
    page.flaws = [*page.flaws, [KEPT, 1.0]]
    submission.version += 1
    session.flush()
    note(session, actor, "submission_page_kept", submission, now=now, after={"flaws": " ".join(flaws)})


def turn_page(
    session: Session, actor: Actor, page_id: int, thumbnail: StoredBlob, turned: int, *, now: datetime
) -> None:
    """Note how far a page is turned clockwise, with its small image turned so; raises `NotFound`, `WrongState`."""
    submission, item, page = _own_page(session, actor, page_id)
    _require_unsent(session, submission, item, page)
    keep_blob(session, thumbnail, now=now)
    page.turned, page.thumbnail_digest = turned % 360, thumbnail.digest
    submission.version += 1
    session.flush()
    note(session, actor, "submission_page_turned", submission, now=now, after={"degrees": page.turned})


def _changeable(session: Session, actor: Actor, submission_id: int) -> Submission:
    submission = load_submission(session, actor, submission_id)
    if SubmissionState(submission.state) not in CHANGEABLE:
        raise WrongState("submission.not_open")
    return submission


def _own_page(session: Session, actor: Actor, page_id: int) -> tuple[Submission, IntakeItem, IntakePage]:
    """Return a page of one's own submission with what it belongs to; raises `NotFound`, `WrongState`."""
    submission_id = session.scalar(
        select(Submission.id)
        .join(IntakeItem, IntakeItem.submission_id == Submission.id)
        .join(IntakePage, IntakePage.item_id == IntakeItem.id)
        .where(IntakePage.id == page_id, submissions_of(actor))
    )
    if submission_id is None:
        raise NotFound
    submission = _changeable(session, actor, submission_id)
    # Looked at again behind the lock: somebody with the same phone may have been quicker.
    page = session.get(IntakePage, page_id, populate_existing=True)
    if page is None or page.removed:
        raise NotFound
    return submission, session.get_one(IntakeItem, page.item_id, populate_existing=True), page


def _require_unsent(session: Session, submission: Submission, item: IntakeItem, page: IntakePage) -> None:
    """Pass for a page that came after the last handing in; raises `WrongState` for one that the branch has."""
    received_at = session.get_one(IntakeFile, page.file_id).received_at
    is_new = submission.submitted_at is not None and received_at > submission.submitted_at
    if item.state != ItemState.DRAFT and not (item.state == ItemState.RETURNED and is_new):
        raise WrongState("submission.page_fixed")


def _item_for(session: Session, submission: Submission, paper_code: str, *, now: datetime) -> IntakeItem:
    """Return the paper of a line, begun with its first page; raises `NotFound` for a kind that there is not."""
    type_id: int | None = None
    if paper_code:
        type_id = session.scalar(select(PaperType.id).where(PaperType.code == paper_code, PaperType.active))
        if type_id is None:
            raise NotFound
    of_type = IntakeItem.paper_type_id == type_id if type_id else IntakeItem.paper_type_id.is_(None)
    statement = select(IntakeItem).where(IntakeItem.submission_id == submission.id, of_type)
    found = session.scalars(statement.order_by(IntakeItem.position, IntakeItem.id).limit(1)).first()
    return found or _begin_item(session, submission, type_id, now=now)


def _begin_item(session: Session, submission: Submission, type_id: int | None, *, now: datetime) -> IntakeItem:
    last = session.scalar(select(func.max(IntakeItem.position)).where(IntakeItem.submission_id == submission.id)) or 0
    category_id = None
    if type_id is not None:
        category_id = session.scalar(select(PaperType.category_id).where(PaperType.id == type_id))
    item = IntakeItem(
        id=new_id(),
        submission_id=submission.id,
        branch_id=submission.branch_id,
        position=last + 1,
        state=ItemState.DRAFT.value,
        customer_id=submission.customer_id,
        policy_id=submission.policy_id,
        claim_id=submission.claim_id,
        paper_type_id=type_id,
        category_id=category_id,
        touched=["customer_id", *(["paper_type_id"] if type_id else [])],
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(item)
    session.flush()
    return item


def _keep_file(
    session: Session, actor: Actor, submission: Submission, item: IntakeItem, photo: Photo, *, now: datetime
) -> IntakeFile:
    pages = select(func.count()).select_from(IntakePage).join(IntakeItem, IntakeItem.id == IntakePage.item_id)
    count = session.scalar(pages.where(IntakeItem.submission_id == submission.id)) or 0
    if count + max(1, photo.file.pages) > MOST_PAGES:
        raise Invalid.field("files", "submission.too_many_pages")
    keep_blob(session, photo.file.blob, now=now)
    file = IntakeFile(
        id=new_id(),
        submission_id=submission.id,
        batch_id=submission.batch_id,
        item_id=item.id,
        blob_digest=photo.file.blob.digest,
        file_name=kept_file_name(photo.file.name),
        media_type=photo.file.media_type,
        size=photo.file.blob.size,
        pages=photo.file.pages,
        state="waiting" if photo.drawn is None else "done",
        received_by=actor.account_id,
        received_at=now,
    )
    session.add(file)
    session.flush()
    return file


def _lay_page(session: Session, item_id: int, file_id: int, photo: Photo, drawn: DrawnPage) -> IntakePage:
    for blob in (drawn.image, drawn.thumbnail):
        keep_blob(session, blob, now=session.get_one(IntakeFile, file_id).received_at)
    last = session.scalar(select(func.max(IntakePage.position)).where(IntakePage.item_id == item_id)) or 0
    page = IntakePage(
        id=new_id(),
        item_id=item_id,
        position=last + 1,
        file_id=file_id,
        file_page=drawn.number,
        width=drawn.width,
        height=drawn.height,
        image_digest=drawn.image.digest,
        thumbnail_digest=drawn.thumbnail.digest,
        text=drawn.text,
        words=pack_words(drawn.lines),
        turned=photo.turned,
        flaws=[[flaw.code, round(flaw.value, 3)] for flaw in photo.flaws],
    )
    session.add(page)
    session.flush()
    return page


def _forget_page(session: Session, page: IntakePage) -> None:
    """Remove a page that only its agent ever saw, and its file with the last page of it."""
    file_id = page.file_id
    session.delete(page)
    session.flush()
    if session.scalar(select(IntakePage.id).where(IntakePage.file_id == file_id).limit(1)) is None:
        session.delete(session.get_one(IntakeFile, file_id))
        session.flush()
