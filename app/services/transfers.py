"""Handing over 移交: the draft, sending, signing, the end; nothing is half handed over.

Lines are listed and counted in `transfer_lines`. Whoever changes a handing over holds its row lock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import encode_id, new_id
from app.domain.normal import clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.domain.transfers import (
    LineState,
    Side,
    TransferHead,
    TransferKind,
    TransferState,
    TransferStep,
    check_head,
    next_state,
    required_sides,
)
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Branch
from app.models.documents import Document
from app.models.evidence import Signature
from app.models.transfers import Transfer, TransferLine
from app.ports import StoredBlob
from app.queries.keeper_package import keeper_package
from app.queries.register_rows.transfers import quantities
from app.queries.transfers import keepers_of, lines_barred, transfers_for
from app.services import evidence, notices, outbox, papers, trail
from app.services.changes import apply_changes
from app.services.numbers import take_number

HOLDER = "transfer"
# What a paper has no more when it leaves its volume.
LOOSE = dict.fromkeys(("volume_id", "volume_position", "first_page", "last_page"))


def create_transfer(session: Session, actor: Actor, typed: TransferHead, *, now: datetime) -> int:
    """Draft a handing over and return its id; raises `NotAllowed` at a branch that is not one's own, `Invalid`."""
    head = _checked(session, actor, typed, giver=actor.account_id, now=now)
    transfer_id, year = new_id(), office_day(now).year
    number = take_number(
        session,
        actor,
        f"transfer|{year}",
        lambda value: f"YJ{year}-{value:04d}",
        holder_kind=HOLDER,
        holder_id=transfer_id,
        now=now,
    )
    transfer = Transfer(id=transfer_id, number=number, created_at=now, package={}, **_columns(head))
    session.add(transfer)
    session.flush()
    _note(session, actor, "transfer_drafted", transfer, now=now, after=_plain(head))
    return transfer_id


def edit_transfer(
    session: Session, actor: Actor, transfer_id: int, typed: TransferHead, *, version: int, now: datetime
) -> None:
    """Change the head of a draft; kind and giving branch stay. Raises `WrongState`, `Invalid`, `ChangedMeanwhile`."""
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.GIVER, Action.TRANSFER_RUN)
    require_state(transfer, TransferState.DRAFT)
    fixed = {"kind": TransferKind(transfer.kind), "from_branch_id": transfer.from_branch_id}
    unchanged = TransferHead(**{**asdict(typed), **fixed})
    head = _checked(session, actor, unchanged, giver=transfer.from_account_id, now=now)
    before, after = apply_changes(transfer, _columns(head), version=version, show=lambda _name, value: str(value))
    if after:
        _note(session, actor, "transfer_changed", transfer, now=now, before=before, after=after)


def send_transfer(session: Session, actor: Actor, transfer_id: int, *, now: datetime) -> None:
    """Send it: the papers leave the shelf; of a post, the package is written down as it is now.

    Raises `WrongState`: `transfer.empty`, `transfer.barred` when a paper on the list can no longer go.
    """
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.GIVER, Action.TRANSFER_RUN)
    following = next_state(transfer.state, TransferStep.SEND)
    if transfer.kind == TransferKind.POST:
        lines = keeper_package(session, transfer.from_branch_id, transfer.equipment, but=transfer.id)
        transfer.package = {"lines": lines}
        after = {"lines": len(lines)}
    else:
        after = _send_papers(session, actor, transfer, now=now)
    transfer.sent_at = now
    _step(session, actor, "transfer_sent", transfer, following, now=now, after=after)
    _tell(session, actor, transfer, Side.RECEIVER, "transfer_sent", now=now)


