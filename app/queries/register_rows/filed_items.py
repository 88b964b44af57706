"""归档文件目录: what stands in the archive, in the order of archive numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.masking import mask_author
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.queries.register_rows.reading import BATCH, RegisterReader, Row
from app.queries.register_rows.words import CARRIERS, LEVELS
from app.queries.visibility import documents_for


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


def _count(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
    return session.scalar(_items(actor, wanted, func.count())) or 0


def _rows(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
    last = ""
    while True:
        statement = _items(actor, wanted, Document, Customer.name, Customer.kind)
        statement = statement.where(Document.archive_number > last).order_by(Document.archive_number)
        batch = session.execute(statement.limit(BATCH)).all()
        yield from (_row(*found) for found in batch)
        if len(batch) < BATCH:
            return
        last = batch[-1][0].archive_number or ""
        session.expunge_all()


def _row(item: Document, customer: str, kind: str) -> Row:
    note = "" if item.is_original else "复制件"
    return [
        item.archive_number or "",
        item.document_number,
        mask_author(item.author, customer, is_organisation=kind == "organisation"),
        item.title,
        day_in_catalogue(item.formed_on),
        LEVELS[item.level],
        str(item.page_count),
        note or ("" if item.carrier == "dual" else CARRIERS[item.carrier]),
    ]


READER = RegisterReader(_count, _rows)
