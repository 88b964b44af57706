"""The papers of a handing over: put on the list one by one or by the thousand, taken off, counted by the receiver."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import clean_archive_number
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.domain.scan_codes import read_scan
from app.domain.transfers import LineState, PaperFilter, TransferKind, TransferState
from app.models.customers import Customer
from app.models.documents import Document
from app.models.transfers import Transfer, TransferLine
from app.queries.transfer_papers import MOST_AT_ONCE, can_be_listed, is_listed, matching, obstacle
from app.queries.transfers import lines_barred
from app.queries.visibility import documents_for
from app.services import papers, trail
from app.services.transfers import lock_transfer, require_giver, require_receiver, require_state

# What a scanned code can stand for, and the column of an item that holds it.
COLUMNS: dict[str, Any] = {
    "document": Document.id,
    "box": Document.box_id,
    "volume": Document.volume_id,
    "customer": Document.customer_id,
}
MOST_PAGES = 10_000


def add_thing(session: Session, actor: Actor, transfer_id: int, kind: str, thing_id: int, *, now: datetime) -> int:
    """Put an item, or all that can go of a box, a volume or a customer's file, on the list; return how many.

    Raises `WrongState` with what stands in the way of a single item, `transfer.nothing_fits` of a whole thing.
    """
    transfer = _draft(session, actor, transfer_id)
    if kind not in COLUMNS:
        raise WrongState("transfer.not_a_paper")
    wanted: Select[*tuple[Any, ...]] = select(Document.id, Document.page_count).where(COLUMNS[kind] == thing_id)
    added = _add(session, actor, transfer, wanted, now=now)
    if not added:
        raise WrongState(
            _why_not(session, actor, transfer, thing_id) if kind == "document" else "transfer.nothing_fits"
        )
    return added


def add_matching(session: Session, actor: Actor, transfer_id: int, wanted: PaperFilter, *, now: datetime) -> int:
    """Put every item of the giving branch that fits on the list, `MOST_AT_ONCE` at most, and return how many."""
    added = _add(session, actor, _draft(session, actor, transfer_id), matching(wanted), now=now)
    if not added:
        raise WrongState("transfer.nothing_fits")
    return added


def drop_line(session: Session, actor: Actor, transfer_id: int, line_id: int, *, now: datetime) -> None:
    """Take one paper off the list of a draft; raises `NotFound`."""
    transfer = _draft(session, actor, transfer_id)
    _drop(session, transfer, _line(session, transfer, line_id, LineState.LISTED).id)
    _note(session, actor, transfer, {"dropped": 1}, now=now)


def drop_barred(session: Session, actor: Actor, transfer_id: int, *, now: datetime) -> int:
    """Take off the list what can no longer be sent, and return how many."""
    transfer = _draft(session, actor, transfer_id)
    barred = list(session.scalars(lines_barred(transfer)))
    for line_id in barred:
        _drop(session, transfer, line_id)
    if barred:
        _note(session, actor, transfer, {"dropped": len(barred)}, now=now)
    return len(barred)


def count_paper(
    session: Session, actor: Actor, transfer_id: int, code: str, pages: int | None, *, remark: str = ""
) -> TransferLine:
    """Note that the receiver holds this paper, and its pages; None is as many as were sent.

    Counting it again corrects it. Raises `Invalid` for pages nobody has, `WrongState` with `transfer.not_sent` for a
    paper that is not on the list.
    """
    transfer = _counting(session, actor, transfer_id)
    if pages is not None and not 0 <= pages <= MOST_PAGES:
        raise Invalid.field("pages", "transfer.pages")
    line = _find_line(session, transfer, code)
    line.state = LineState.RECEIVED.value
    line.pages_received = line.pages_sent if pages is None else pages
    line.remark = clean_text(remark)[:200]
    session.flush()
    return line


def mark_absent(session: Session, actor: Actor, transfer_id: int, line_id: int, remark: str) -> None:
    """Note that a paper of the list did not come, with what is known of it."""
    transfer = _counting(session, actor, transfer_id)
    why = clean_text(remark)
    if not why:
        raise Invalid.field("remark", "transfer.remark_missing")
    line = _line(session, transfer, line_id, LineState.MOVING, LineState.RECEIVED, LineState.ABSENT)
    line.state, line.pages_received, line.remark = LineState.ABSENT.value, None, why[:200]
    session.flush()


def _draft(session: Session, actor: Actor, transfer_id: int) -> Transfer:
    transfer = lock_transfer(session, actor, transfer_id)
    require_giver(actor, transfer)
    require_state(transfer, TransferState.DRAFT)
    if transfer.kind == TransferKind.POST:
        raise WrongState("transfer.post_has_no_papers")
    return transfer


def _counting(session: Session, actor: Actor, transfer_id: int) -> Transfer:
    transfer = lock_transfer(session, actor, transfer_id)
    require_receiver(actor, transfer)
    require_state(transfer, TransferState.SENT)
    return transfer


def _add(session: Session, actor: Actor, transfer: Transfer, wanted: Select[*tuple[Any, ...]], *, now: datetime) -> int:
    """List what fits; a paper that another list takes in the same moment stays with the other."""
    seen = wanted.join(Customer, Customer.id == Document.customer_id).where(
        documents_for(actor, Action.TRANSFER_RUN), *can_be_listed(transfer.from_branch_id)
    )
    found = session.execute(seen.order_by(Document.archive_number).limit(MOST_AT_ONCE)).all()
    last = session.scalar(select(func.max(TransferLine.ordinal)).where(TransferLine.transfer_id == transfer.id))
    rows = [
        {
            "id": new_id(),
            "transfer_id": transfer.id,
            "document_id": document_id,
            "ordinal": ordinal,
            "state": LineState.LISTED.value,
            "pages_sent": pages,
            "remark": "",
        }
        for ordinal, (document_id, pages) in enumerate(found, start=(last or 0) + 1)
    ]
    added = sum(
        _insert(session, transfer, rows[start : start + papers.BATCH]) for start in range(0, len(rows), papers.BATCH)
    )
    if added:
        _note(session, actor, transfer, {"listed": added}, now=now)
    return added


def _insert(session: Session, transfer: Transfer, rows: list[dict[str, Any]]) -> int:
    """Insert lines whose paper nobody else has listed; one that was dropped here before comes back."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    again = {row["document_id"]: row for row in rows}
    dropped = session.scalars(
        select(TransferLine).where(
            TransferLine.transfer_id == transfer.id,
            TransferLine.document_id.in_(again),
            TransferLine.state == LineState.DROPPED.value,
        )
    ).all()
    # Its old line goes: a new one takes its place at the end, under the same guard as all others.
    for line in dropped:
        session.delete(line)
    session.flush()
    statement = make(TransferLine).values(rows).on_conflict_do_nothing().returning(TransferLine.id)
    return len(session.execute(statement).all())


