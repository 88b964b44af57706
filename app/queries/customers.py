"""Reads for the customer screens: one select a list, frozen rows, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.customers import Particulars, doubts_about
from app.domain.errors import NotFound
from app.domain.identity_facts import IdKind
from app.domain.masking import (
    mask_address,
    mask_bank_card,
    mask_email,
    mask_health,
    mask_identity,
    mask_income,
    mask_mobile,
    mask_name,
    mask_phone,
)
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.machinery import TrailEntry
from app.models.policies import Policy
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.lookups import customer_lookups
from app.queries.visibility import cases_for, consultations_for, customers_for, documents_for, policies_for

PAGE_SIZE = 50
SORTS = {
    "updated": Sort(Customer.updated_at, Customer.id, descending=True),
    "updated_asc": Sort(Customer.updated_at, Customer.id),
    "name": Sort(Customer.name_sort, Customer.id),
    "name_desc": Sort(Customer.name_sort, Customer.id, descending=True),
    "number": Sort(Customer.number, Customer.id),
    "number_desc": Sort(Customer.number, Customer.id, descending=True),
}


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What a list is narrowed to; empty means no limit. `text` is part of a name, a whole number or an id number."""

    text: str = ""
    kind: str = ""
    branch_id: int | None = None
    agent_id: int | None = None
    level: int | None = None
    state: str = ""
    expires_from: date | None = None  # the identity paper
    expires_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        """True when what is looked for has an index that finds few rows by itself."""
        return bool(self.text) or self.expires_from is not None or self.expires_to is not None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A line of the customer list, masked."""

    id: int
    number: str
    kind: str
    name: str
    id_number: str
    mobile: str
    birth_date: date | None
    branch_name: str
    agent_name: str
    level: int
    state: str
    policies: int
    documents: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A class of the archive with how many items of it this customer has, as far as the reader may see."""

    id: int
    parent_id: int | None
    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a customer's file."""

    at: datetime
    event: str
    who: str
    reason: str
    object_label: str


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """A customer as its page shows it: masked, with counts."""

    id: int
    number: str
    kind: str
    name: str
    state: str
    level: int
    branch_id: int
    branch_name: str
    agent_id: int | None
    agent_name: str
    id_kind: str
    id_number: str
    id_expires_on: date | None
    id_never_expires: bool
    sex: str | None
    birth_date: date | None
    nationality: str
    marital_status: str | None
    mobile: str
    phone: str
    email: str
    address: str
    postcode: str
    bank_name: str
    bank_account: str
    occupation: str
    employer: str
    annual_income: str
    income_source: str
    health_notice: str
    medical_history: str
    legal_representative: str
    contact_person: str
    industry: str
    remark: str
    created_at: datetime
    updated_at: datetime
    version: int


def list_customers(
    session: Session, actor: Actor, wanted: CustomerFilter, *, sort: str = "updated", cursor: Cursor | None = None
) -> PageOf[CustomerRow]:
    """Return a page of the customers that `actor` may list."""
    order = SORTS.get(sort, SORTS["updated"])
    narrowed = _conditions(wanted)
    found = [customers_for(actor, Action.CUSTOMER_LIST, by_index=not wanted.is_narrow), *narrowed]
    total = count_up_to(session, select(Customer.id).where(*found))
    if total > MOST_COUNTED or wanted.is_narrow:
        found = [customers_for(actor, Action.CUSTOMER_LIST), *narrowed]
    page = read_page(
        session,
        _row_columns(order).where(*found),
        order,
        cursor,
        size=PAGE_SIZE,
        total=total,
        make=_make_row,
        most=MOST_COUNTED,
    )
    return replace(page, items=_with_counts(session, actor, page.items))


def read_customer(session: Session, actor: Actor, customer_id: int) -> CustomerDetail:
    """Return one customer, masked; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(Customer, Branch.name, Account.full_name)
        .join(Branch, Branch.id == Customer.branch_id)
        .outerjoin(Account, Account.id == Customer.agent_id)
        .where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    ).first()
    if row is None:
        raise NotFound
    customer, branch_name, agent_name = row
    return _make_detail(customer, branch_name, agent_name or "")


def count_by_category(session: Session, actor: Actor, customer_id: int) -> Sequence[CategoryCount]:
    """Return every class with the number of this customer's items that `actor` may see, in the order of the scheme."""
    counts = (
        select(Document.category_id, func.count().label("count"))
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.customer_id == customer_id, documents_for(actor, Action.DOCUMENT_VIEW))
        .group_by(Document.category_id)
        .subquery()
    )
    rows = session.execute(
        select(Category.id, Category.parent_id, Category.code, Category.name, func.coalesce(counts.c.count, 0))
        .outerjoin(counts, counts.c.category_id == Category.id)
        .where(or_(Category.active, counts.c.count > 0))
        .order_by(Category.position, Category.code)
    )
    return [CategoryCount(*row) for row in rows]


