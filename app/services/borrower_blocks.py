"""Stopping somebody from borrowing for a while 停借, and lifting it again, each with its reason in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Account
from app.models.borrowing import BorrowerBlock
from app.queries.visibility import branches_in
from app.services import trail
from app.services.notices import notify

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class BlockData:
    """A block as typed; without `until` it holds until it is lifted."""

    username: str
    reason: str
    until: date | None = None


def block_borrower(session: Session, actor: Actor, typed: BlockData, *, now: datetime, today: date) -> int:
    """Stop somebody from borrowing and return the id of the block; raises `Invalid`, `NotAllowed`."""
    account = session.scalar(select(Account).where(Account.username == typed.username.strip().lower()))
    reason = clean_text(typed.reason)
    checks = (
        (account is not None and account.track == "business", "username", "block.nobody"),
        (account is None or account.id != actor.account_id, "username", "block.oneself"),
        (account is None or not _is_blocked(session, account.id, today), "username", "block.there_already"),
        (bool(reason), "reason", "block.reason"),
        (len(reason) <= REASON_LENGTH, "reason", "loan.too_long"),
        (typed.until is None or typed.until >= today, "until", "block.until_past"),
    )
    problems = {name: [code] for holds, name, code in reversed(checks) if not holds}
    if problems or account is None:
        raise Invalid(problems)
    if not may(actor, Action.LOAN_DESK, Target(account.branch_id)):
        raise NotAllowed(Action.LOAN_DESK)
    block = BorrowerBlock(
        id=new_id(),
        account_id=account.id,
        branch_id=account.branch_id,
        reason=reason,
        until=typed.until,
        blocked_by=actor.account_id,
        blocked_at=now,
    )
    session.add(block)
    session.flush()
    subject = trail.Subject("account", account.id, account.username)
    after = {"until": typed.until.isoformat() if typed.until else ""}
    trail.record(session, actor, "borrower_blocked", subject, now=now, after=after, reason=reason)
    notify(session, account.id, "borrower_blocked", now=now, path="/borrowing")
    return block.id


def lift_block(session: Session, actor: Actor, block_id: int, *, now: datetime) -> None:
    """Let somebody borrow again; raises `NotFound`, `WrongState` when it was lifted before."""
    seen = (BorrowerBlock.id == block_id, branches_in(actor, Action.LOAN_DESK, BorrowerBlock.branch_id))
    block = session.scalar(select(BorrowerBlock).where(*seen).with_for_update())
    if block is None:
        raise NotFound
    if block.account_id == actor.account_id:
        raise NotAllowed(Action.LOAN_DESK)
    if block.lifted_at is not None:
        raise WrongState("block.lifted_already")
    block.lifted_at, block.lifted_by = now, actor.account_id
    session.flush()
    username = session.scalars(select(Account.username).where(Account.id == block.account_id)).one()
    trail.record(session, actor, "borrower_unblocked", trail.Subject("account", block.account_id, username), now=now)
    notify(session, block.account_id, "borrower_unblocked", now=now, path="/borrowing")


def _is_blocked(session: Session, account_id: int, today: date) -> bool:
    held = select(BorrowerBlock.id).where(
        BorrowerBlock.account_id == account_id,
        BorrowerBlock.lifted_at.is_(None),
        or_(BorrowerBlock.until.is_(None), BorrowerBlock.until >= today),
    )
    return session.scalar(held.limit(1)) is not None
