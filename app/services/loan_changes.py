"""What can happen to a lent item meanwhile: renewed, called back, lost, found, or never fetched."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound, WrongState
from app.domain.loan_terms import RECALL_DAYS
from app.domain.loans import LoanState, LoanStep, next_state
from app.domain.policy import Action, may
from app.domain.policy import Target as Thing
from app.domain.whereabouts import Whereabouts
from app.domain.working_days import add_working_days
from app.models.borrowing import LoanItem, LoanRequest
from app.models.customers import Customer
from app.queries.clocks import calendar_of
from app.services import papers
from app.services.loan_holding import Held, close_if_done, hold, hold_at_desk
from app.services.loan_queue import call_next, path_of
from app.services.loan_steps import take_step
from app.services.notices import notify


def renew(session: Session, actor: Actor, item_id: int, *, now: datetime, today: date) -> date:
    """Put off the day an item is due and return the new one; by its borrower, or at the desk.

    Raises `NotFound`, and `WrongState` when the rule's renewals are used up, it is overdue or called back, it is only
    read on the spot, or somebody waits for it.
    """
    held = hold(session, [item_id])[0]
    if not _may_renew(session, actor, held):
        raise NotFound
    item, request = held.item, held.request
    next_state(item.state, LoanStep.RENEW, takes_paper=item.takes_paper)
    due_on = item.due_on or today
    later = (
        add_working_days(due_on, request.days, calendar_of(session))
        if item.takes_paper
        else due_on + timedelta(days=request.days)
    )
    _require_renewable(session, held, today, later)
    take_step(session, actor, item, LoanStep.RENEW, now=now)
    item.due_on = later
    item.renewals += 1
    item.reminders, item.reminded_on = 0, None
    held.note(session, actor, "loan_renewed", now=now, after={"due_on": later.isoformat()})
    return later


def recall(session: Session, actor: Actor, item_id: int, reason: str, *, now: datetime, today: date) -> date:
    """Call a paper back before its day and return the day it is due now; raises `NotFound`, `WrongState`."""
    held = hold_at_desk(session, actor, [item_id])[0]
    item = held.item
    next_state(item.state, LoanStep.RECALL, takes_paper=item.takes_paper)
    if item.recalled_at is not None:
        raise WrongState("desk.recalled_already")
    take_step(session, actor, item, LoanStep.RECALL, now=now, note=reason.strip())
    soon = add_working_days(today, RECALL_DAYS, calendar_of(session))
    item.due_on = min(item.due_on or soon, soon)
    item.recalled_at = now
    details = {"number": held.request.number, "due_on": item.due_on.isoformat()}
    notify(session, held.request.borrower_id, "loan_recalled", now=now, path=path_of(held.request), details=details)
    held.note(session, actor, "loan_recalled", now=now, after={"due_on": item.due_on.isoformat()})
    return item.due_on


def lose(session: Session, actor: Actor, item_id: int, reason: str, *, now: datetime) -> None:
    """Note that a paper was lost by its borrower; raises `NotFound`, `WrongState`."""
    held = hold_at_desk(session, actor, [item_id])[0]
    take_step(session, actor, held.item, LoanStep.LOSE, now=now, note=reason.strip())
    why = papers.Reason(papers.LOAN, "loan", held.request.id, remark=reason.strip())
    papers.move_paper(session, actor, held.document, Whereabouts.MISSING, why, now=now)
    held.note(session, actor, "loan_lost", now=now, after={})


def find(session: Session, actor: Actor, item_id: int, *, now: datetime, today: date) -> None:
    """Note that a lost paper is back on its shelf; the next in line is called. Raises `NotFound`, `WrongState`."""
    held = hold_at_desk(session, actor, [item_id])[0]
    take_step(session, actor, held.item, LoanStep.FIND, now=now)
    held.item.back_at, held.item.back_by = now, actor.account_id
    why = papers.Reason(papers.LOAN, "loan", held.request.id)
    papers.move_paper(session, actor, held.document, Whereabouts.SHELF, why, now=now)
    held.note(session, actor, "loan_found", now=now, after={})
    call_next(session, held.document.id, now=now, today=today)
    close_if_done(session, held.request.id, now=now)


def expire(session: Session, item_id: int, *, now: datetime, today: date) -> None:
    """Give up keeping a paper that was not fetched in time and call the next; raises `NotFound`, `WrongState`."""
    held = hold(session, [item_id])[0]
    item = held.item
    next_state(item.state, LoanStep.EXPIRE, takes_paper=item.takes_paper)
    if item.ready_until is not None and item.ready_until >= today:
        raise WrongState("desk.still_kept")
    take_step(session, None, item, LoanStep.EXPIRE, now=now)
    details = {"number": held.request.number}
    notify(session, held.request.borrower_id, "loan_expired", now=now, path=path_of(held.request), details=details)
    held.note(session, None, "loan_expired", now=now, after={})
    call_next(session, held.document.id, now=now, today=today)
    close_if_done(session, held.request.id, now=now)


def _may_renew(session: Session, actor: Actor, held: Held) -> bool:
    if held.request.borrower_id == actor.account_id:
        return True
    customer = session.get_one(Customer, held.document.customer_id)
    level = max(held.document.level, customer.level)
    return may(actor, Action.LOAN_DESK, Thing(held.document.branch_id, level))


def _require_renewable(session: Session, held: Held, today: date, later: date) -> None:
    item, request = held.item, held.request
    if request.on_site_only or request.way == "read":
        raise WrongState("desk.on_site")
    if item.due_on is not None and item.due_on < today:
        raise WrongState("desk.overdue")
    if item.recalled_at is not None:
        raise WrongState("desk.recalled")
    if item.renewals >= request.renewals_left:
        raise WrongState("desk.no_renewals")
    if item.takes_paper and _is_waited_for(session, item, later):
        raise WrongState("desk.waited_for")


def _is_waited_for(session: Session, item: LoanItem, until: date) -> bool:
    """Say whether somebody wants the paper before it would be back."""
    waiting = (
        select(LoanItem.id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .where(
            LoanItem.document_id == item.document_id,
            LoanItem.takes_paper,
            LoanItem.state == LoanState.WAITING.value,
            or_(LoanRequest.wanted_from.is_(None), LoanRequest.wanted_from <= until),
        )
    )
    return session.scalar(waiting.limit(1)) is not None
