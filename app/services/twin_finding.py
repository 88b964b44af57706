"""Has this paper come before? Asked when it is received: the same file, the same page scanned again, the same form for its customer.

Pages are found again by keyed prints, then read and compared. What is found is shown only to who may see the other paper as well,
and a person decides: drop this one, make it a new version of the other, or keep both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.domain.intake import ItemState
from app.domain.twins import Fingerprint, Likeness, Verdict, Weights, compare, fingerprint, prints
from app.models.documents import Document, DocumentVersion, Page
from app.models.fields import field_cipher
from app.models.intake import IntakeFile, IntakeItem, IntakePage, PagePrint, Suggestion, Twin
from app.services.intake_steps import pages_of

_PURPOSE = b"page_prints"
_PRINT_LENGTH = 24
_MOST_PAGES = 12  # of a paper that are looked for
_MOST_CANDIDATES = 40
_MOST_BACKGROUND = 24
_MOST_TWINS = 6
_SAME_FORM = 0.5
_GONE = (ItemState.DROPPED.value, ItemState.DRAFT.value)

Holder = tuple[str, int]  # item or document, and its id


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    other: Holder
    score: float
    numbers_score: float = 0.0


def find_twins(session: Session, item_id: int, *, now: datetime) -> None:
    """Write which papers this one may be a second copy of; asked again, what nobody decided on is looked for anew."""
    item = session.get_one(IntakeItem, item_id)
    written = [page for page in pages_of(session, item_id) if not page.blank][:_MOST_PAGES]
    pages = {page.position: fingerprint(page.text) for page in written}
    _keep_prints(session, "item", item_id, item.branch_id, pages)
    found = {one.other: one for one in _same_form(session, item)}
    found |= {one.other: one for one in _same_pages(session, item, pages)}
    found |= {one.other: one for one in _same_file(session, item)}
    decided = select(Twin).where(Twin.item_id == item_id, Twin.decision != "")
    known = {_holder_of(twin) for twin in session.scalars(decided)}
    session.execute(delete(Twin).where(Twin.item_id == item_id, Twin.decision == ""))
    best = sorted((one for one in found.values() if one.other not in known), key=lambda one: -one.score)[:_MOST_TWINS]
    session.add_all(_row(item_id, one) for one in best)
    session.flush()


def look_for_same_form(session: Session, item: IntakeItem) -> None:
    """Look again for the form of this kind, customer and date, after a person said another of these."""
    session.execute(delete(Twin).where(Twin.item_id == item.id, Twin.kind == "same_form", Twin.decision == ""))
    known = {_holder_of(twin) for twin in session.scalars(select(Twin).where(Twin.item_id == item.id))}
    session.add_all(_row(item.id, one) for one in _same_form(session, item) if one.other not in known)
    session.flush()


def print_documents(session: Session, *, most: int) -> int:
    """Make the prints of documents that have none, newest first, and return of how many."""
    printed = exists().where(PagePrint.holder_kind == "document", PagePrint.holder_id == Document.id)
    from_item = exists().where(IntakeItem.document_id == Document.id)
    has_pages = exists().where(
        Page.version_id == DocumentVersion.id,
        DocumentVersion.document_id == Document.id,
        DocumentVersion.ordinal == Document.current_version,
    )
    rows = session.execute(
        select(Document.id, Document.branch_id)
        .where(~printed, ~from_item, has_pages, Document.state != "destroyed")
        .order_by(Document.updated_at.desc())
        .limit(most)
    ).all()
    for row in rows:
        texts = _document_texts(session, [row.id])
        pages = {number: fingerprint(text) for (_, number), text in texts.items()}
        _keep_prints(session, "document", row.id, row.branch_id, pages)
    return len(rows)


def forget_item(session: Session, item_id: int) -> None:
    """Take the prints of a paper that was put aside: nobody looks for it any more."""
    session.execute(delete(PagePrint).where(PagePrint.holder_kind == "item", PagePrint.holder_id == item_id))


def forget_gone(session: Session) -> int:
    """Take the prints of what is destroyed or put aside, however it went, and return how many these were."""
    destroyed = select(Document.id).where(Document.state == "destroyed")
    from_destroyed = select(IntakeItem.id).where(IntakeItem.document_id.in_(destroyed))
    dropped = select(IntakeItem.id).where(IntakeItem.state == ItemState.DROPPED.value)
    of_item, of_document = PagePrint.holder_kind == "item", PagePrint.holder_kind == "document"
    gone = (
        and_(of_document, PagePrint.holder_id.in_(destroyed)),
        and_(of_item, or_(PagePrint.holder_id.in_(from_destroyed), PagePrint.holder_id.in_(dropped))),
    )
    count = session.scalar(select(func.count()).select_from(PagePrint).where(or_(*gone)))
    session.execute(delete(PagePrint).where(or_(*gone)).execution_options(synchronize_session=False))
    return count or 0


def seal(text: str) -> str:
    """Return the keyed print under which a page is found."""
    return field_cipher().blind(text, _PURPOSE)[:_PRINT_LENGTH]


def _row(item_id: int, one: _Found) -> Twin:
    kind, key = one.other
    return Twin(
        item_id=item_id,
        kind=one.kind,
        document_id=key if kind == "document" else None,
        other_item_id=key if kind == "item" else None,
        score=round(one.score, 3),
        numbers_score=round(one.numbers_score, 3),
    )


def _holder_of(twin: Twin) -> Holder:
    return ("document", twin.document_id) if twin.document_id is not None else ("item", twin.other_item_id or 0)


def _same_file(session: Session, item: IntakeItem) -> Iterator[_Found]:
    """Yield papers that came as the very same bytes; the keyed address of bytes says so."""
    digests = set(
        session.scalars(
            select(IntakeFile.blob_digest)
            .join(IntakePage, IntakePage.file_id == IntakeFile.id)
            .where(IntakePage.item_id == item.id)
        )
    )
    for document_id in session.scalars(
        select(DocumentVersion.document_id).where(DocumentVersion.blob_digest.in_(digests)).distinct()
    ):
        if document_id != item.document_id:
            yield _Found("same_file", ("document", document_id), 1.0, 1.0)
    others = (
        select(IntakeItem.id, IntakeItem.document_id)
        .join(IntakePage, IntakePage.item_id == IntakeItem.id)
        .join(IntakeFile, IntakeFile.id == IntakePage.file_id)
        .where(IntakeFile.blob_digest.in_(digests), _other(item))
        .distinct()
    )
    for row in session.execute(others):
        yield _Found("same_file", _holder(row.id, row.document_id), 1.0, 1.0)


def _same_form(session: Session, item: IntakeItem) -> Iterator[_Found]:
    """Yield documents of this kind, customer and date; another claim or policy of the same day is another paper."""
    guessed = {
        name: session.scalar(
            select(Suggestion.target_id if name != "formed_on" else Suggestion.value)
            .where(Suggestion.item_id == item.id, Suggestion.field == name)
            .order_by(Suggestion.rank)
            .limit(1)
        )
        for name in ("paper_type", "customer", "formed_on")
    }
    kind = item.paper_type_id or guessed["paper_type"]
    customer = item.customer_id or guessed["customer"]
    day = item.formed_on or (datetime.fromisoformat(str(guessed["formed_on"])).date() if guessed["formed_on"] else None)
    if not kind or not customer or day is None:
        return
    for document_id in session.scalars(
        select(Document.id)
        .where(Document.customer_id == customer, Document.paper_type_id == kind, Document.formed_on == day)
        .where(Document.state != "destroyed")
        .limit(_MOST_TWINS)
    ):
        if document_id != item.document_id:
            yield _Found("same_form", ("document", document_id), _SAME_FORM)


def _same_pages(session: Session, item: IntakeItem, pages: Mapping[int, Fingerprint]) -> Iterator[_Found]:
    """Yield papers that hold pages of this one, judged page by page among all that look alike."""
    marks = {mark for page in pages.values() for mark in prints(page, seal)}
    candidates = _candidates(session, item, marks)
    if not candidates:
        return
    texts = _texts(session, candidates)
    weights = Weights([*texts.values(), *_background(session, item, {holder for holder, _ in texts})])
    matched: dict[Holder, list[Likeness]] = defaultdict(list)
    for page in pages.values():
        best: dict[Holder, Likeness] = {}
        for (holder, _), other in texts.items():
            likeness = compare(page, other, weights)
            if likeness.verdict is Verdict.SAME and likeness.score >= best.get(holder, likeness).score:
                best[holder] = likeness
        for holder, likeness in best.items():
            matched[holder].append(likeness)
    speaking = sum(page.has_text for page in pages.values())
    for holder, likenesses in matched.items():
        # A page without numbers may be the same for everybody: it counts only where all of the paper is alike.
        if any(likeness.numbers_score for likeness in likenesses) or len(likenesses) >= speaking:
            yield _Found(
                "same_page",
                holder,
                _mean(one.score for one in likenesses),
                _mean(one.numbers_score for one in likenesses),
            )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _candidates(session: Session, item: IntakeItem, marks: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return the pages at this branch that share most prints."""
    shared = func.count()
    rows = session.execute(
        select(PagePrint.holder_kind, PagePrint.holder_id, PagePrint.page)
        .where(PagePrint.print.in_(sorted(marks)), PagePrint.branch_id == item.branch_id)
        .where(~and_(PagePrint.holder_kind == "item", PagePrint.holder_id == item.id))
        .group_by(PagePrint.holder_kind, PagePrint.holder_id, PagePrint.page)
        .order_by(shared.desc(), PagePrint.holder_id)
        .limit(_MOST_CANDIDATES)
    )
    return [(row.holder_kind, row.holder_id, row.page) for row in rows]


