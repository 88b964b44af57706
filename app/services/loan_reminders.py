"""Reminding 催还 in steps, and what else the calendar does to loans: keeping ready ends, reservations begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Role
from app.domain.loan_terms import reminder_days, reminders_due
from app.domain.loans import PROMISED_STATES, LoanState, LoanStep
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Account, Grant
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.services.loan_holding import Held, hold
from app.services.loan_queue import path_of
from app.services.loan_steps import take_step
from app.services.notices import notify
from app.services.settings import REMINDER_DAYS, setting

# A paper that came back hurt is not promised again before somebody has had this long to decide on it.
GRACE = timedelta(days=1)
AT_ONCE = 500
# From this step on the head of the borrower's branch hears of it as well.
TOLD_TO_MANAGER = 2


def items_to_remind(session: Session, *, today: date) -> Sequence[int]:
    """Return papers whose next step of reminding has come."""
    steps = reminder_days(setting(session, REMINDER_DAYS))
    come = [
        and_(LoanItem.reminders <= number, LoanItem.due_on <= today - timedelta(days=day))
        for number, day in enumerate(steps)
    ]
    out = select(LoanItem.id).where(LoanItem.state == LoanState.OUT.value, LoanItem.takes_paper, or_(false(), *come))
    return session.scalars(out.order_by(LoanItem.due_on, LoanItem.id).limit(AT_ONCE)).all()


def items_to_expire(session: Session, *, today: date) -> Sequence[int]:
    """Return papers that were kept for somebody longer than they are kept."""
    ready = select(LoanItem.id).where(
        LoanItem.state == LoanState.READY.value, LoanItem.takes_paper, LoanItem.ready_until < today
    )
    return session.scalars(ready.order_by(LoanItem.id).limit(AT_ONCE)).all()


def papers_to_call(session: Session, *, now: datetime, today: date) -> Sequence[int]:
    """Return papers on the shelf for which somebody's day has come."""
    other, hurt = aliased(LoanItem), aliased(LoanItem)
    promised = exists().where(
        other.document_id == LoanItem.document_id, other.takes_paper, other.state.in_(sorted(PROMISED_STATES))
    )
    just_hurt = exists().where(
        hurt.document_id == LoanItem.document_id,
        hurt.state == LoanState.RETURNED.value,
        hurt.condition.in_(("damaged", "short")),
        hurt.back_at > now - GRACE,
    )
    waiting = (
        select(LoanItem.document_id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .where(
            LoanItem.state == LoanState.WAITING.value,
            LoanItem.takes_paper,
            Document.state == "filed",
            Document.whereabouts == Whereabouts.SHELF.value,
            or_(LoanRequest.wanted_from.is_(None), LoanRequest.wanted_from <= today),
            ~promised,
            ~just_hurt,
        )
    )
    return session.scalars(waiting.distinct().order_by(LoanItem.document_id).limit(AT_ONCE)).all()


def remind(session: Session, item_id: int, *, now: datetime, today: date) -> bool:
    """Remind the borrower of one paper; each step once, the latest only when several have come. Say whether it was done.

    Raises `NotFound`.
    """
    held = hold(session, [item_id])[0]
    item = held.item
    steps = reminder_days(setting(session, REMINDER_DAYS))
    number = reminders_due(item.due_on, today, steps) if item.due_on else 0
    if item.state != LoanState.OUT.value or number <= item.reminders:
        return False
    take_step(session, None, item, LoanStep.REMIND, now=now, note=str(number))
    item.reminders, item.reminded_on = number, today
    _tell(session, held, number, now=now, today=today)
    held.note(session, None, "loan_reminded", now=now, after={"step": number})
    return True


def _tell(session: Session, held: Held, number: int, *, now: datetime, today: date) -> None:
    due_on = held.item.due_on or today
    details: dict[str, str | int] = {
        "number": held.request.number,
        "due_on": due_on.isoformat(),
        "late": max(0, (today - due_on).days),
    }
    notify(session, held.request.borrower_id, "loan_reminded", now=now, path=path_of(held.request), details=details)
    if number >= TOLD_TO_MANAGER:
        for account_id in _managers(session, held.request, now=now):
            notify(session, account_id, "loan_overdue_below", now=now, path=path_of(held.request), details=details)


def _managers(session: Session, request: LoanRequest, *, now: datetime) -> Sequence[int]:
    """Return the heads of the borrower's branch, but not the borrower."""
    heads = (
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role == Role.MANAGER.value,
            Grant.branch_id == request.borrower_branch_id,
            Grant.account_id != request.borrower_id,
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
        )
    )
    return session.scalars(heads.distinct().order_by(Grant.account_id)).all()
