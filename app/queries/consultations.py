"""Reads for the screens of consultations: lists and one consultation, masked; who may be asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.consultations import is_correctable
from app.domain.errors import NotFound
from app.domain.masking import mask_name, mask_phone
from app.domain.normal import clean_name, clean_phone, compact_number
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action, Target, may
from app.models.accounts import Account, Branch
from app.models.cases import Case
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.fields import field_cipher
from app.models.policies import Policy
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.lookups import customer_lookups
from app.queries.visibility import cases_for, claims_for, consultations_for, customers_for, policies_for

PAGE_SIZE = 50
MOST_FOUND = 50
MOST_LINES = 30
SORTS = {
    "asked": Sort(Consultation.asked_at, Consultation.id, descending=True),
    "asked_asc": Sort(Consultation.asked_at, Consultation.id),
    "number": Sort(Consultation.number, Consultation.id),
    "number_desc": Sort(Consultation.number, Consultation.id, descending=True),
    "due": Sort(Consultation.follow_up_on, Consultation.id),
}


@dataclass(frozen=True, slots=True)
class ConsultationFilter:
    """What a list is narrowed to; `text` is a whole name, phone or number, or the beginning of a customer's name."""

    text: str = ""
    result: str = ""
    topic: str = ""
    channel: str = ""
    branch_id: int | None = None
    asked_from: date | None = None
    asked_to: date | None = None
    open_follow_ups: bool = False


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """A line of a list, masked."""

    id: int
    number: str
    asked_at: datetime
    asker: str
    phone: str
    channel: str
    about: str
    topic: str
    result: str
    follow_up_on: date | None
    closed_at: datetime | None
    branch_name: str
    logged_by: str


@dataclass(frozen=True, slots=True)
class ConsultationDetail:
    """A consultation as its page shows it, masked, with what this reader may do and go to."""

    id: int
    number: str
    branch_id: int
    branch_name: str
    channel: str
    asked_at: datetime
    asker: str
    phone: str
    customer_id: int | None
    customer_number: str
    policy_id: int | None
    policy_number: str
    claim_id: int | None
    claim_number: str
    about: str
    topic: str
    product: str
    question: str
    answer: str
    answer_id: int | None
    result: str
    follow_up_on: date | None
    follow_up_by: str
    follow_up_by_id: int | None
    follow_up_note: str
    closed_at: datetime | None
    case_id: int | None
    case_number: str
    logged_by: str
    logged_at: datetime
    version: int
    sees_customer: bool
    sees_policy: bool
    sees_claim: bool
    sees_case: bool
    may_edit: bool
    may_correct: bool


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A consultation in a customer's file."""

    id: int
    number: str
    asked_at: datetime
    channel: str
    topic: str
    result: str
    closed_at: datetime | None
    policy_id: int | None
    claim_id: int | None


def blind(field: str, value: str) -> str:
    """Return the fingerprint of who asked (`asker`, `phone`), for exact search; empty for nothing."""
    return field_cipher().blind(value, f"consultations.{field}".encode()) if value else ""


