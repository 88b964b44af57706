"""Reads for the page of one borrowing request: its items, its history, its decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.loans import LoanState
from app.domain.masking import mask_id_number, mask_name, mask_phone
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanDecision, LoanEvent, LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.queries.visibility import documents_for, loans_for

# From here on the borrower is told what it is that he was given.
_GIVEN = (LoanState.READY, LoanState.OUT, LoanState.RETURNED, LoanState.LOST, LoanState.WAITING, LoanState.EXPIRED)


@dataclass(frozen=True, slots=True)
class LoanDetail:
    """A request as its page shows it; what somebody from outside showed is masked."""

    id: int
    number: str
    state: str
    way: str
    level: int
    purpose: str
    purpose_note: str
    days: int
    wanted_from: date | None
    approvers: tuple[str, ...]
    steps_done: int
    renewals_left: int
    on_site_only: bool
    may_print: bool
    may_copy: bool
    branch_id: int
    branch_name: str
    borrower_id: int
    borrower: str
    borrower_branch: str
    external_kind: str
    external_name: str
    external_unit: str
    external_phone: str
    external_papers: Mapping[str, str]
    effect: str
    effect_note: str
    asked_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class LoanLine:
    """An item of a request; title and customer are empty until the reader may know them."""

    id: int
    document_id: int
    archive_number: str
    title: str
    customer_name: str
    category_name: str
    level: int
    page_count: int
    asked_as: str
    takes_paper: bool
    state: str
    whereabouts: str
    due_on: date | None
    renewals: int  # how often it was renewed
    ready_until: date | None
    ahead: int  # how many are in line before it
    may_view: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the history."""

    at: datetime
    step: str
    who: str
    archive_number: str
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided."""

    step: int
    approver: str
    who: str
    approved: bool
    reason: str
    at: datetime


def read_loan(session: Session, actor: Actor, request_id: int) -> LoanDetail:
    """Return one request; raises `NotFound` for one that `actor` may not see."""
    keeping = aliased(Branch)
    row = session.execute(
        select(LoanRequest, keeping.name, Account.full_name, Branch.name)
        .join(keeping, keeping.id == LoanRequest.branch_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .where(LoanRequest.id == request_id, loans_for(actor, Action.LOAN_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(*row)


def read_lines(session: Session, actor: Actor, loan: LoanDetail) -> Sequence[LoanLine]:
    """Return the items of a request in the order of their archive numbers."""
    rows = session.execute(
        select(
            LoanItem.id,
            LoanItem.document_id,
            Document.archive_number,
            Document.title,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Category.name.label("category_name"),
            case((Customer.level > Document.level, Customer.level), else_=Document.level).label("level"),
            Document.page_count,
            LoanItem.asked_as,
            LoanItem.takes_paper,
            LoanItem.state,
            Document.whereabouts,
            LoanItem.due_on,
            LoanItem.renewals,
            LoanItem.ready_until,
            _ahead().label("ahead"),
            documents_for(actor, Action.DOCUMENT_VIEW).label("may_view"),
        )
        .join(Document, Document.id == LoanItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(LoanItem.request_id == loan.id)
        .order_by(Document.archive_number, LoanItem.id)
    )
    is_mine = loan.borrower_id == actor.account_id
    return [_make_line(row, is_mine=is_mine) for row in rows]


def read_history(session: Session, request_id: int) -> Sequence[Happening]:
    """Return what happened to the items, newest first."""
    rows = session.execute(
        select(LoanEvent.at, LoanEvent.step, Account.full_name, Document.archive_number, LoanEvent.note)
        .join(LoanItem, LoanItem.id == LoanEvent.item_id)
        .join(Document, Document.id == LoanItem.document_id)
        .outerjoin(Account, Account.id == LoanEvent.account_id)
        .where(LoanItem.request_id == request_id)
        .order_by(LoanEvent.at.desc(), LoanEvent.ordinal.desc())
        .limit(200)
    )
    return [Happening(at, step, who or "", number or "", note) for at, step, who, number, note in rows]


def read_decisions(session: Session, request_id: int) -> Sequence[Decision]:
    """Return the decisions in the order of the chain."""
    rows = session.execute(
        select(
            LoanDecision.step,
            LoanDecision.approver,
            Account.full_name,
            LoanDecision.approved,
            LoanDecision.reason,
            LoanDecision.at,
        )
        .join(Account, Account.id == LoanDecision.account_id)
        .where(LoanDecision.request_id == request_id)
        .order_by(LoanDecision.step)
    )
    return [Decision(*row) for row in rows]


def _ahead() -> Any:
    other = aliased(LoanItem)
    before = or_(
        other.state.in_((LoanState.READY.value, LoanState.OUT.value)),
        (other.state == LoanState.WAITING.value) & (other.queued_at < LoanItem.queued_at),
    )
    line = (other.document_id == LoanItem.document_id, other.takes_paper, other.id != LoanItem.id, before)
    return select(func.count()).select_from(other).where(*line).correlate(LoanItem).scalar_subquery()


def _make_line(row: Any, *, is_mine: bool) -> LoanLine:
    values = row._asdict()
    organisation = values.pop("customer_kind") == "organisation"
    known = values["may_view"] or (is_mine and values["state"] in _GIVEN)
    name = mask_name(values["customer_name"], is_organisation=organisation)
    values |= {"title": values["title"] if known else "", "customer_name": name if known else ""}
    values["archive_number"] = values["archive_number"] or ""
    return LoanLine(**values)


def _make_detail(request: LoanRequest, branch: str, borrower: str, borrower_branch: str) -> LoanDetail:
    papers: dict[str, str] = json.loads(request.external_papers) if request.external_papers else {}
    plain = """id number state way level purpose purpose_note days wanted_from steps_done renewals_left on_site_only
        may_print may_copy branch_id borrower_id external_kind external_unit effect effect_note asked_at decided_at
        closed_at version"""
    return LoanDetail(
        **{name: getattr(request, name) for name in plain.split()},
        approvers=tuple(request.approvers.split()),
        branch_name=branch,
        borrower=borrower,
        borrower_branch=borrower_branch,
        external_name=mask_name(request.external_name) if request.external_name else "",
        external_phone=mask_phone(request.external_phone) if request.external_phone else "",
        external_papers={name: _mask_paper(name, text) for name, text in papers.items()},
    )


def _mask_paper(name: str, text: str) -> str:
    """Numbers of letters and bags are the office's; what names a person is not shown whole."""
    if name in ("letter", "bag"):
        return text
    return mask_id_number(text)