def _why_not(session: Session, actor: Actor, transfer: Transfer, document_id: int) -> str:
    row = session.execute(
        select(obstacle(transfer.from_branch_id), is_listed())
        .select_from(Document)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.id == document_id, documents_for(actor, Action.TRANSFER_RUN))
    ).first()
    if row is None:
        raise NotFound
    code, listed = row
    here = select(TransferLine.id).where(
        TransferLine.transfer_id == transfer.id,
        TransferLine.document_id == document_id,
        TransferLine.state == LineState.LISTED.value,
    )
    if session.scalar(here) is not None:
        return "transfer.listed_here"
    return str(code) if code else "transfer.listed_elsewhere" if listed else "transfer.nothing_fits"


def _find_line(session: Session, transfer: Transfer, code: str) -> TransferLine:
    scan = read_scan(code[:120])
    if not scan.text:
        raise Invalid.field("code", "scan.empty")
    of_transfer = (
        select(TransferLine)
        .join(Document, Document.id == TransferLine.document_id)
        .where(TransferLine.transfer_id == transfer.id, TransferLine.state != LineState.DROPPED.value)
    )
    if scan.is_label:
        found = of_transfer.where(Document.id == scan.id) if scan.kind == "document" else None
    else:
        found = of_transfer.where(Document.archive_number.in_((scan.text, clean_archive_number(scan.text))))
    line = session.scalar(found) if found is not None else None
    if line is None:
        raise WrongState("transfer.not_sent")
    return line


def _line(session: Session, transfer: Transfer, line_id: int, *states: LineState) -> TransferLine:
    line = session.scalar(
        select(TransferLine).where(
            TransferLine.id == line_id,
            TransferLine.transfer_id == transfer.id,
            TransferLine.state.in_([state.value for state in states]),
        )
    )
    if line is None:
        raise NotFound
    return line


def _drop(session: Session, transfer: Transfer, line_id: int) -> None:
    session.execute(
        update(TransferLine)
        .where(TransferLine.id == line_id, TransferLine.transfer_id == transfer.id)
        .values(state=LineState.DROPPED.value)
    )


def _note(session: Session, actor: Actor, transfer: Transfer, after: dict[str, int], *, now: datetime) -> None:
    session.flush()
    subject = trail.Subject("transfer", transfer.id, transfer.number)
    trail.record(session, actor, "transfer_listed", subject, now=now, after=after)
