"""The rows of registers, read by keyset inside what the actor may print, and the exports that somebody has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.identity_facts import IdKind
from app.domain.masking import IdMask, mask_identity, mask_name
from app.domain.office_time import first_moment, last_moment, office_day
from app.domain.policy import Action
from app.domain.registers import RegisterFilter, RegisterKind, day_in_catalogue
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document, RetentionPeriod
from app.models.machinery import Export, Job
from app.models.policies import Policy
from app.queries.visibility import customers_for, documents_for

BATCH = 500
# Printed forms stay Chinese whatever language the reader's screens have.
LEVELS = {1: "内部", 2: "敏感", 3: "秘密", 4: "机密"}
CARRIERS = {"paper": "纸质", "electronic": "电子", "dual": "双套"}
KINDS = {"person": "个人", "organisation": "单位"}


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A register that somebody asked for, with how far its job is."""

    id: int
    register: str
    serial: str
    state: str
    done: int
    total: int
    fault: str
    rows: int
    pages: int
    created_at: datetime
    expires_at: datetime
    is_there: bool


def count_rows(session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter) -> int:
    """Return how many rows the register would have."""
    if kind is RegisterKind.FILED_ITEMS:
        statement = _items(actor, wanted, func.count())
    else:
        statement = select(func.count()).select_from(Customer).where(*_customer_conditions(actor, wanted))
    return session.scalar(statement) or 0


def register_rows(
    session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter
) -> Iterator[Sequence[str]]:
    """Yield the rows as texts, masked as paper that leaves the house is, in the order of the register."""
    read = _read_items if kind is RegisterKind.FILED_ITEMS else _read_customers
    for position, row in enumerate(read(session, actor, wanted), start=1):
        yield [str(position), *row]


def describe_filter(session: Session, kind: RegisterKind, wanted: RegisterFilter) -> list[str]:
    """Return the filter in words, as it is printed on the register."""
    lines = []
    if wanted.branch_id is not None:
        name = session.scalar(select(Branch.name).where(Branch.id == wanted.branch_id))
        lines.append(f"机构：{name or '—'}")
    else:
        lines.append("机构：权限内全部")
    if wanted.year is not None:
        lines.append(f"{'年度' if kind is RegisterKind.FILED_ITEMS else '建档年度'}：{wanted.year}")
    if wanted.category:
        name = session.scalar(select(Category.name).where(Category.code == wanted.category))
        lines.append(f"类别：{name or wanted.category}")
    if wanted.period:
        label = session.scalar(select(RetentionPeriod.label).where(RetentionPeriod.code == wanted.period))
        lines.append(f"保管期限：{label or wanted.period}")
    if wanted.filed_from or wanted.filed_to:
        lines.append(f"归档日期：{wanted.filed_from or '起'} 至 {wanted.filed_to or '今'}")
    return lines


def exports_of(session: Session, account_id: int, *, now: datetime, limit: int = 30) -> Sequence[ExportRow]:
    """Return somebody's own exports, newest first."""
    return [
        _export_row(export, job, now)
        for export, job in session.execute(
            select(Export, Job)
            .join(Job, Job.id == Export.job_id)
            .where(Export.account_id == account_id)
            .order_by(Export.created_at.desc())
            .limit(limit)
        )
    ]


def _export_row(export: Export, job: Job, now: datetime) -> ExportRow:
    return ExportRow(
        id=export.id,
        register=export.register,
        serial=export.serial,
        state=job.state,
        done=job.done,
        total=job.total,
        fault=job.fault,
        rows=export.rows,
        pages=export.pages,
        created_at=export.created_at,
        expires_at=export.expires_at,
        is_there=export.blob_digest is not None and export.expires_at > now,
    )


def _items(actor: Actor, wanted: RegisterFilter, *columns: Any) -> Select[*tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = [
        Document.archive_number.is_not(None),
        Document.state.in_(("filed", "held")),
        documents_for(actor, Action.REGISTER_PRINT),
    ]
    if wanted.branch_id is not None:
        conditions.append(Document.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Document.formed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.category:
        conditions.append(Category.code.startswith(wanted.category, autoescape=True))
    if wanted.period:
        conditions.append(Document.period == wanted.period)
    if wanted.filed_from is not None:
        conditions.append(Document.filed_at >= first_moment(wanted.filed_from))
    if wanted.filed_to is not None:
        conditions.append(Document.filed_at <= last_moment(wanted.filed_to))
    return (
        select(*columns)
        .select_from(Document)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(*conditions)
    )


def _read_items(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[list[str]]:
    last = ""
    while True:
        statement = _items(actor, wanted, Document, Customer.name, Customer.kind)
        statement = statement.where(Document.archive_number > last).order_by(Document.archive_number)
        batch = session.execute(statement.limit(BATCH)).all()
        for item, customer, kind in batch:
            note = "" if item.is_original else "复制件"
            yield [
                item.archive_number or "",
                item.document_number,
                # Who signed is the customer himself as a rule, and his name leaves the house masked.
                item.author if item.author != customer else mask_name(customer, is_organisation=kind == "organisation"),
                item.title,
                day_in_catalogue(item.formed_on),
                LEVELS[item.level],
                str(item.page_count),
                note or ("" if item.carrier == "dual" else CARRIERS[item.carrier]),
            ]
        if len(batch) < BATCH:
            return
        last = batch[-1][0].archive_number or ""
        session.expunge_all()


def _customer_conditions(actor: Actor, wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [customers_for(actor, Action.REGISTER_PRINT)]
    if wanted.branch_id is not None:
        conditions.append(Customer.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Customer.created_at >= first_moment(date(wanted.year, 1, 1)))
        conditions.append(Customer.created_at <= last_moment(date(wanted.year, 12, 31)))
    return conditions


def _read_customers(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[list[str]]:
    counts = [
        select(func.count()).where(model.customer_id == Customer.id).correlate(Customer).scalar_subquery()
        for model in (Policy, Claim)
    ]
    papers = select(func.count()).where(
        Document.customer_id == Customer.id, documents_for(actor, Action.REGISTER_PRINT)
    )
    columns = select(Customer, Branch.name, *counts, papers.correlate(Customer).scalar_subquery())
    statement = columns.join(Branch, Branch.id == Customer.branch_id).where(*_customer_conditions(actor, wanted))
    last = ""
    while True:
        batch = session.execute(statement.where(Customer.number > last).order_by(Customer.number).limit(BATCH)).all()
        for customer, branch_name, policies, claims, documents in batch:
            yield [
                customer.number,
                mask_name(customer.name, is_organisation=customer.kind == "organisation"),
                KINDS[customer.kind],
                mask_identity(IdKind(customer.id_kind), customer.id_number, IdMask.EXPORT)
                if customer.id_number
                else "",
                branch_name,
                str(policies),
                str(claims),
                str(documents),
                day_in_catalogue(office_day(customer.created_at)),
                "已结束" if customer.state == "closed" else "",
            ]
        if len(batch) < BATCH:
            return
        last = batch[-1][0].number
        session.expunge_all()