def finish_counting(session: Session, actor: Actor, transfer_id: int, *, rest_absent: str = "", now: datetime) -> None:
    """Say that everything was counted; `rest_absent` is the remark for all papers that were not found.

    Raises `WrongState` with `transfer.uncounted` while papers are neither received nor absent.
    """
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.RECEIVER, Action.TRANSFER_RUN)
    following = next_state(transfer.state, TransferStep.COUNT)
    open_lines = (TransferLine.transfer_id == transfer.id, TransferLine.state == LineState.MOVING.value)
    if rest_absent:
        session.execute(
            update(TransferLine)
            .where(*open_lines)
            .values(state=LineState.ABSENT.value, remark=clean_text(rest_absent)[:200])
            .execution_options(synchronize_session=False)
        )
    elif session.scalar(select(TransferLine.id).where(*open_lines).limit(1)) is not None:
        raise WrongState("transfer.uncounted")
    transfer.counted_at = now
    after = {state: number for state, number in _tally(session, transfer).items() if number}
    _step(session, actor, "transfer_counted", transfer, following, now=now, after=after)
    _tell(session, actor, transfer, Side.GIVER, "transfer_counted", now=now)


def recount(session: Session, actor: Actor, transfer_id: int, *, now: datetime) -> None:
    """Go back to counting while nobody has signed."""
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.RECEIVER, Action.TRANSFER_RUN)
    following = next_state(transfer.state, TransferStep.RECOUNT)
    if _signed_sides(session, transfer):
        raise WrongState("transfer.signed_already")
    transfer.counted_at = None
    _step(session, actor, "transfer_recounted", transfer, following, now=now)


def sign_transfer(
    session: Session,
    actor: Actor,
    transfer_id: int,
    side: Side,
    signer: str,
    image: StoredBlob | None,
    *,
    now: datetime,
) -> None:
    """Take the signature of one side, drawn or on paper; nobody takes those of both sides.

    Raises `NotAllowed` for the other side's, `Invalid` without a name, `WrongState` twice or before it is counted.
    """
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, side, Action.TRANSFER_SIGN)
    require_state(transfer, TransferState.COUNTED)
    name = clean_text(signer)
    if not name:
        raise Invalid.field("signer", "transfer.signer_missing")
    signed = _signed_sides(session, transfer)
    if side.value in signed:
        raise WrongState("transfer.signed_already")
    other = {Side.GIVER: Side.RECEIVER, Side.RECEIVER: Side.GIVER}.get(side)
    if other is not None and signed.get(other.value) == actor.account_id:
        raise WrongState("transfer.both_sides")
    evidence.add_signature(session, actor, HOLDER, transfer.id, side.value, name, image, now=now)
    means = "drawn" if image is not None else "paper"
    _note(session, actor, "transfer_signed", transfer, now=now, after={"side": side.value, "means": means})


def finish_transfer(
    session: Session, actor: Actor, transfer_id: int, *, back_on_shelf: Collection[int] = (), now: datetime
) -> None:
    """End it, signed by all: received papers belong to the receiving branch, absent ones are missing at the giver's.

    `back_on_shelf` are the lines of absent papers that turned up on the giver's shelf. Raises `WrongState` with
    `transfer.unsigned`.
    """
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.WITNESS, Action.TRANSFER_SIGN)
    following = next_state(transfer.state, TransferStep.FINISH)
    signed = _signed_sides(session, transfer)
    if any(side.value not in signed for side in required_sides(transfer.witness)):
        raise WrongState("transfer.unsigned")
    _hand_over(session, actor, transfer, now=now)
    _give_back(session, actor, transfer, set(back_on_shelf), now=now)
    transfer.done_at = now
    after = {state: number for state, number in _tally(session, transfer).items() if number}
    _step(session, actor, "transfer_done", transfer, following, now=now, after=after)
    for side in (Side.GIVER, Side.RECEIVER):
        _tell(session, actor, transfer, side, "transfer_done", now=now)


def cancel_transfer(session: Session, actor: Actor, transfer_id: int, reason: str, *, now: datetime) -> None:
    """Call it off with a reason: every paper is back on the giver's shelf."""
    transfer = lock_transfer(session, actor, transfer_id)
    _require_side(actor, transfer, Side.GIVER, Action.TRANSFER_RUN)
    following = next_state(transfer.state, TransferStep.CANCEL)
    why = clean_text(reason)
    if not why:
        raise Invalid.field("reason", "transfer.reason_missing")
    away = _documents(transfer, LineState.MOVING, LineState.RECEIVED, LineState.ABSENT)
    papers.move_papers(session, actor, away, Whereabouts.SHELF, _reason(transfer, "撤销移交"), now=now)
    session.execute(
        update(TransferLine)
        .where(TransferLine.transfer_id == transfer.id)
        .values(state=LineState.DROPPED.value)
        .execution_options(synchronize_session=False)
    )
    was_sent = transfer.sent_at is not None
    _step(session, actor, "transfer_cancelled", transfer, following, now=now, reason=why[:200])
    if was_sent:
        _tell(session, actor, transfer, Side.RECEIVER, "transfer_cancelled", now=now)