def list_consultations(
    session: Session, actor: Actor, wanted: ConsultationFilter, *, sort: str = "asked", cursor: Cursor | None = None
) -> PageOf[ConsultationRow]:
    """Return a page of the consultations that `actor` may see, newest first unless sorted otherwise."""
    order = SORTS.get(sort, SORTS["asked"])
    narrowed = _conditions(session, actor, wanted)
    if order.column is Consultation.follow_up_on:
        narrowed.append(Consultation.follow_up_on.is_not(None))
    counted = [consultations_for(actor, Action.CONSULTATION_VIEW, by_index=not wanted.text), *narrowed]
    total = count_up_to(session, select(Consultation.id).where(*counted))
    found = [consultations_for(actor, Action.CONSULTATION_VIEW), *narrowed] if total > MOST_COUNTED else counted
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_consultation(session: Session, actor: Actor, consultation_id: int, *, now: datetime) -> ConsultationDetail:
    """Return one consultation; raises `NotFound` for one that `actor` may not see."""
    logger, follower = aliased(Account), aliased(Account)
    row = session.execute(
        select(
            Consultation,
            Branch.name,
            Customer.number,
            Customer.kind,
            Policy.number,
            Claim.number,
            Case.number,
            logger.full_name,
            follower.full_name,
            cases_for(actor, Action.CASE_VIEW),
        )
        .join(Branch, Branch.id == Consultation.branch_id)
        .outerjoin(Customer, Customer.id == Consultation.customer_id)
        .outerjoin(Policy, Policy.id == Consultation.policy_id)
        .outerjoin(Claim, Claim.id == Consultation.claim_id)
        .outerjoin(Case, Case.id == Consultation.case_id)
        .outerjoin(logger, logger.id == Consultation.logged_by)
        .outerjoin(follower, follower.id == Consultation.follow_up_by)
        .where(Consultation.id == consultation_id, consultations_for(actor, Action.CONSULTATION_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(actor, row, _seen(session, actor, row[0]), now)


def consultations_of_customer(session: Session, actor: Actor, customer_id: int) -> Sequence[ConsultationLine]:
    """Return the newest consultations of a customer that `actor` may see."""
    rows = session.execute(
        select(
            Consultation.id,
            Consultation.number,
            Consultation.asked_at,
            Consultation.channel,
            Consultation.topic,
            Consultation.result,
            Consultation.closed_at,
            Consultation.policy_id,
            Consultation.claim_id,
        )
        .where(Consultation.customer_id == customer_id, consultations_for(actor, Action.CONSULTATION_VIEW))
        .order_by(Consultation.asked_at.desc(), Consultation.id)
        .limit(MOST_LINES)
    )
    return [ConsultationLine(*row) for row in rows]


def _conditions(session: Session, actor: Actor, wanted: ConsultationFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(_found_by(session, actor, wanted.text))
    plain = (("result", Consultation.result), ("topic", Consultation.topic), ("channel", Consultation.channel))
    conditions += [column == value for name, column in plain if (value := getattr(wanted, name))]
    if wanted.branch_id is not None:
        conditions.append(Consultation.branch_id == wanted.branch_id)
    if wanted.asked_from is not None:
        conditions.append(Consultation.asked_at >= first_moment(wanted.asked_from))
    if wanted.asked_to is not None:
        conditions.append(Consultation.asked_at <= last_moment(wanted.asked_to))
    if wanted.open_follow_ups:
        conditions += [Consultation.result == "follow_up", Consultation.closed_at.is_(None)]
    return conditions


def _found_by(session: Session, actor: Actor, text: str) -> ColumnElement[bool]:
    """Return what was asked under a number, name or phone, or by a customer who is found so: each by an index."""
    customers: set[int] = set()
    for lookup in customer_lookups(text.strip()):
        found = select(Customer.id).where(lookup, customers_for(actor, Action.CUSTOMER_VIEW)).limit(MOST_FOUND)
        customers.update(session.scalars(found))
    phones = sorted({clean_phone(text), compact_number(text)} - {""})
    return or_(
        Consultation.number == text.strip().upper(),
        Consultation.asker_blind == blind("asker", clean_name(text)),
        Consultation.phone_blind.in_([blind("phone", phone) for phone in phones]),
        Consultation.customer_id.in_(sorted(customers)),
    )


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Consultation.number,
            Consultation.asked_at,
            Consultation.asker,
            Customer.kind.label("kind"),
            Consultation.phone,
            Consultation.channel,
            Consultation.about,
            Consultation.topic,
            Consultation.result,
            Consultation.follow_up_on,
            Consultation.closed_at,
            Branch.name.label("branch_name"),
            Account.full_name.label("logged_by"),
            order.column,
            Consultation.id,
        )
        .join(Branch, Branch.id == Consultation.branch_id)
        .outerjoin(Customer, Customer.id == Consultation.customer_id)
        .outerjoin(Account, Account.id == Consultation.logged_by)
    )


def _make_row(row: Any) -> ConsultationRow:
    plain = "id number asked_at channel about topic result follow_up_on closed_at branch_name"
    return ConsultationRow(
        **{name: getattr(row, name) for name in plain.split()},
        asker=mask_name(row.asker, is_organisation=row.kind == "organisation"),
        phone=mask_phone(row.phone) if row.phone else "",
        logged_by=row.logged_by or "",
    )


_PLAIN = (
    *("id", "number", "branch_id", "channel", "asked_at", "customer_id", "policy_id", "claim_id", "about", "topic"),
    *("product", "question", "answer", "answer_id", "result", "follow_up_on", "follow_up_note", "closed_at", "case_id"),
    *("logged_at", "version"),
)


def _seen(session: Session, actor: Actor, asked: Consultation) -> dict[str, Any]:
    """Say which things of a consultation `actor` may open; a policy may be another's whom he may not see."""
    things: tuple[tuple[str, Any, int | None, ColumnElement[bool]], ...] = (
        ("customer", Customer, asked.customer_id, customers_for(actor, Action.CUSTOMER_VIEW)),
        ("policy", Policy, asked.policy_id, policies_for(actor, Action.POLICY_VIEW)),
        ("claim", Claim, asked.claim_id, claims_for(actor, Action.CLAIM_VIEW)),
    )
    seen: dict[str, Any] = {}
    for name, model, thing_id, condition in things:
        statement = (
            select(model.id) if model is Customer else select(model.id).join(Customer, Customer.id == model.customer_id)
        )
        found = session.scalar(statement.where(model.id == thing_id, condition)) if thing_id is not None else None
        seen[f"sees_{name}"] = found is not None
    return seen


def _make_detail(actor: Actor, row: Any, seen: dict[str, Any], now: datetime) -> ConsultationDetail:
    asked, branch_name, customer_number, kind, policy_number, claim_number, case_number, logged_by, follower, case = row
    may_edit = may(actor, Action.CONSULTATION_EDIT, Target(asked.branch_id, asked.level))
    return ConsultationDetail(
        **{name: getattr(asked, name) for name in _PLAIN},
        branch_name=branch_name,
        asker=mask_name(asked.asker, is_organisation=kind == "organisation"),
        phone=mask_phone(asked.phone) if asked.phone else "",
        customer_number=customer_number or "",
        policy_number=policy_number or "",
        claim_number=claim_number or "",
        case_number=(case_number or "") if case else "",
        logged_by=logged_by or "",
        follow_up_by=follower or "",
        follow_up_by_id=asked.follow_up_by,
        sees_case=bool(case),
        **seen,
        may_edit=may_edit,
        may_correct=may_edit and is_correctable(asked.closed_at, asked.logged_at, asked.case_id, now),
    )
