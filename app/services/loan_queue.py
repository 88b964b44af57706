"""The line of those who wait for a paper 预约: whoever is next is called as soon as it is free.

Whoever holds the locks of several papers takes them in the order of their ids and before the trail is written
(`lock_papers`): the trail's counter is a lock as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import WrongState
from app.domain.ids import encode_id
from app.domain.loan_terms import ready_days
from app.domain.loans import PROMISED_STATES, LoanState, LoanStep
from app.domain.working_days import add_working_days
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.queries.clocks import calendar_of
from app.services import papers, trail
from app.services.loan_steps import lock_item, take_step
from app.services.notices import notify
from app.services.settings import READY_DAYS, setting


def lock_papers(session: Session, document_ids: Iterable[int]) -> dict[int, Document]:
    """Return items under their row locks, taken in one order so that nobody waits in a circle; raises `NotFound`."""
    return {each: papers.lock_paper(session, each) for each in sorted(set(document_ids))}


def call_next(session: Session, document_id: int, *, now: datetime, today: date) -> None:
    """Keep a paper ready for the first in line when it is free; nothing happens when it is not, or nobody waits.

    Called after approval, return, expiry, withdrawal of what lay ready, and daily for reservations whose day has come.
    """
    document = papers.lock_paper(session, document_id)
    try:
        papers.require_lendable(document)
    except WrongState:
        return
    if is_promised(session, document_id):
        return
    first = _first_in_line(session, document_id, today)
    if first is not None:
        _call(session, document, first, now=now, today=today)


def path_of(request: LoanRequest) -> str:
    """Return where a request is shown."""
    return f"/borrowing/{encode_id(request.id)}"


def is_promised(session: Session, document_id: int) -> bool:
    """Say whether a paper lies ready for somebody or is out."""
    promised = select(LoanItem.id).where(
        LoanItem.document_id == document_id, LoanItem.takes_paper, LoanItem.state.in_(sorted(PROMISED_STATES))
    )
    return session.scalar(promised.limit(1)) is not None


def _first_in_line(session: Session, document_id: int, today: date) -> int | None:
    """Return the item whose turn it is; a reservation for a later day does not hold up those behind it."""
    return session.scalar(
        select(LoanItem.id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .where(
            LoanItem.document_id == document_id,
            LoanItem.takes_paper,
            LoanItem.state == LoanState.WAITING.value,
            or_(LoanRequest.wanted_from.is_(None), LoanRequest.wanted_from <= today),
        )
        .order_by(LoanItem.queued_at, LoanItem.id)
        .limit(1)
    )


def _call(session: Session, document: Document, item_id: int, *, now: datetime, today: date) -> None:
    item = lock_item(session, item_id)
    if item.state != LoanState.WAITING.value:
        return
    take_step(session, None, item, LoanStep.CALL, now=now)
    item.ready_until = add_working_days(today, ready_days(setting(session, READY_DAYS)), calendar_of(session))
    request = session.get_one(LoanRequest, item.request_id)
    details = {"number": request.number, "until": item.ready_until.isoformat()}
    notify(session, request.borrower_id, "loan_ready", now=now, path=path_of(request), details=details)
    trail.record(
        session, None, "loan_ready", papers.paper_subject(document), now=now, after={"request": request.number}
    )