def lock_transfer(session: Session, actor: Actor, transfer_id: int) -> Transfer:
    """Return a handing over that the actor may see under its row lock, fresh; raises `NotFound`."""
    seen = select(Transfer).where(Transfer.id == transfer_id, transfers_for(actor, Action.TRANSFER_SIGN))
    found = session.scalar(seen.with_for_update(of=Transfer).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def require_state(transfer: Transfer, state: TransferState) -> None:
    """Pass when it stands there; raises `WrongState` with where it stands."""
    if transfer.state != state:
        raise WrongState(f"transfer.is_{transfer.state}")


def require_giver(actor: Actor, transfer: Transfer) -> None:
    """Raise `NotAllowed` unless the actor keeps papers of the giving branch."""
    _require_side(actor, transfer, Side.GIVER, Action.TRANSFER_RUN)


def require_receiver(actor: Actor, transfer: Transfer) -> None:
    """Raise `NotAllowed` unless the actor keeps papers of the receiving branch."""
    _require_side(actor, transfer, Side.RECEIVER, Action.TRANSFER_RUN)


def _require_side(actor: Actor, transfer: Transfer, side: Side, action: Action) -> None:
    """Of a post both sides sit at one branch: there the two persons decide, or their head for the one who has left."""
    sides = {Side.GIVER: (transfer.from_branch_id,), Side.RECEIVER: (transfer.to_branch_id,)}
    branches = sides.get(side, (transfer.from_branch_id, transfer.to_branch_id))
    if not any(may(actor, action, Target(branch_id)) for branch_id in branches):
        raise NotAllowed(action)
    persons = {Side.GIVER: transfer.to_account_id, Side.RECEIVER: transfer.from_account_id}
    if transfer.kind == TransferKind.POST and actor.account_id == persons.get(side):
        raise NotAllowed(action)


def _send_papers(session: Session, actor: Actor, transfer: Transfer, *, now: datetime) -> dict[str, int]:
    listed = _documents(transfer, LineState.LISTED)
    # Locked before it is judged: a loan that hands one of them out waits, or has been first and is seen.
    session.execute(select(Document.id).where(Document.id.in_(listed)).order_by(Document.id).with_for_update())
    if session.scalar(lines_barred(transfer).limit(1)) is not None:
        raise WrongState("transfer.barred")
    counted = quantities(session, transfer.id)
    if not counted["items"]:
        raise WrongState("transfer.empty")
    transfer.package = {"quantities": counted}
    papers.move_papers(session, actor, listed, Whereabouts.TRANSFER, _reason(transfer), now=now)
    _set_lines(session, transfer, LineState.LISTED, LineState.MOVING)
    return counted


def _hand_over(session: Session, actor: Actor, transfer: Transfer, *, now: datetime) -> None:
    """Give what was received to the other branch: its number stays, box and volume were the giver's."""
    received = _documents(transfer, LineState.RECEIVED)
    ids = list(session.scalars(received))
    for start in range(0, len(ids), papers.BATCH):
        session.execute(
            update(Document)
            .where(Document.id.in_(ids[start : start + papers.BATCH]))
            .values(branch_id=transfer.to_branch_id, box_id=None, updated_at=now, **LOOSE)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    papers.move_papers(session, actor, received, Whereabouts.SHELF, _reason(transfer), now=now)
    for document_id in ids:
        outbox.announce(session, "document", document_id, now=now)
    session.flush()


def _give_back(session: Session, actor: Actor, transfer: Transfer, back_on_shelf: set[int], *, now: datetime) -> None:
    absent = _documents(transfer, LineState.ABSENT)
    on_shelf = absent.where(TransferLine.id.in_(back_on_shelf))
    missing = absent.where(TransferLine.id.not_in(back_on_shelf))
    papers.move_papers(session, actor, on_shelf, Whereabouts.SHELF, _reason(transfer, "未移交，退回"), now=now)
    papers.move_papers(session, actor, missing, Whereabouts.MISSING, _reason(transfer, "移交清点未见"), now=now)


def _documents(transfer: Transfer, *states: LineState) -> Any:
    return select(TransferLine.document_id).where(
        TransferLine.transfer_id == transfer.id, TransferLine.state.in_([state.value for state in states])
    )


def _set_lines(session: Session, transfer: Transfer, before: LineState, after: LineState) -> None:
    session.execute(
        update(TransferLine)
        .where(TransferLine.transfer_id == transfer.id, TransferLine.state == before.value)
        .values(state=after.value)
        .execution_options(synchronize_session=False)
    )


def _tally(session: Session, transfer: Transfer) -> dict[str, int]:
    rows = session.execute(
        select(TransferLine.state, func.count())
        .where(TransferLine.transfer_id == transfer.id)
        .group_by(TransferLine.state)
        .order_by(TransferLine.state)
    )
    return {state: number for state, number in rows}


def _signed_sides(session: Session, transfer: Transfer) -> dict[str, int | None]:
    """Return which sides have signed, and whose account took it."""
    rows = session.execute(
        select(Signature.moment, Signature.taken_by).where(
            Signature.holder_kind == HOLDER, Signature.holder_id == transfer.id
        )
    )
    return {moment: taken_by for moment, taken_by in rows}


def _checked(session: Session, actor: Actor, typed: TransferHead, *, giver: int, now: datetime) -> TransferHead:
    """Return the head tidied; only of a post somebody else than `giver` can be the one who leaves."""
    if not may(actor, Action.TRANSFER_RUN, Target(typed.from_branch_id)):
        raise NotAllowed(Action.TRANSFER_RUN)
    leaves = typed.from_account_id if typed.kind is TransferKind.POST else None
    head = check_head(replace(typed, from_account_id=leaves or giver))
    if session.get(Branch, head.to_branch_id) is None:
        raise Invalid.field("to_branch_id", "transfer.branch_unknown")
    keepers = {account_id for account_id, _ in keepers_of(session, head.from_branch_id, now=now)}
    if head.kind is TransferKind.POST and head.to_account_id not in keepers:
        raise Invalid.field("to_account_id", "transfer.receiver_missing")
    if head.kind is TransferKind.POST and head.from_account_id not in {*keepers, giver}:
        raise Invalid.field("from_account_id", "transfer.giver_unknown")
    return head


def _columns(head: TransferHead) -> dict[str, Any]:
    return {**asdict(head), "kind": head.kind.value}


def _plain(head: TransferHead) -> dict[str, Any]:
    return {name: value for name, value in asdict(head).items() if value}


def _reason(transfer: Transfer, remark: str = "") -> papers.Reason:
    text = " ".join(part for part in (transfer.number, remark) if part)
    return papers.Reason(papers.TRANSFER, holder_kind=HOLDER, holder_id=transfer.id, remark=text)


def _step(
    session: Session,
    actor: Actor,
    event: str,
    transfer: Transfer,
    following: TransferState,
    *,
    now: datetime,
    **texts: Any,
) -> None:
    transfer.state = following.value
    transfer.version += 1
    _note(session, actor, event, transfer, now=now, **texts)


def _note(session: Session, actor: Actor, event: str, transfer: Transfer, *, now: datetime, **texts: Any) -> None:
    session.flush()
    trail.record(session, actor, event, trail.Subject(HOLDER, transfer.id, transfer.number), now=now, **texts)


def _tell(session: Session, actor: Actor, transfer: Transfer, side: Side, kind: str, *, now: datetime) -> None:
    """Tell the keepers of one side; of a post, its one person."""
    if transfer.kind == TransferKind.POST:
        person = transfer.to_account_id if side is Side.RECEIVER else transfer.from_account_id
        people = [person] if person else []
    else:
        branch_id = transfer.to_branch_id if side is Side.RECEIVER else transfer.from_branch_id
        people = [account_id for account_id, _ in keepers_of(session, branch_id, now=now)]
    for account_id in people:
        if account_id != actor.account_id:
            path = f"/storage/transfers/{encode_id(transfer.id)}"
            notices.notify(session, account_id, kind, now=now, path=path, details={"number": transfer.number})