def latest_events(session: Session, actor: Actor, customer_id: int, *, limit: int = 8) -> Sequence[Event]:
    """Return the newest entries of the trail about a customer and what `actor` may see of his file and complaints."""
    papers = select(Document.id).join(Customer, Customer.id == Document.customer_id)
    seen = papers.where(Document.customer_id == customer_id, documents_for(actor, Action.DOCUMENT_VIEW))
    cases = select(Case.id).where(Case.customer_id == customer_id, cases_for(actor, Action.CASE_VIEW))
    asked = select(Consultation.id).where(
        Consultation.customer_id == customer_id, consultations_for(actor, Action.CONSULTATION_VIEW)
    )
    rows = session.execute(
        select(TrailEntry.at, TrailEntry.event, TrailEntry.account_name, TrailEntry.reason, TrailEntry.object_label)
        .where(
            TrailEntry.customer_id == customer_id,
            TrailEntry.outcome == "done",
            or_(TrailEntry.object_kind != "document", TrailEntry.object_id.in_(seen)),
            or_(TrailEntry.object_kind != "case", TrailEntry.object_id.in_(cases)),
            or_(TrailEntry.object_kind != "consultation", TrailEntry.object_id.in_(asked)),
        )
        .order_by(TrailEntry.sequence.desc())
        .limit(limit)
    )
    return [Event(*row) for row in rows]


def particulars_for_editing(session: Session, actor: Actor, customer_id: int) -> tuple[Particulars, str, int]:
    """Return the fields that a form may show in clear, the number and the version; sealed fields stay out."""
    customer = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_EDIT))
    )
    if customer is None:
        raise NotFound
    plain = Particulars(
        kind=customer.kind,
        name=customer.name,
        branch_id=customer.branch_id,
        agent_id=customer.agent_id,
        level=customer.level,
        id_kind=customer.id_kind,
        id_expires_on=customer.id_expires_on,
        id_never_expires=customer.id_never_expires,
        sex=customer.sex,
        birth_date=customer.birth_date,
        nationality=customer.nationality,
        marital_status=customer.marital_status,
        address=customer.address,
        postcode=customer.postcode,
        bank_name=customer.bank_name,
        occupation=customer.occupation,
        employer=customer.employer,
        income_source=customer.income_source,
        legal_representative=customer.legal_representative,
        contact_person=customer.contact_person,
        industry=customer.industry,
        remark=customer.remark,
    )
    return plain, customer.number, customer.version


def _conditions(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(or_(*customer_lookups(wanted.text)))
    if wanted.kind:
        conditions.append(Customer.kind == wanted.kind)
    if wanted.branch_id is not None:
        conditions.append(Customer.branch_id == wanted.branch_id)
    if wanted.agent_id is not None:
        conditions.append(Customer.agent_id == wanted.agent_id)
    if wanted.level is not None:
        conditions.append(Customer.level == wanted.level)
    if wanted.state:
        conditions.append(Customer.state == wanted.state)
    if wanted.expires_from is not None:
        conditions.append(Customer.id_expires_on >= wanted.expires_from)
    if wanted.expires_to is not None:
        conditions.append(Customer.id_expires_on <= wanted.expires_to)
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Customer.number,
            Customer.kind,
            Customer.name,
            Customer.id_kind,
            Customer.id_number,
            Customer.mobile,
            Customer.birth_date,
            Branch.name.label("branch_name"),
            Account.full_name.label("agent_name"),
            Customer.level,
            Customer.state,
            Customer.updated_at,
            order.column,
            Customer.id,
        )
        .join(Branch, Branch.id == Customer.branch_id)
        .outerjoin(Account, Account.id == Customer.agent_id)
    )


def _with_counts(session: Session, actor: Actor, rows: Sequence[CustomerRow]) -> list[CustomerRow]:
    """Return the rows with the numbers of their policies and items, counted for this page alone."""
    ids = [row.id for row in rows]
    policies = select(Policy.customer_id, func.count()).join(Customer, Customer.id == Policy.customer_id)
    documents = select(Document.customer_id, func.count()).join(Customer, Customer.id == Document.customer_id)
    of_policies = policies.where(Policy.customer_id.in_(ids), policies_for(actor, Action.POLICY_VIEW))
    of_documents = documents.where(Document.customer_id.in_(ids), documents_for(actor, Action.DOCUMENT_VIEW))
    policy_counts = {key: value for key, value in session.execute(of_policies.group_by(Policy.customer_id))}
    document_counts = {key: value for key, value in session.execute(of_documents.group_by(Document.customer_id))}
    return [
        replace(row, policies=policy_counts.get(row.id, 0), documents=document_counts.get(row.id, 0)) for row in rows
    ]


