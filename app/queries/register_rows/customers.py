"""客户档案登记簿: customers with what their files hold, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.identity_facts import IdKind
from app.domain.masking import IdMask, mask_identity, mask_name
from app.domain.office_time import first_moment, last_moment, office_day
from app.domain.policy import Action
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Document
from app.models.policies import Policy
from app.queries.register_rows.reading import BATCH, RegisterReader, Row
from app.queries.register_rows.words import KINDS
from app.queries.visibility import customers_for, documents_for


def _conditions(actor: Actor, wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [customers_for(actor, Action.REGISTER_PRINT)]
    if wanted.branch_id is not None:
        conditions.append(Customer.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Customer.created_at >= first_moment(date(wanted.year, 1, 1)))
        conditions.append(Customer.created_at <= last_moment(date(wanted.year, 12, 31)))
    return conditions


def _count(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
    return session.scalar(select(func.count()).select_from(Customer).where(*_conditions(actor, wanted))) or 0


def _rows(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
    counts = [
        select(func.count()).where(model.customer_id == Customer.id).correlate(Customer).scalar_subquery()
        for model in (Policy, Claim)
    ]
    papers = select(func.count()).where(
        Document.customer_id == Customer.id, documents_for(actor, Action.REGISTER_PRINT)
    )
    columns = select(Customer, Branch.name, *counts, papers.correlate(Customer).scalar_subquery())
    statement = columns.join(Branch, Branch.id == Customer.branch_id).where(*_conditions(actor, wanted))
    last = ""
    while True:
        batch = session.execute(statement.where(Customer.number > last).order_by(Customer.number).limit(BATCH)).all()
        yield from (_row(*found) for found in batch)
        if len(batch) < BATCH:
            return
        last = batch[-1][0].number
        session.expunge_all()


def _row(customer: Customer, branch_name: str, policies: int, claims: int, documents: int) -> Row:
    kind = IdKind(customer.id_kind)
    return [
        customer.number,
        mask_name(customer.name, is_organisation=customer.kind == "organisation"),
        KINDS[customer.kind],
        mask_identity(kind, customer.id_number, IdMask.EXPORT) if customer.id_number else "",
        branch_name,
        str(policies),
        str(claims),
        str(documents),
        day_in_catalogue(office_day(customer.created_at)),
        "已结束" if customer.state == "closed" else "",
    ]


READER = RegisterReader(_count, _rows)