def _texts(session: Session, pages: Sequence[tuple[str, int, int]]) -> dict[tuple[Holder, int], Fingerprint]:
    """Return the pages to compare with; a paper that became a document is named as that."""
    items = [(key, page) for kind, key, page in pages if kind == "item"]
    rows = session.execute(
        select(IntakeItem.id, IntakeItem.document_id, IntakePage.position, IntakePage.text)
        .join(IntakePage, IntakePage.item_id == IntakeItem.id)
        .where(tuple_(IntakeItem.id, IntakePage.position).in_(items), IntakePage.removed.is_(False))
        .where(IntakeItem.state.not_in(_GONE))
    )
    found = {(_holder(row.id, row.document_id), row.position): fingerprint(row.text) for row in rows}
    wanted = {(key, page) for kind, key, page in pages if kind == "document"}
    texts = _document_texts(session, sorted({key for key, _ in wanted}))
    return found | {
        (("document", key), page): fingerprint(text) for (key, page), text in texts.items() if (key, page) in wanted
    }


def _background(session: Session, item: IntakeItem, known: set[Holder]) -> list[Fingerprint]:
    """Return pages of the same kind of paper, from which one learns what the blank form is."""
    kind = item.paper_type_id or session.scalar(
        select(Suggestion.target_id)
        .where(Suggestion.item_id == item.id, Suggestion.field == "paper_type")
        .order_by(Suggestion.rank)
        .limit(1)
    )
    if kind is None:
        return []
    documents = session.scalars(
        select(Document.id)
        .where(Document.paper_type_id == kind, Document.branch_id == item.branch_id)
        .order_by(Document.updated_at.desc())
        .limit(_MOST_BACKGROUND)
    )
    fresh = [key for key in documents if ("document", key) not in known]
    return [fingerprint(text) for text in _document_texts(session, fresh).values()]