def _make_row(row: Any) -> CustomerRow:
    return CustomerRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        name=mask_name(row.name, is_organisation=row.kind == "organisation"),
        id_number=mask_identity(IdKind(row.id_kind), row.id_number) if row.id_number else "",
        mobile=mask_mobile(row.mobile) if row.mobile else "",
        birth_date=row.birth_date,
        branch_name=row.branch_name,
        agent_name=row.agent_name or "",
        level=row.level,
        state=row.state,
        policies=0,
        documents=0,
        updated_at=row.updated_at,
    )


def _make_detail(customer: Customer, branch_name: str, agent_name: str) -> CustomerDetail:
    plain = (
        "id number kind state level branch_id agent_id id_kind id_expires_on id_never_expires sex birth_date "
        "nationality marital_status postcode bank_name occupation employer income_source legal_representative "
        "contact_person industry remark created_at updated_at version"
    )
    return CustomerDetail(
        **{name: getattr(customer, name) for name in plain.split()},
        name=mask_name(customer.name, is_organisation=customer.kind == "organisation"),
        branch_name=branch_name,
        agent_name=agent_name,
        id_number=mask_identity(IdKind(customer.id_kind), customer.id_number),
        mobile=mask_mobile(customer.mobile) if customer.mobile else "",
        phone=mask_phone(customer.phone) if customer.phone else "",
        email=mask_email(customer.email) if customer.email else "",
        address=mask_address(customer.address),
        bank_account=mask_bank_card(customer.bank_account) if customer.bank_account else "",
        annual_income=mask_income(int(customer.annual_income)) if customer.annual_income else "",
        health_notice=mask_health(customer.health_notice) if customer.health_notice else "",
        medical_history=mask_health(customer.medical_history) if customer.medical_history else "",
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a customer's file lacks or that is due; `code` finds the sentence, `basis` the rule."""

    code: str
    basis: str
    tone: str = "seal"


EXPIRES_SOON_DAYS = 60
# As many policy holders with one mobile number are a sign that it is their agent's.
SHARED_BY_HOLDERS = 3
DOUBT_BASIS = "准确性"


def missing_particulars(customer: CustomerDetail, categories: Sequence[CategoryCount], today: date) -> list[Gap]:
    """Return what the file lacks: particulars of the first class, and classes without any item that must have one."""
    counts = {row.code: row.count for row in categories}
    checks = (
        (not customer.id_number, "no_id_number", "反洗钱法 第二十九条"),
        (customer.kind == "person" and not customer.birth_date, "no_birth_date", "准确性"),
        (not customer.mobile and not customer.phone, "no_contact", "完整性"),
        (not customer.address, "no_address", "完整性"),
        (
            bool(customer.id_number) and not customer.id_expires_on and not customer.id_never_expires,
            "no_expiry",
            "反洗钱法 第三十四条",
        ),
        (counts.get("11", 0) == 0 and bool(customer.id_number), "no_identity_paper", "反洗钱法 第三十四条"),
    )
    gaps = [Gap(code, basis) for applies, code, basis in checks if applies]
    if customer.id_expires_on is not None:
        days = (customer.id_expires_on - today).days
        if days < 0:
            gaps.append(Gap("id_expired", "反洗钱法 第三十四条"))
        elif days < EXPIRES_SOON_DAYS:
            gaps.append(Gap("id_expires_soon", "反洗钱法 第三十四条", "warn"))
    return gaps


def doubtful_particulars(session: Session, actor: Actor, customer_id: int, today: date) -> list[Gap]:
    """Return what a person should look at although it was accepted: the number, a mobile that many holders left.

    Holders out of the actor's reach are not counted, so that the warning tells nothing of them.
    """
    wanted = select(Customer.id_kind, Customer.id_number, Customer.mobile_blind).where(Customer.id == customer_id)
    id_kind, id_number, mobile_blind = session.execute(wanted).one()
    doubts: list[str] = [doubt.value for doubt in doubts_about(id_kind, id_number, today)]
    other = customers_for(actor, Action.CUSTOMER_VIEW)
    holds = exists().where(Policy.customer_id == Customer.id)
    same = select(Customer.id).where(Customer.mobile_blind == mobile_blind, holds, other).limit(SHARED_BY_HOLDERS)
    if mobile_blind is not None and len(session.scalars(same).all()) == SHARED_BY_HOLDERS:
        doubts.append("mobile_shared")
    return [Gap(code, DOUBT_BASIS, "warn") for code in doubts]
