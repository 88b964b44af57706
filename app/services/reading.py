"""Electronic loans 电子借阅: opening, closing by itself, revoking at once, counting what was shown and printed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import encode_id
from app.domain.loans import OPEN_STATES, LoanState, LoanStep
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.queries.visibility import loans_for
from app.services import trail
from app.services.loan_steps import lock_item, take_step
from app.services.notices import notify

CLOSED_AT_ONCE = 500
# A page that is shown again within this time is the same look: the trail tells of it once.
ONE_LOOK = timedelta(minutes=1)
REASON_LENGTH = 200


def open_reading(session: Session, actor: Actor | None, item: LoanItem, *, now: datetime) -> None:
    """Open an electronic item for its borrower, for as many days as the request was granted, today not counted.

    The caller holds the item's lock. Raises `WrongState` for a destroyed document and for an item that is not waiting.
    """
    request = session.get_one(LoanRequest, item.request_id)
    if session.get_one(Document, item.document_id).state == "destroyed":
        raise WrongState("paper.destroyed")
    take_step(session, actor, item, LoanStep.OPEN, now=now)
    item.out_at, item.out_by = now, actor.account_id if actor else None
    item.due_on = office_day(now) + timedelta(days=request.days)
    session.flush()
    subject = _subject(session, item, request)
    trail.record(session, actor, "reading_opened", subject, now=now, after={"due_on": item.due_on.isoformat()})
    details = {"number": request.number, "due": item.due_on.isoformat()}
    notify(session, request.borrower_id, "reading_opened", now=now, path=reading_path(item.id), details=details)


def close_due(session: Session, *, now: datetime) -> int:
    """Close the electronic items whose last day is over, at most `CLOSED_AT_ONCE`; return how many.

    Nobody reads on in the meantime: the reader itself looks at the clock at every page.
    """
    over = select(LoanItem.id, LoanItem.request_id).where(
        LoanItem.state == LoanState.OUT, LoanItem.takes_paper.is_(False), LoanItem.due_on < office_day(now)
    )
    due = session.execute(over.order_by(LoanItem.id).limit(CLOSED_AT_ONCE)).all()
    # All locks before the first entry of the trail, whose counter is a lock as well.
    requests = {each: _lock_request(session, each) for each in sorted({request_id for _, request_id in due})}
    items = [lock_item(session, item_id) for item_id, _ in due]
    still_due = [item for item in items if _is_over(item, now)]
    for item in still_due:
        _close(session, requests[item.request_id], item, now=now)
    return len(still_due)


def revoke(session: Session, actor: Actor, item_id: int, reason: str, *, now: datetime) -> None:
    """Withdraw an open electronic item at once, by the desk or an approver of the keeping branch.

    Raises `NotFound`, `NotAllowed`, `Invalid` without a reason, `WrongState`.
    """
    request, item = _load(session, actor, item_id)
    target = Target(request.branch_id, request.level, request.borrower_id)
    if not (may(actor, Action.LOAN_DESK, target) or may(actor, Action.LOAN_APPROVE, target)):
        raise NotAllowed(Action.LOAN_DESK)
    checked = _check_reason(reason)
    _end(session, actor, request, item, LoanStep.REVOKE, now=now, note=checked)
    details = {"number": request.number}
    notify(session, request.borrower_id, "reading_revoked", now=now, path="/reading", details=details)
    trail.record(session, actor, "reading_revoked", _subject(session, item, request), now=now, reason=checked)


def give_up(session: Session, actor: Actor, item_id: int, *, now: datetime) -> None:
    """End one's own electronic loan before its time; raises `NotFound`, `WrongState`."""
    request, item = _load(session, actor, item_id)
    if request.borrower_id != actor.account_id:
        raise NotFound
    _end(session, actor, request, item, LoanStep.CLOSE, now=now)
    trail.record(session, actor, "reading_given_up", _subject(session, item, request), now=now)


