"""Reads for the repair screens and the register of repairs 修复登记表."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.money import format_cents
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.domain.repairs import OPEN_STATES, Finding, from_plain
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import RepairOrder
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import documents_for

PAGE_SIZE = 50
BATCH = 500
OPEN = "open"
ORDER = Sort(RepairOrder.ordered_at, RepairOrder.id, descending=True)
# Printed forms stay Chinese whatever language the reader's screens have.
DAMAGES = {
    "acid": "酸化",
    "aged": "老化",
    "mildew": "霉变",
    "insects": "虫蛀",
    "torn": "撕裂",
    "stain": "污染",
    "incomplete": "残缺",
    "stuck": "粘连",
    "ink_spread": "字迹扩散",
    "faded": "褪色",
}
GRADES = {"slight": "轻度", "medium": "中度", "severe": "严重", "extreme": "特残"}


@dataclass(frozen=True, slots=True)
class RepairFilter:
    """What a list is narrowed to; `state` may be "open", `number` is a repair number or an archive number."""

    state: str = ""
    grade: str = ""
    branch_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class RepairRow:
    """A line of the list of repairs."""

    id: int
    number: str
    state: str
    grade: str
    findings: tuple[Finding, ...]
    repairer: str
    document_id: int
    title: str
    archive_number: str | None
    branch_name: str
    ordered_at: datetime
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class RepairDetail:
    """A repair order as its page shows it, with what this reader may do."""

    id: int
    number: str
    state: str
    grade: str
    findings: tuple[Finding, ...]
    affects_content: bool
    method: str
    materials: str
    cost_cents: int
    repairer: str
    started_on: date | None
    ended_on: date | None
    remark: str
    source: str
    source_id: int | None
    document_id: int
    title: str
    archive_number: str | None
    level: int
    page_count: int
    customer_id: int
    branch_name: str
    ordered_by: str
    ordered_at: datetime
    finished_by: str
    finished_by_id: int | None
    accepted_by: str
    accepted_at: datetime | None
    version: int
    may_run: bool
    may_accept: bool


@dataclass(frozen=True, slots=True)
class Repairable:
    """An item that a repair may be ordered for, as the form names it."""

    id: int
    title: str
    archive_number: str | None
    page_count: int
    whereabouts: str
    customer_id: int


def list_repairs(
    session: Session, actor: Actor, wanted: RepairFilter, *, cursor: Cursor | None = None
) -> PageOf[RepairRow]:
    """Return a page of the repair orders that `actor` may see, newest first."""
    found = [documents_for(actor, Action.STORAGE_VIEW), *_conditions(wanted)]
    total = count_up_to(session, _joined(select(RepairOrder.id)).where(*found))
    statement = _joined(
        select(
            RepairOrder.number,
            RepairOrder.state,
            RepairOrder.grade,
            RepairOrder.damages,
            RepairOrder.repairer,
            RepairOrder.ended_on,
            RepairOrder.document_id,
            Document.title,
            Document.archive_number,
            Branch.name.label("branch_name"),
            RepairOrder.ordered_at,
            RepairOrder.id,
        )
    ).join(Branch, Branch.id == RepairOrder.branch_id)
    statement = statement.where(*found)
    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_repair(session: Session, actor: Actor, repair_id: int) -> RepairDetail:
    """Return one repair order; raises `NotFound` for one that `actor` may not see."""
    orderer, finisher, accepter = aliased(Account), aliased(Account), aliased(Account)
    row = session.execute(
        _joined(
            select(
                RepairOrder,
                Document,
                Branch.name,
                func.coalesce(orderer.full_name, ""),
                func.coalesce(finisher.full_name, ""),
                func.coalesce(accepter.full_name, ""),
                documents_for(actor, Action.REPAIR_RUN),
                documents_for(actor, Action.REPAIR_ACCEPT),
            )
        )
        .join(Branch, Branch.id == RepairOrder.branch_id)
        .outerjoin(orderer, orderer.id == RepairOrder.ordered_by)
        .outerjoin(finisher, finisher.id == RepairOrder.finished_by)
        .outerjoin(accepter, accepter.id == RepairOrder.accepted_by)
        .where(RepairOrder.id == repair_id, documents_for(actor, Action.STORAGE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(actor, *row)


def read_repairable(session: Session, actor: Actor, document_id: int) -> Repairable:
    """Return an item that `actor` may order a repair for; raises `NotFound`."""
    row = session.execute(
        select(
            Document.id,
            Document.title,
            Document.archive_number,
            Document.page_count,
            Document.whereabouts,
            Document.customer_id,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.id == document_id, documents_for(actor, Action.REPAIR_RUN))
    ).first()
    if row is None:
        raise NotFound
    return Repairable(*row)


def photo_digests(session: Session, actor: Actor, photo_id: int) -> tuple[str, str]:
    """Return image and thumbnail of a repair's photo that `actor` may look at; raises `NotFound`."""
    row = session.execute(
        _joined(select(Photo.image_digest, Photo.thumbnail_digest).select_from(RepairOrder))
        .join(Photo, and_(Photo.holder_kind == "repair", Photo.holder_id == RepairOrder.id))
        .where(Photo.id == photo_id, documents_for(actor, Action.STORAGE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def repair_rows(
    session: Session,
    actor: Actor,
    *,
    branch_id: int | None = None,
    ordered_from: date | None = None,
    ordered_to: date | None = None,
) -> Iterator[Sequence[str]]:
    """Yield the lines of 修复登记表 (DOMAIN 3.8) as texts, oldest first.

    档号, 病害类型, 等级, 修前照片, 修复方法, 材料, 修复人, 起止日期, 修后照片, 验收人, 费用, 是否影响内容
    """
    accepter = aliased(Account)
    conditions = [documents_for(actor, Action.REGISTER_PRINT), RepairOrder.state != "cancelled"]
    if branch_id is not None:
        conditions.append(RepairOrder.branch_id == branch_id)
    if ordered_from is not None:
        conditions.append(RepairOrder.ordered_at >= first_moment(ordered_from))
    if ordered_to is not None:
        conditions.append(RepairOrder.ordered_at <= last_moment(ordered_to))
    statement = (
        _joined(select(RepairOrder, Document.archive_number, accepter.full_name, _has("before"), _has("after")))
        .outerjoin(accepter, accepter.id == RepairOrder.accepted_by)
        .where(*conditions)
        .order_by(RepairOrder.number)
    )
    last = ""
    while True:
        batch = session.execute(statement.where(RepairOrder.number > last).limit(BATCH)).all()
        for row in batch:
            yield _register_line(*row)
        if len(batch) < BATCH:
            return
        last = batch[-1][0].number
        session.expunge_all()


def _register_line(
    repair: RepairOrder, archive_number: str | None, accepter: str | None, before: bool, after: bool
) -> list[str]:
    days = [f"{day:%Y%m%d}" for day in (repair.started_on, repair.ended_on) if day]
    return [
        archive_number or "",
        "、".join(DAMAGES[row["kind"]] for row in repair.damages),
        GRADES[repair.grade],
        "有" if before else "无",
        repair.method,
        repair.materials,
        repair.repairer,
        "—".join(days),
        "有" if after else "无",
        accepter or "",
        format_cents(repair.cost_cents) if repair.cost_cents else "",
        "是" if repair.affects_content else "否",
    ]


def _has(moment: str) -> ColumnElement[bool]:
    photo = select(literal(1)).where(
        Photo.holder_kind == "repair", Photo.holder_id == RepairOrder.id, Photo.moment == moment
    )
    return photo.correlate(RepairOrder).exists()


def _joined(statement: Any) -> Any:
    return statement.join(Document, Document.id == RepairOrder.document_id).join(
        Customer, Customer.id == Document.customer_id
    )


def _conditions(wanted: RepairFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == OPEN:
        conditions.append(RepairOrder.state.in_(sorted(OPEN_STATES)))
    elif wanted.state:
        conditions.append(RepairOrder.state == wanted.state)
    if wanted.grade:
        conditions.append(RepairOrder.grade == wanted.grade)
    if wanted.branch_id is not None:
        conditions.append(RepairOrder.branch_id == wanted.branch_id)
    if wanted.number:
        number = wanted.number.strip().upper()
        conditions.append((RepairOrder.number == number) | (Document.archive_number == number))
    return conditions


def _make_row(row: Any) -> RepairRow:
    return RepairRow(
        id=row.id,
        number=row.number,
        state=row.state,
        grade=row.grade,
        findings=from_plain(row.damages),
        repairer=row.repairer,
        document_id=row.document_id,
        title=row.title,
        archive_number=row.archive_number,
        branch_name=row.branch_name,
        ordered_at=row.ordered_at,
        ended_on=row.ended_on,
    )


def _make_detail(
    actor: Actor,
    repair: RepairOrder,
    document: Document,
    branch_name: str,
    ordered_by: str,
    finished_by: str,
    accepted_by: str,
    may_run: bool,
    may_accept: bool,
) -> RepairDetail:
    return RepairDetail(
        id=repair.id,
        number=repair.number,
        state=repair.state,
        grade=repair.grade,
        findings=from_plain(repair.damages),
        affects_content=repair.affects_content,
        method=repair.method,
        materials=repair.materials,
        cost_cents=repair.cost_cents,
        repairer=repair.repairer,
        started_on=repair.started_on,
        ended_on=repair.ended_on,
        remark=repair.remark,
        source=repair.source,
        source_id=repair.source_id,
        document_id=document.id,
        title=document.title,
        archive_number=document.archive_number,
        level=document.level,
        page_count=document.page_count,
        customer_id=document.customer_id,
        branch_name=branch_name,
        ordered_by=ordered_by,
        ordered_at=repair.ordered_at,
        finished_by=finished_by,
        finished_by_id=repair.finished_by,
        accepted_by=accepted_by,
        accepted_at=repair.accepted_at,
        version=repair.version,
        may_run=bool(may_run),
        may_accept=bool(may_accept) and repair.finished_by != actor.account_id,
    )