def _document_texts(session: Session, documents: Sequence[int]) -> dict[tuple[int, int], str]:
    rows = session.execute(
        select(Document.id, Page.number, Page.text)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .join(Page, Page.version_id == DocumentVersion.id)
        .where(Document.id.in_(documents), DocumentVersion.ordinal == Document.current_version)
        .where(Document.state != "destroyed")
    )
    return {(row.id, row.number): row.text for row in rows if row.text}


def _other(item: IntakeItem) -> ColumnElement[bool]:
    """Another paper than this one that is not gone; an agent's draft is nobody's yet."""
    same = IntakeItem.document_id == item.document_id if item.document_id is not None else IntakeItem.id == item.id
    return and_(IntakeItem.id != item.id, IntakeItem.state.not_in(_GONE), or_(IntakeItem.document_id.is_(None), ~same))


def _holder(item_id: int, document_id: int | None) -> Holder:
    return ("document", document_id) if document_id is not None else ("item", item_id)


def _keep_prints(session: Session, kind: str, key: int, branch_id: int, pages: Mapping[int, Fingerprint]) -> None:
    session.execute(delete(PagePrint).where(PagePrint.holder_kind == kind, PagePrint.holder_id == key))
    session.add_all(
        PagePrint(holder_kind=kind, holder_id=key, page=number, band=band, branch_id=branch_id, print=mark)
        for number, page in pages.items()
        for band, mark in enumerate(prints(page, seal))
    )
    session.flush()
