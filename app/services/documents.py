"""Keeping documents 档案件: receiving, describing, filing; a version never replaces an older one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import NumberParts, format_archive_number
from app.domain.documents import Description, DocumentState, check_description, kept_file_name, require_step
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.policy import Action, Target, may
from app.domain.whereabouts import Whereabouts, at_rest
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document, DocumentVersion, Page, RetentionPeriod
from app.models.intake import IntakeItem, PaperType
from app.models.policies import Party, Policy
from app.ports import StoredBlob, TextLine
from app.queries.visibility import customers_for, documents_for
from app.services import jobs, missing, outbox, trail
from app.services.changes import apply_changes
from app.services.evidence import keep_blob
from app.services.numbers import take_number
from app.services.page_work import has_waiting, known_already, want_page_work
from app.services.settings import NUMBER_TEMPLATE, setting


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was looked into and is in the store already."""

    blob: StoredBlob
    name: str
    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page whose images are in the store already."""

    number: int
    width: int
    height: int
    image: StoredBlob
    thumbnail: StoredBlob
    text: str
    is_digital: bool = False
    lines: tuple[TextLine, ...] = ()


def receive_document(
    session: Session,
    actor: Actor,
    customer_id: int,
    typed: Description,
    file: ReceivedFile | None,
    *,
    now: datetime,
    today: date,
) -> int:
    """Take an item into a customer's file and return its id; `file` is None for paper that is not scanned yet.

    Raises `NotFound` for a customer that the actor may not see, `NotAllowed`, `Invalid`.
    """
    customer = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    )
    if customer is None:
        raise NotFound
    checked = check_description(typed, today)
    _check_references(session, customer_id, checked)
    target = Target(customer.branch_id, max(checked.level, customer.level), customer.agent_id, DocumentState.RECEIVED)
    if not may(actor, Action.DOCUMENT_RECEIVE, target):
        raise NotAllowed(Action.DOCUMENT_RECEIVE)
    return take_in(session, actor, customer, checked, file, now=now).id


def take_in(
    session: Session,
    actor: Actor | None,
    customer: Customer,
    checked: Description,
    file: ReceivedFile | None,
    *,
    case_id: int | None = None,
    now: datetime,
) -> Document:
    """Put a checked item into a customer's file and return it; `actor` is None for what the portal files by itself."""
    document = Document(
        id=new_id(),
        customer_id=customer.id,
        case_id=case_id,
        branch_id=customer.branch_id,
        state=DocumentState.RECEIVED,
        whereabouts=at_rest(checked.carrier).value,
        created_by=actor.account_id if actor else None,
        created_at=now,
        updated_at=now,
        **asdict(checked),
    )
    session.add(document)
    session.flush()
    if file is not None:
        _append_version(session, actor, document, file, now=now)
    _note(session, actor, "document_received", document, now=now, after={"title": checked.title})
    missing.note_received(session, document, now=now, actor=actor)
    return document


def file_by_itself(session: Session, document: Document, *, now: datetime, today: date) -> str:
    """Catalogue and file an item that the portal took in by itself, and return its number.

    Raises `WrongState`, `Invalid` when something mandatory is missing.
    """
    require_step(document.state, DocumentState.CATALOGUED)
    check_description(_description_of(document), today, complete=True)
    _move(session, None, document, DocumentState.CATALOGUED, "document_catalogued", now=now)
    return _file(session, None, document, now=now)


def add_version(session: Session, actor: Actor, document_id: int, file: ReceivedFile, *, now: datetime) -> int:
    """Put a newer version of an item's bytes beside the older ones and return its ordinal."""
    document = load_document(session, actor, document_id, Action.DOCUMENT_RECEIVE)
    ordinal = _append_version(session, actor, document, file, now=now)
    _note(session, actor, "version_added", document, now=now, after={"version": ordinal, "sha256": file.blob.sha256})
    return ordinal


