"""借阅登记簿: every item that was handed out, in the order of its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanDecision, LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Signature
from app.queries.register_rows.borrowers import borrower_name, borrower_phone, borrower_unit, purpose_word
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, papers_reached, reached, within
from app.queries.register_rows.words import CONDITIONS, LEVELS, SIGNED, WAYS, say


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(LoanItem.id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            LoanItem.out_at.is_not(None),
            reached(actor, LoanRequest.branch_id, LoanRequest.level),
            papers_reached(actor, LoanRequest.branch_id),
            *within(wanted, LoanRequest.branch_id, LoanItem.out_at),
        )
        .order_by(LoanItem.out_at, LoanItem.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(LoanItem, LoanRequest, Document, Account.full_name, Branch.name)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .where(LoanItem.id.in_(keys))
    ).all()
    requests = {request.id for _, request, *_ in found}
    approvers, signed = _approvers(session, requests), _signed(session, requests | set(keys))
    names = names_of(session, [item.out_by for item, *_ in found])
    return {
        item.id: _row(
            *(item, request, document, colleague, branch),
            approver=approvers[request.id],
            signature=SIGNED if {item.id, request.id} & signed else "",
            clerk=names.get(item.out_by, ""),
        )
        for item, request, document, colleague, branch in found
    }


def _row(
    item: LoanItem,
    request: LoanRequest,
    document: Document,
    colleague: str,
    branch: str,
    *,
    approver: str,
    signature: str,
    clerk: str,
) -> Row:
    return [
        catalogue_day(item.out_at),
        borrower_name(request, colleague),
        borrower_unit(request, branch),
        borrower_phone(request),
        document.archive_number or "",
        document.title,
        f"{'1卷内件' if item.asked_as == 'volume' else '1件'}/{item.pages_out or document.page_count}页",
        LEVELS[document.level],
        purpose_word(request),
        say(WAYS, request.way),
        approver,
        day_in_catalogue(item.due_on),
        signature,
        catalogue_day(item.back_at),
        say(CONDITIONS, item.condition),
        clerk,
        item.damage_note or ("遗失" if item.state == "lost" else ""),
    ]


def _approvers(session: Session, requests: set[int]) -> defaultdict[int, str]:
    """Return who approved each request, in the order of its chain."""
    rows = session.execute(
        select(LoanDecision.request_id, Account.full_name)
        .join(Account, Account.id == LoanDecision.account_id)
        .where(LoanDecision.request_id.in_(requests), LoanDecision.approved)
        .order_by(LoanDecision.request_id, LoanDecision.step)
    )
    names: defaultdict[int, str] = defaultdict(str)
    for request_id, name in rows:
        names[request_id] = f"{names[request_id]}、{name}" if names[request_id] else name
    return names


def _signed(session: Session, holders: set[int]) -> set[Any]:
    """Return the loans and items whose borrower signed on a screen."""
    return set(
        session.scalars(
            select(Signature.holder_id).where(
                or_(Signature.holder_kind == "loan", Signature.holder_kind == "loan_item"),
                Signature.holder_id.in_(holders),
                Signature.moment == "out",
                Signature.means == "drawn",
            )
        )
    )


READER = keyed(_keys, _read)
