"""Certified copies 此复印件与原件无异: ordering, keeping, fetching and revoking them, counting their checks."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.loans import LoanState
from app.domain.office_time import office_day
from app.domain.page_ranges import parse_pages, write_pages
from app.domain.policy import Action, Target, may
from app.models.borrowing import CertifiedCopy, LoanItem, LoanRequest
from app.models.documents import Document
from app.ports import StoredBlob
from app.queries.reading import page_numbers, read_desk_item, readable_version
from app.queries.visibility import loans_for
from app.services import jobs, trail
from app.services.evidence import keep_blob
from app.services.loan_steps import lock_item
from app.services.notices import notify
from app.services.numbers import take_number
from app.services.reading import reading_path

MOST_PAGES = 100
PURPOSE_LENGTH = 60
REASON_LENGTH = 200
PAPER_WAYS = frozenset({"copy", "excerpt"})
ON_ITS_WAY = frozenset({LoanState.WAITING, LoanState.READY, LoanState.OUT})


def order_copy(
    session: Session, actor: Actor, item_id: int, pages: str, purpose: str, *, base: str, now: datetime
) -> int:
    """Order a certified copy of pages ("1-3,5") of an item for a purpose and return its id.

    `base` is the address of the portal for the QR code. Raises `NotFound`, `NotAllowed`, `Invalid`, and `WrongState`
    when the loan is not open, gives no right to copies, or when there are no pages.
    """
    item = read_desk_item(session, actor, item_id, now=now)
    if not may(actor, Action.COPY_CERTIFY, Target(item.branch_id, item.level, item.borrower_id)):
        raise NotAllowed(Action.COPY_CERTIFY)
    # Whoever revokes the loan at this moment is either before the copy or after it.
    lock_item(session, item_id)
    item = read_desk_item(session, actor, item_id, now=now)
    problem = barred(item.way, item.state, item.document_state, may_copy=item.may_copy, is_readable=item.is_readable)
    version = readable_version(session, item.document_id)
    if problem or version is None:
        raise WrongState(problem or "copy.no_pages")
    chosen = parse_pages(pages, page_numbers(session, version.id), most=MOST_PAGES)
    copy = CertifiedCopy(
        id=new_id(),
        token=secrets.token_urlsafe(32),
        item_id=item_id,
        document_id=item.document_id,
        version_ordinal=version.ordinal,
        pages=write_pages(chosen),
        page_count=len(chosen),
        purpose=_check(purpose, "purpose", "copy.purpose", PURPOSE_LENGTH),
        made_by=actor.account_id,
        made_at=now,
    )
    copy.number = _take_number(session, actor, copy.id, now=now)
    session.add(copy)
    session.flush()
    payload = {"copy_id": copy.id, "base": base}
    jobs.enqueue(session, "print_copy", payload, now=now, actor=actor, unique_key=f"copy:{copy.id}", priority=2)
    after = {"page_numbers": copy.pages, "purpose": copy.purpose, "loan": item.number}
    trail.record(session, actor, "copy_ordered", _subject(session, copy), now=now, after=after)
    return copy.id


def barred(way: str, state: str, document_state: str, *, may_copy: bool, is_readable: bool) -> str:
    """Return the code of why no copy may be made of an item now, empty when one may."""
    if document_state == "destroyed":
        return "paper.destroyed"
    if way in PAPER_WAYS:
        return "" if state in ON_ITS_WAY else "copy.not_open"
    if way != "electronic" or not may_copy:
        return "copy.no_right"
    return "" if is_readable else "copy.not_open"


def keep_copy(session: Session, copy_id: int, blob: StoredBlob, *, now: datetime) -> None:
    """Note that a copy is printed; one that was revoked meanwhile stays without."""
    copy = session.get_one(CertifiedCopy, copy_id, with_for_update=True, populate_existing=True)
    if copy.blob_digest is not None or copy.revoked_at is not None:
        return
    keep_blob(session, blob, now=now)
    copy.blob_digest = blob.digest
    session.flush()
    trail.record(session, None, "copy_printed", _subject(session, copy), now=now, after={"sha256": blob.sha256})
    borrower = select(LoanRequest.borrower_id).join(LoanItem, LoanItem.request_id == LoanRequest.id)
    account_id = session.scalars(borrower.where(LoanItem.id == copy.item_id)).one()
    path = f"{reading_path(copy.item_id)}/copies"
    notify(session, account_id, "copy_ready", now=now, path=path, details={"number": copy.number})


def fetch_copy(session: Session, actor: Actor, copy_id: int, *, now: datetime) -> CertifiedCopy:
    """Return a copy whose bytes may leave, to who certifies there and to the borrower.

    Raises `NotFound` also for one that is not printed yet or revoked.
    """
    copy, request = _load(session, actor, copy_id)
    is_his = request.borrower_id == actor.account_id
    if not (is_his or _may_certify(actor, request)) or copy.blob_digest is None or copy.revoked_at is not None:
        raise NotFound
    trail.record(session, actor, "copy_fetched", _subject(session, copy), now=now)
    return copy


def revoke_copy(session: Session, actor: Actor, copy_id: int, reason: str, *, now: datetime) -> int:
    """Declare a copy void and return the id of its item; its QR code says so from now on.

    Raises `NotFound`, `NotAllowed`, `Invalid` without a reason, `WrongState` for one that is void already.
    """
    copy, request = _load(session, actor, copy_id)
    if not _may_certify(actor, request):
        raise NotAllowed(Action.COPY_CERTIFY)
    checked = _check(reason, "reason", "reading.reason", REASON_LENGTH)
    if copy.revoked_at is not None:
        raise WrongState("copy.revoked")
    copy.revoked_at, copy.revoked_by, copy.revoke_reason = now, actor.account_id, checked
    session.flush()
    trail.record(session, actor, "copy_revoked", _subject(session, copy), now=now, reason=checked)
    return copy.item_id


def note_check(session: Session, copy_id: int) -> None:
    """Count that somebody looked a copy up."""
    session.execute(update(CertifiedCopy).where(CertifiedCopy.id == copy_id).values(checks=CertifiedCopy.checks + 1))


def _load(session: Session, actor: Actor, copy_id: int) -> tuple[CertifiedCopy, LoanRequest]:
    row = session.execute(
        select(CertifiedCopy, LoanRequest)
        .join(LoanItem, LoanItem.id == CertifiedCopy.item_id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .where(CertifiedCopy.id == copy_id, loans_for(actor, Action.LOAN_VIEW))
        .with_for_update(of=CertifiedCopy)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _may_certify(actor: Actor, request: LoanRequest) -> bool:
    return may(actor, Action.COPY_CERTIFY, Target(request.branch_id, request.level, request.borrower_id))


def _take_number(session: Session, actor: Actor, copy_id: int, *, now: datetime) -> str:
    year = office_day(now).year
    return take_number(
        session,
        actor,
        f"copy|{year}",
        lambda value: f"FY{year}-{value:06d}",
        holder_kind="copy",
        holder_id=copy_id,
        now=now,
    )


def _check(text: str, field: str, code: str, longest: int) -> str:
    stripped = text.strip()
    if not stripped:
        raise Invalid.field(field, code)
    if len(stripped) > longest:
        raise Invalid.field(field, f"{code}_long")
    return stripped


def _subject(session: Session, copy: CertifiedCopy) -> trail.Subject:
    customer_id = session.scalar(select(Document.customer_id).where(Document.id == copy.document_id))
    return trail.Subject("copy", copy.id, copy.number, customer_id)
