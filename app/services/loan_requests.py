"""Asking for what lies in the cart, and withdrawing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import Invalid, NotAllowed, WrongState
from app.domain.ids import new_id
from app.domain.loan_requests import ExternalKind, Wish, check_wish
from app.domain.loan_rules import Terms, Way, strictest
from app.domain.loans import OPEN_STATES, LoanState, LoanStep, steps_from
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.borrowing import LoanItem, LoanRequest
from app.queries.carts import CartRow, read_cart
from app.services import carts, trail
from app.services.loan_decisions import ask_approvers, grant, lock_request, subject_of
from app.services.loan_judging import Judgement, judge, standing_of
from app.services.loan_queue import call_next, lock_papers
from app.services.loan_steps import lock_item, take_step
from app.services.numbers import take_number


def ask_for(
    session: Session, actor: Actor, document_ids: Iterable[int], wish: Wish, *, now: datetime, today: date
) -> Sequence[int]:
    """Ask for items of the actor's cart and return the ids of the requests: one for each branch that keeps them.

    Raises `Invalid` (field `items` for what stands in the way of an item), `NotAllowed`.
    """
    checked = check_wish(wish, today)
    if checked.external is not None and not actor.roles & {Role.CLERK, Role.ARCHIVIST}:
        raise NotAllowed(Action.LOAN_ASK)
    wanted = set(document_ids)
    documents = lock_papers(
        session, (row.document_id for row in read_cart(session, actor) if row.document_id in wanted)
    )
    rows = [row for row in read_cart(session, actor) if row.document_id in documents]
    if not rows or len(rows) != len(wanted):
        raise Invalid.field("items", "loan.cart_empty" if not wanted else "loan.cart_changed")
    judged = judge(session, actor, rows, checked.way, external=checked.external is not None, today=today)
    terms = _check_together(session, actor, judged, checked, today)
    made = [
        _make_request(session, actor, [row for row in rows if row.branch_id == branch_id], held, checked, now=now)
        for branch_id, held in terms.items()
    ]
    carts.remove(session, actor, sorted(wanted))
    for request in made:
        if request.approvers:
            ask_approvers(session, request, now=now)
        else:
            grant(session, None, request, documents, now=now, today=today)
    return [request.id for request in made]


def withdraw(session: Session, actor: Actor, request_id: int, *, now: datetime, today: date) -> None:
    """Withdraw all of one's own request that is not handed out yet; raises `NotFound`, `NotAllowed`, `WrongState`."""
    request, _ = lock_request(session, actor, request_id)
    if request.borrower_id != actor.account_id:
        raise NotAllowed(Action.LOAN_ASK)
    items = _locked_items(session, request_id)
    open_ones = [item for item in items if LoanStep.WITHDRAW in steps_from(item.state, takes_paper=item.takes_paper)]
    if not open_ones:
        raise WrongState("loan_request.nothing_to_withdraw")
    freed = [item.document_id for item in open_ones if item.state == LoanState.READY]
    for item in open_ones:
        take_step(session, actor, item, LoanStep.WITHDRAW, now=now)
        item.ready_until = None
    if not any(item.state in OPEN_STATES for item in items):
        used = any(item.out_at is not None for item in items)
        request.state, request.closed_at = ("closed" if used else "withdrawn"), now
    request.version += 1
    session.flush()
    trail.record(session, actor, "loan_withdrawn", subject_of(request), now=now)
    for document_id in freed:
        call_next(session, document_id, now=now, today=today)


def _check_together(
    session: Session, actor: Actor, judged: Sequence[Judgement], wish: Wish, today: date
) -> dict[int, Terms]:
    """Return the terms for each keeping branch; raises `Invalid`."""
    blocks = list(dict.fromkeys(code for each in judged for code in each.blocks))
    if blocks:
        raise Invalid({"items": blocks})
    if (
        wish.external
        and wish.external.kind == ExternalKind.CUSTOMER
        and len({each.row.customer_id for each in judged}) > 1
    ):
        raise Invalid.field("items", "loan.one_customer")
    found: dict[int, Terms] = {}
    for branch_id in dict.fromkeys(each.row.branch_id for each in judged):
        found[branch_id] = strictest(
            [each.terms for each in judged if each.row.branch_id == branch_id and each.terms is not None]
        )
    new = len({each.row.unit for each in judged})
    in_hand = 0 if wish.external else standing_of(session, actor, today).in_hand
    if new + in_hand > min(terms.most_at_once for terms in found.values()):
        raise Invalid.field("items", "loan.too_many")
    if wish.days > min(terms.days for terms in found.values()):
        raise Invalid.field("days", "loan.days_over")
    return found


def _make_request(
    session: Session, actor: Actor, rows: Sequence[CartRow], terms: Terms, wish: Wish, *, now: datetime
) -> LoanRequest:
    outside = wish.external
    request = LoanRequest(
        id=new_id(),
        number="",
        branch_id=rows[0].branch_id,
        borrower_id=actor.account_id,
        borrower_branch_id=actor.branch_id,
        rule_id=terms.rule_id,
        way=wish.way,
        level=max(row.level for row in rows),
        purpose=wish.purpose,
        purpose_note=wish.purpose_note,
        days=wish.days or terms.days,
        wanted_from=wish.wanted_from,
        approvers=terms.approvers,
        renewals_left=terms.renewals,
        on_site_only=terms.on_site_only,
        may_print=terms.may_print,
        may_copy=terms.may_copy,
        external_kind=outside.kind if outside else "",
        external_name=outside.name if outside else "",
        external_unit=outside.unit if outside else "",
        external_phone=outside.phone if outside else "",
        external_papers=json.dumps(dict(outside.papers), ensure_ascii=False) if outside else "",
        asked_at=now,
    )
    year = office_day(now).year
    request.number = take_number(
        session,
        actor,
        f"loan|{year}",
        lambda value: f"JY{year}-{value:06d}",
        holder_kind="loan_request",
        holder_id=request.id,
        now=now,
    )
    session.add(request)
    session.flush()
    for row in rows:
        _make_item(session, request, row)
    customers = {row.customer_id for row in rows}
    subject = subject_of(request, customers.pop() if len(customers) == 1 else None)
    after = {"way": request.way, "items": len(rows), "days": request.days, "approvers": request.approvers}
    trail.record(session, actor, "loan_asked", subject, now=now, after=after)
    return request


def _make_item(session: Session, request: LoanRequest, row: CartRow) -> None:
    item = LoanItem(
        id=new_id(),
        request_id=request.id,
        document_id=row.document_id,
        asked_as=row.asked_as,
        asked_as_id=row.asked_as_id,
        takes_paper=Way(request.way).takes_paper,
        state=LoanState.ASKED.value,
    )
    session.add(item)
    session.flush()


def _locked_items(session: Session, request_id: int) -> Sequence[LoanItem]:
    in_order = select(LoanItem.id).where(LoanItem.request_id == request_id).order_by(LoanItem.document_id)
    return [lock_item(session, item_id) for item_id in session.scalars(in_order).all()]