def edit_document(
    session: Session,
    actor: Actor,
    document_id: int,
    typed: Description,
    *,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Change the description of an item that is not filed yet.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    document = load_document(session, actor, document_id, Action.DOCUMENT_EDIT)
    checked = check_description(typed, today, complete=document.state == DocumentState.CATALOGUED)
    _check_references(session, document.customer_id, checked)
    target = Target(document.branch_id, checked.level, _agent_of(session, document), document.state)
    if not may(actor, Action.DOCUMENT_EDIT, target):
        raise NotAllowed(Action.DOCUMENT_EDIT)
    before, after = apply_changes(document, asdict(checked), version=version, show=_show)
    if after:
        if "carrier" in after and document.whereabouts in (Whereabouts.SHELF, Whereabouts.NONE):
            document.whereabouts = at_rest(document.carrier).value
        document.updated_at = now
        _note(session, actor, "document_changed", document, now=now, before=before, after=after)
        missing.note_received(session, document, now=now, actor=actor)


def catalogue_document(session: Session, actor: Actor, document_id: int, *, now: datetime, today: date) -> None:
    """Declare the description of an item complete 已著录; raises `Invalid` naming what is missing, `WrongState`."""
    document = load_document(session, actor, document_id, Action.DOCUMENT_EDIT)
    require_step(document.state, DocumentState.CATALOGUED)
    check_description(_description_of(document), today, complete=True)
    declare_catalogued(session, actor, document, now=now)


def declare_catalogued(session: Session, actor: Actor, document: Document, *, now: datetime) -> None:
    """Note that `actor` described an item completely: he is the one who may not file it."""
    document.catalogued_by, document.catalogued_at = actor.account_id, now
    _move(session, actor, document, DocumentState.CATALOGUED, "document_catalogued", now=now)


def reopen_document(session: Session, actor: Actor, document_id: int, *, now: datetime) -> None:
    """Take a catalogued item back for more work."""
    document = load_document(session, actor, document_id, Action.DOCUMENT_EDIT)
    send_back(session, actor, document, now=now)


def file_document(session: Session, actor: Actor, document_id: int, *, now: datetime, today: date) -> str:
    """File an item 归档 under the next number of its series and return the number.

    Four eyes: raises `WrongState` for who described it himself, and while its batch is not accepted. Raises `NotFound`,
    `NotAllowed`, `WrongState`, `Invalid` when something mandatory is missing.
    """
    document = load_document(session, actor, document_id, Action.DOCUMENT_FILE)
    require_step(document.state, DocumentState.FILED)
    if document.catalogued_by == actor.account_id:
        raise WrongState("document.own_work")
    waiting = select(IntakeItem.id).where(IntakeItem.document_id == document.id, IntakeItem.state != "passed")
    if session.scalar(waiting.limit(1)) is not None:
        raise WrongState("document.in_batch")
    check_description(_description_of(document), today, complete=True)
    return _file(session, actor, document, now=now)


def send_back(session: Session, actor: Actor | None, document: Document, *, now: datetime) -> None:
    """Take a catalogued item back since its check found a defect; raises `WrongState`."""
    require_step(document.state, DocumentState.RECEIVED)
    document.catalogued_by = document.catalogued_at = None
    _move(session, actor, document, DocumentState.RECEIVED, "document_changed", now=now)


def file_checked(session: Session, actor: Actor | None, document: Document, *, now: datetime, today: date) -> str:
    """File an item whose batch another person has checked and return its number; raises `WrongState`, `Invalid`."""
    require_step(document.state, DocumentState.FILED)
    check_description(_description_of(document), today, complete=True)
    return _file(session, actor, document, now=now)


def note_view(session: Session, actor: Actor, document_id: int, label: str, customer_id: int, *, now: datetime) -> None:
    """Write down that the pages of an item were opened."""
    subject = trail.Subject("document", document_id, label, customer_id)
    trail.record(session, actor, "document_viewed", subject, now=now)


def fetch_original(
    session: Session, actor: Actor, document_id: int, ordinal: int, reason: str, *, now: datetime
) -> DocumentVersion:
    """Return a version whose original bytes may leave; the trail keeps who and why. Raises `NotFound`, `Invalid`."""
    document = load_document(session, actor, document_id, Action.DOCUMENT_ORIGINAL)
    version = session.scalar(
        select(DocumentVersion).where(DocumentVersion.document_id == document_id, DocumentVersion.ordinal == ordinal)
    )
    if version is None:
        raise NotFound
    if not reason.strip():
        raise Invalid.field("reason", "reveal.reason_missing")
    subject = _subject(document)
    trail.record(
        session, actor, "original_fetched", subject, now=now, after={"version": ordinal}, reason=reason.strip()
    )
    return version


def keep_pages(session: Session, version_id: int, pages: Iterable[DrawnPage], *, now: datetime) -> None:
    """Write the pages that were drawn of a version; a second run changes nothing."""
    version = session.get_one(DocumentVersion, version_id, with_for_update=True)
    if version.render_state == "done":
        return
    known = set(session.scalars(select(Page.number).where(Page.version_id == version_id)))
    count = 0
    for page in pages:
        count += 1
        if page.number in known:
            continue
        keep_blob(session, page.image, now=now)
        keep_blob(session, page.thumbnail, now=now)
        session.add(
            Page(
                version_id=version_id,
                number=page.number,
                width=page.width,
                height=page.height,
                image_digest=page.image.digest,
                thumbnail_digest=page.thumbnail.digest,
                text=page.text,
                **known_already(page.text, page.lines, is_digital=page.is_digital),
            )
        )
    version.render_state, version.pages = "done", count
    document = session.get_one(Document, version.document_id)
    if document.current_version == version.ordinal and not document.page_count:
        document.page_count = count
    outbox.announce(session, "document", document.id, now=now)
    session.flush()
    if has_waiting(session, Page.version_id, version_id, Page.work_state):
        want_page_work(session, now=now)


def mark_for_a_person(session: Session, version_id: int, note: str) -> None:
    """Note that the pages of a version cannot be drawn by machine 待人工处理; the original stays."""
    version = session.get_one(DocumentVersion, version_id, with_for_update=True)
    version.render_state, version.render_note = "manual", note[:200]
    session.flush()


def load_document(session: Session, actor: Actor, document_id: int, action: Action) -> Document:
    """Return an item on which `actor` may do `action`.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    joined = select(Document).join(Customer, Customer.id == Document.customer_id).where(Document.id == document_id)
    found = session.scalar(joined.where(documents_for(actor, action)).with_for_update(of=Document))
    if found is not None:
        return found
    if session.scalar(joined.where(documents_for(actor, Action.DOCUMENT_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def _file(session: Session, actor: Actor | None, document: Document, *, now: datetime) -> str:
    number = _take_archive_number(session, actor, document, now=now)
    document.archive_number, document.filed_at = number, now
    document.filed_by = actor.account_id if actor else None
    _move(session, actor, document, DocumentState.FILED, "document_filed", now=now)
    return number


def _append_version(
    session: Session, actor: Actor | None, document: Document, file: ReceivedFile, *, now: datetime
) -> int:
    keep_blob(session, file.blob, now=now)
    last = select(func.max(DocumentVersion.ordinal)).where(DocumentVersion.document_id == document.id)
    ordinal = (session.scalar(last) or 0) + 1
    version = DocumentVersion(
        id=new_id(),
        document_id=document.id,
        ordinal=ordinal,
        blob_digest=file.blob.digest,
        media_type=file.media_type,
        file_name=kept_file_name(file.name),
        size=file.blob.size,
        pages=file.pages,
        uploaded_by=actor.account_id if actor else None,
        uploaded_at=now,
    )
    session.add(version)
    document.current_version = ordinal
    document.page_count = file.pages
    document.updated_at = now
    document.version = (document.version or 0) + 1
    session.flush()
    key = f"render:{version.id}"
    jobs.enqueue(
        session, "render_version", {"version_id": version.id}, now=now, actor=actor, unique_key=key, priority=3
    )
    return ordinal


def _check_references(session: Session, customer_id: int, checked: Description) -> None:
    """A class must be an open sub-class; policy and claim must be this customer's."""
    category = session.get(Category, checked.category_id)
    if category is None or not category.active or category.parent_id is None:
        raise Invalid.field("category_id", "document.category")
    if session.get(RetentionPeriod, checked.period) is None:
        raise Invalid.field("period", "document.period")
    if checked.paper_type_id is not None and session.get(PaperType, checked.paper_type_id) is None:
        raise Invalid.field("paper_type_id", "document.paper_type")
    if checked.policy_id is not None:
        part = select(Party.policy_id).where(Party.customer_id == customer_id, Party.policy_id == checked.policy_id)
        own = select(Policy.id).where(Policy.id == checked.policy_id, Policy.customer_id == customer_id)
        if session.scalar(own) is None and session.scalar(part) is None:
            raise Invalid.field("policy_id", "document.policy")
    if checked.claim_id is not None:
        claim = select(Claim.id).where(Claim.id == checked.claim_id, Claim.customer_id == customer_id)
        if session.scalar(claim) is None:
            raise Invalid.field("claim_id", "document.claim")


def _take_archive_number(session: Session, actor: Actor | None, document: Document, *, now: datetime) -> str:
    branch = session.get_one(Branch, document.branch_id)
    category = session.get_one(Category, document.category_id)
    year = document.formed_on.year if document.formed_on else now.year
    template = setting(session, NUMBER_TEMPLATE)

    def parts(item: int) -> NumberParts:
        return NumberParts(branch.fonds_code, category.series, year, document.period, item)

    return take_number(
        session,
        actor,
        f"archive|{parts(1).block}",
        lambda value: format_archive_number(template, parts(value)),
        holder_kind="document",
        holder_id=document.id,
        now=now,
    )


def _move(
    session: Session, actor: Actor | None, document: Document, target: DocumentState, event: str, *, now: datetime
) -> None:
    before = {"state": document.state}
    document.state, document.updated_at = target, now
    document.version += 1
    session.flush()
    after = {"state": target.value, "archive_number": document.archive_number or ""}
    _note(session, actor, event, document, now=now, before=before, after=after)


def _note(
    session: Session, actor: Actor | None, event: str, document: Document, *, now: datetime, **texts: Any
) -> None:
    session.flush()
    trail.record(session, actor, event, _subject(document), now=now, **texts)
    outbox.announce(session, "document", document.id, now=now)


def _subject(document: Document) -> trail.Subject:
    return trail.Subject("document", document.id, document.archive_number or "", document.customer_id)


def _agent_of(session: Session, document: Document) -> int | None:
    return session.scalar(select(Customer.agent_id).where(Customer.id == document.customer_id))


def _description_of(document: Document) -> Description:
    return Description(**{name: getattr(document, name) for name in Description.__dataclass_fields__})


def _show(_field: str, value: Any) -> str:
    return "" if value in (None, "") else str(value)