def note_page(
    session: Session, actor: Actor, item_id: int, subject: trail.Subject, page: int, *, now: datetime
) -> None:
    """Count a page that is shown; the trail tells of it once within `ONE_LOOK`."""
    session.execute(update(LoanItem).where(LoanItem.id == item_id).values(views=LoanItem.views + 1))
    lately = select(TrailEntry.after).where(
        TrailEntry.customer_id == subject.customer_id,
        TrailEntry.account_id == actor.account_id,
        TrailEntry.event == "reading_viewed",
        TrailEntry.object_id == item_id,
        TrailEntry.at > now - ONE_LOOK,
    )
    if any((after or {}).get("page") == page for after in session.scalars(lately)):
        return
    trail.record(session, actor, "reading_viewed", subject, now=now, after={"page": page})


def note_print(
    session: Session, actor: Actor, item_id: int, subject: trail.Subject, pages: str, *, now: datetime
) -> None:
    """Count a print of these pages ("1-3,5")."""
    session.execute(update(LoanItem).where(LoanItem.id == item_id).values(prints=LoanItem.prints + 1))
    trail.record(session, actor, "reading_printed", subject, now=now, after={"page_numbers": pages})


def note_saved(session: Session, actor: Actor, subject: trail.Subject, page: int, *, now: datetime) -> None:
    """Write down that a marked page was saved as a file."""
    trail.record(session, actor, "reading_saved", subject, now=now, after={"page": page})


def reading_path(item_id: int) -> str:
    """Return where the reader of an item is."""
    return f"/reading/{encode_id(item_id)}"


def _load(session: Session, actor: Actor, item_id: int) -> tuple[LoanRequest, LoanItem]:
    """Return an item and its request, both locked: the request first, as whoever closes it does."""
    request = session.scalar(
        select(LoanRequest)
        .join(LoanItem, LoanItem.request_id == LoanRequest.id)
        .where(LoanItem.id == item_id, loans_for(actor, Action.LOAN_VIEW))
        .with_for_update(of=LoanRequest)
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise NotFound
    return request, lock_item(session, item_id)


def _lock_request(session: Session, request_id: int) -> LoanRequest:
    return session.get_one(LoanRequest, request_id, with_for_update=True, populate_existing=True)


def _is_over(item: LoanItem, now: datetime) -> bool:
    """Say whether an item is still to be closed: somebody may have ended or prolonged it meanwhile."""
    return item.state == LoanState.OUT and item.due_on is not None and item.due_on < office_day(now)


def _close(session: Session, request: LoanRequest, item: LoanItem, *, now: datetime) -> None:
    _end(session, None, request, item, LoanStep.CLOSE, now=now)
    details = {"number": request.number, "due": item.due_on.isoformat() if item.due_on else ""}
    notify(session, request.borrower_id, "reading_closed", now=now, path="/reading", details=details)
    trail.record(session, None, "reading_closed", _subject(session, item, request), now=now)


def _end(
    session: Session,
    actor: Actor | None,
    request: LoanRequest,
    item: LoanItem,
    step: LoanStep,
    *,
    now: datetime,
    note: str = "",
) -> None:
    take_step(session, actor, item, step, now=now, note=note)
    item.back_at, item.back_by = now, actor.account_id if actor else None
    session.flush()
    left = select(func.count()).where(LoanItem.request_id == request.id, LoanItem.state.in_(sorted(OPEN_STATES)))
    if request.state == "open" and session.scalars(left).one() == 0:
        request.state, request.closed_at = "closed", now
        request.version += 1
        session.flush()


def _subject(session: Session, item: LoanItem, request: LoanRequest) -> trail.Subject:
    customer_id = session.scalar(select(Document.customer_id).where(Document.id == item.document_id))
    return trail.Subject("loan_item", item.id, request.number, customer_id)


def _check_reason(reason: str) -> str:
    stripped = reason.strip()
    if not stripped:
        raise Invalid.field("reason", "reading.reason")
    if len(stripped) > REASON_LENGTH:
        raise Invalid.field("reason", "reading.reason_long")
    return stripped
