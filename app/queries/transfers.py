"""Handings over 移交 as both sides see them: the list, one with its counts, its lines, a leaving keeper's package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, scopes
from app.domain.transfers import OPEN_STATES, LineState, TransferKind, TransferState
from app.models.accounts import Account, Branch, Grant
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Signature
from app.models.transfers import Transfer, TransferLine
from app.queries.accounts import held_now
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keeper_package import package_of
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.transfer_papers import obstacle
from app.queries.visibility import branches_in

PAGE_SIZE = 50
NEWEST = Sort(Transfer.created_at, Transfer.id, descending=True)
BY_ORDINAL = Sort(TransferLine.ordinal, TransferLine.id)
OUTGOING, INCOMING = "outgoing", "incoming"


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A line of the list."""

    id: int
    number: str
    kind: str
    state: str
    from_branch: str
    to_branch: str
    nature: str
    items: int
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature that was given."""

    id: int
    side: str
    signer: str
    means: str
    taken_by: int | None
    taken_at: datetime
    image_digest: str | None


@dataclass(frozen=True, slots=True)
class TransferDetail:
    """One handing over with what its reader may do: on which sides he signs, on which he does the work.

    Of a post both sides sit at one branch; there the two persons stand on their own side only.
    """

    id: int
    number: str
    kind: str
    state: str
    from_branch_id: int
    from_branch: str
    to_branch_id: int
    to_branch: str
    from_account_id: int
    from_person: str
    to_account_id: int | None
    to_person: str
    witness: str
    nature: str
    years: str
    note: str
    equipment: str
    package: Sequence[Sequence[Any]]
    created_at: datetime
    sent_at: datetime | None
    counted_at: datetime | None
    done_at: datetime | None
    version: int
    gives: bool
    receives: bool
    runs_out: bool
    runs_in: bool
    counts: dict[str, int]
    pages: int
    signatures: Sequence[SignatureRow]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A paper of a handing over; `obstacle` is the code of what keeps a listed one from being sent."""

    id: int
    ordinal: int
    document_id: int
    archive_number: str
    title: str
    state: str
    pages_sent: int
    pages_received: int | None
    remark: str
    obstacle: str


def transfers_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Handings over of which one side is the actor's; the receiver sees nothing of a draft, nor of one called off before."""
    incoming = and_(branches_in(actor, action, Transfer.to_branch_id), Transfer.sent_at.is_not(None))
    return or_(branches_in(actor, action, Transfer.from_branch_id), incoming)


def list_transfers(
    session: Session, actor: Actor, *, direction: str = OUTGOING, state: str = "", cursor: Cursor | None = None
) -> PageOf[TransferRow]:
    """Return a page of what goes out or comes in; state `open` is every one that is not over."""
    column = Transfer.to_branch_id if direction == INCOMING else Transfer.from_branch_id
    conditions = [transfers_for(actor, Action.TRANSFER_SIGN), branches_in(actor, Action.TRANSFER_SIGN, column)]
    if direction == INCOMING:
        conditions.append(Transfer.sent_at.is_not(None))
    if state:
        conditions.append(
            Transfer.state.in_([one.value for one in OPEN_STATES]) if state == "open" else Transfer.state == state
        )
    total = count_up_to(session, select(Transfer.id).where(*conditions))
    giver, receiver = aliased(Branch), aliased(Branch)
    items = (
        select(func.count())
        .where(TransferLine.transfer_id == Transfer.id, TransferLine.state != LineState.DROPPED.value)
        .correlate(Transfer)
        .scalar_subquery()
    )
    statement = (
        select(
            Transfer,
            giver.name.label("from_branch"),
            receiver.name.label("to_branch"),
            items.label("items"),
            Transfer.created_at,
            Transfer.id,
        )
        .join(giver, giver.id == Transfer.from_branch_id)
        .join(receiver, receiver.id == Transfer.to_branch_id)
        .where(*conditions)
    )
    return read_page(session, statement, NEWEST, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def waiting_count(session: Session, actor: Actor) -> int:
    """Return how many handings over wait to be counted by the actor's branches."""
    waiting = select(Transfer.id).where(
        Transfer.state == TransferState.SENT.value, branches_in(actor, Action.TRANSFER_RUN, Transfer.to_branch_id)
    )
    return count_up_to(session, waiting)


def read_transfer(session: Session, actor: Actor, transfer_id: int) -> TransferDetail:
    """Return one handing over; raises `NotFound` for one of which neither side is the actor's."""
    giver, receiver, person, successor = aliased(Branch), aliased(Branch), aliased(Account), aliased(Account)
    row = session.execute(
        select(
            Transfer,
            giver.name.label("from_branch"),
            receiver.name.label("to_branch"),
            person.full_name.label("from_person"),
            successor.full_name.label("to_person"),
            branches_in(actor, Action.TRANSFER_SIGN, Transfer.from_branch_id).label("gives"),
            branches_in(actor, Action.TRANSFER_SIGN, Transfer.to_branch_id).label("receives"),
            branches_in(actor, Action.TRANSFER_RUN, Transfer.from_branch_id).label("runs_out"),
            branches_in(actor, Action.TRANSFER_RUN, Transfer.to_branch_id).label("runs_in"),
        )
        .join(giver, giver.id == Transfer.from_branch_id)
        .join(receiver, receiver.id == Transfer.to_branch_id)
        .join(person, person.id == Transfer.from_account_id)
        .outerjoin(successor, successor.id == Transfer.to_account_id)
        .where(Transfer.id == transfer_id, transfers_for(actor, Action.TRANSFER_SIGN))
    ).first()
    if row is None:
        raise NotFound
    counts, pages = _counts(session, transfer_id)
    return _make_detail(session, actor, row, counts, pages, signatures_of(session, transfer_id))


def signatures_of(session: Session, transfer_id: int) -> Sequence[SignatureRow]:
    """Return the signatures under a handing over, the first first."""
    found = session.scalars(
        select(Signature)
        .where(Signature.holder_kind == "transfer", Signature.holder_id == transfer_id)
        .order_by(Signature.taken_at, Signature.id)
    )
    return [
        SignatureRow(row.id, row.moment, row.signer, row.means, row.taken_by, row.taken_at, row.image_digest)
        for row in found
    ]


def list_lines(
    session: Session, actor: Actor, transfer: TransferDetail, *, state: str = "", cursor: Cursor | None = None
) -> PageOf[LineRow]:
    """Return a page of the papers that a reader of this handing over may see, by his level."""
    joined = (
        select(
            TransferLine,
            Document.archive_number,
            Document.title,
            obstacle(transfer.from_branch_id).label("obstacle"),
            TransferLine.ordinal,
            TransferLine.id,
        )
        .join(Document, Document.id == TransferLine.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            TransferLine.transfer_id == transfer.id,
            or_(_level_of(actor, transfer.from_branch_id), _level_of(actor, transfer.to_branch_id)),
            TransferLine.state == state if state else TransferLine.state != LineState.DROPPED.value,
        )
    )
    total = count_up_to(session, joined.with_only_columns(TransferLine.id))
    return read_page(
        session, joined, BY_ORDINAL, cursor, size=PAGE_SIZE, total=total, make=_make_line, most=MOST_COUNTED
    )


def keepers_of(session: Session, *branch_ids: int, now: datetime) -> Sequence[tuple[int, str]]:
    """Return the archivists of branches who can sign in, for choosing who takes over and for telling them."""
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == "archivist", Grant.branch_id.in_(branch_ids), held_now(now), Account.state == "active")
        .order_by(Account.full_name, Account.id)
        .distinct()
    )
    return [(account_id, f"{name}（{username}）") for account_id, name, username in rows]


