"""Papers that can be lent, and requests for them as they are after their approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.loans import LoanStep
from app.models.borrowing import LoanItem, LoanRequest, LoanRule
from app.models.documents import Document
from app.services.loan_queue import call_next
from app.services.loan_steps import take_step
from tests.cast import EAST, NOW, PEOPLE
from tests.records import TODAY, make_customer, make_document


def make_paper(session: Session, customer_id: int = 0, **fields: Any) -> int:
    """Return a filed paper on its shelf."""
    document_id = make_document(session, customer_id or make_customer(session))
    document = session.get_one(Document, document_id)
    plain = {"state": "filed", "archive_number": f"J019-CB-{document_id}", "whereabouts": "shelf"}
    for name, value in {**plain, **fields}.items():
        setattr(document, name, value)
    session.flush()
    return document_id


def make_loan(
    session: Session,
    documents: list[int],
    borrower: str = "clerk",
    *,
    now: datetime = NOW,
    today: date = TODAY,
    called: bool = True,
    **fields: Any,
) -> list[int]:
    """Return the items of a request that has been approved; whoever is next in line is called."""
    plain: dict[str, Any] = {
        "branch_id": EAST,
        "borrower_id": PEOPLE[borrower][0],
        "borrower_branch_id": PEOPLE[borrower][3],
        "rule_id": any_rule(session),
        "way": "lend",
        "state": "open",
        "level": 2,
        "purpose": "claim",
        "days": 10,
        "renewals_left": 1,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "asked_at": now,
    }
    request = LoanRequest(id=new_id(), number="", **{**plain, **fields})
    request.number = f"JY2026-{request.id % 1_000_000:06d}"
    session.add(request)
    session.flush()
    items = [LoanItem(id=new_id(), request_id=request.id, document_id=d, takes_paper=True) for d in documents]
    session.add_all(items)
    session.flush()
    for item in items:
        take_step(session, None, item, LoanStep.APPROVE, now=now)
        item.queued_at = now
    session.flush()
    for document_id in sorted(documents) if called else []:
        call_next(session, document_id, now=now, today=today)
    return [item.id for item in items]


def any_rule(session: Session) -> int:
    """Return a row of the rule matrix."""
    found = session.scalar(select(LoanRule.id).limit(1))
    if found is not None:
        return found
    rule = LoanRule(id=new_id(), effective_from=date(2026, 1, 1))
    session.add(rule)
    session.flush()
    return rule.id