def _level_of(actor: Actor, branch_id: int) -> ColumnElement[bool]:
    """Papers up to the level that the actor reaches at one of the two branches."""
    levels = [
        scope.max_level
        for scope in scopes(actor, Action.TRANSFER_SIGN)
        if scope.branches is None or branch_id in scope.branches
    ]
    if not levels:
        return false()
    most = max(levels)
    return and_(Document.level <= most, Customer.level <= most)


def _counts(session: Session, transfer_id: int) -> tuple[dict[str, int], int]:
    rows = session.execute(
        select(TransferLine.state, func.count(), func.coalesce(func.sum(TransferLine.pages_sent), 0))
        .where(TransferLine.transfer_id == transfer_id)
        .group_by(TransferLine.state)
    ).all()
    counts = {state.value: 0 for state in LineState} | {state: number for state, number, _ in rows}
    return counts, sum(int(pages) for state, _, pages in rows if state != LineState.DROPPED.value)


def _make_row(row: Any) -> TransferRow:
    found = row[0]
    return TransferRow(
        found.id,
        found.number,
        found.kind,
        found.state,
        row.from_branch,
        row.to_branch,
        found.nature,
        row.items,
        found.created_at,
        found.sent_at,
    )


def _make_detail(
    session: Session, actor: Actor, row: Any, counts: dict[str, int], pages: int, signatures: Sequence[SignatureRow]
) -> TransferDetail:
    found: Transfer = row[0]
    plain = "id number kind state from_branch_id to_branch_id from_account_id to_account_id witness nature years note"
    times = "equipment created_at sent_at counted_at done_at version"
    is_post = found.kind == TransferKind.POST.value
    gives = not (is_post and actor.account_id == found.to_account_id)
    receives = not (is_post and actor.account_id == found.from_account_id)
    return TransferDetail(
        **{name: getattr(found, name) for name in f"{plain} {times}".split()},
        from_branch=row.from_branch,
        to_branch=row.to_branch,
        from_person=row.from_person,
        to_person=row.to_person or "",
        package=package_of(session, found),
        gives=bool(row.gives) and gives,
        receives=bool(row.receives) and receives,
        runs_out=bool(row.runs_out) and gives,
        runs_in=bool(row.runs_in) and receives,
        counts=counts,
        pages=pages,
        signatures=signatures,
    )


def _make_line(row: Any) -> LineRow:
    line = row[0]
    return LineRow(
        line.id,
        line.ordinal,
        line.document_id,
        row.archive_number or "",
        row.title,
        line.state,
        line.pages_sent,
        line.pages_received,
        line.remark,
        row.obstacle if line.state == LineState.LISTED.value else "",
    )


def lines_barred(transfer: Transfer) -> Any:
    """Return a select of the listed lines whose paper can no longer be sent."""
    return (
        select(TransferLine.id)
        .join(Document, Document.id == TransferLine.document_id)
        .where(
            TransferLine.transfer_id == transfer.id,
            TransferLine.state == LineState.LISTED.value,
            obstacle(transfer.from_branch_id) != "",
        )
    )
