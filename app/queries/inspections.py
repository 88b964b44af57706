"""Reads for the screens of inspection: plans with their progress, the worklist, one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.repairs import Finding, from_plain
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import Inspection, InspectionPlan
from app.models.storage import Box, Place
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in, documents_for

PAGE_SIZE = 50
BY_DUE = Sort(Inspection.due_on, Inspection.id)
BY_DONE = Sort(Inspection.done_at, Inspection.id, descending=True)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with this year's progress."""

    id: int
    name: str
    branch_id: int
    branch_name: str
    years: int
    sample_percent: int
    basis: str
    started_on: date
    active: bool
    due: int
    done: int
    late: int


@dataclass(frozen=True, slots=True)
class YearRow:
    """How far a plan is in a year."""

    year: int
    due: int
    done: int
    damaged: int


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A plan as its page shows it."""

    row: PlanRow
    years: Sequence[YearRow]
    may_run: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """A line of the worklist."""

    id: int
    document_id: int
    title: str
    archive_number: str | None
    whereabouts: str
    place: str
    due_on: date | None
    done_at: datetime | None
    done_by: str
    grade: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InspectionDetail:
    """One look at one item, as the form shows it."""

    id: int
    plan_id: int | None
    plan_name: str
    document_id: int
    title: str
    archive_number: str | None
    page_count: int
    whereabouts: str
    due_on: date | None
    done_at: datetime | None
    grade: str
    findings: tuple[Finding, ...]
    pages: int | None
    note: str


def list_plans(session: Session, actor: Actor, *, today: date) -> Sequence[PlanRow]:
    """Return the plans that `actor` may see, the active ones first, with this year's progress."""
    return [_plan_row(row) for row in session.execute(_plans(actor, today))]


def read_plan(session: Session, actor: Actor, plan_id: int, *, today: date) -> PlanDetail:
    """Return one plan with all its years; raises `NotFound`."""
    row = session.execute(_plans(actor, today).where(InspectionPlan.id == plan_id)).first()
    if row is None:
        raise NotFound
    year = func.extract("year", Inspection.due_on)
    damaged = case((Inspection.grade.in_(("slight", "medium", "severe", "extreme")), 1), else_=0)
    years = session.execute(
        select(year, func.count(), func.count(Inspection.done_at), func.sum(damaged))
        .where(Inspection.plan_id == plan_id, Inspection.due_on.is_not(None))
        .group_by(year)
        .order_by(year.desc())
    )
    rights = session.execute(
        select(
            branches_in(actor, Action.ROUND_RUN, InspectionPlan.branch_id),
            branches_in(actor, Action.STORAGE_RULES, InspectionPlan.branch_id),
        ).where(InspectionPlan.id == plan_id)
    ).one()
    found = [YearRow(int(each[0]), each[1], each[2], int(each[3] or 0)) for each in years]
    return PlanDetail(_plan_row(row), found, bool(rights[0]), bool(rights[1]))


def list_inspections(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    show: str = "open",
    year: int | None = None,
    today: date,
    cursor: Cursor | None = None,
) -> PageOf[InspectionRow]:
    """Return a page of a plan's worklist: open (the next due first), late, done or damaged (the last done first)."""
    order = BY_DONE if show in ("done", "damaged") else BY_DUE
    found = [
        Inspection.plan_id == plan_id,
        documents_for(actor, Action.STORAGE_VIEW),
        *_shown(show, today),
    ]
    if year is not None and 1900 < year < 9999:
        found.append(Inspection.due_on.between(date(year, 1, 1), date(year, 12, 31)))
    counted = _joined(select(Inspection.id)).where(*found)
    statement = (
        _joined(
            select(
                Document.id.label("document_id"),
                Document.title,
                Document.archive_number,
                Document.whereabouts,
                Inspection.due_on,
                Inspection.done_at,
                func.coalesce(Account.full_name, "").label("done_by"),
                func.coalesce(Box.number, "").label("box_number"),
                func.coalesce(Place.full_code, "").label("place_code"),
                Inspection.grade,
                Inspection.damages,
                order.column.label("sort_value"),
                Inspection.id,
            )
        )
        .outerjoin(Account, Account.id == Inspection.done_by)
        .outerjoin(Box, Box.id == Document.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(*found)
    )
    total = count_up_to(session, counted)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_inspection(session: Session, actor: Actor, inspection_id: int) -> InspectionDetail:
    """Return one look at one item; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        _joined(select(Inspection, Document, func.coalesce(InspectionPlan.name, "")))
        .outerjoin(InspectionPlan, InspectionPlan.id == Inspection.plan_id)
        .where(Inspection.id == inspection_id, documents_for(actor, Action.STORAGE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    inspection, document, plan_name = row
    return InspectionDetail(
        id=inspection.id,
        plan_id=inspection.plan_id,
        plan_name=plan_name,
        document_id=document.id,
        title=document.title,
        archive_number=document.archive_number,
        page_count=document.page_count,
        whereabouts=document.whereabouts,
        due_on=inspection.due_on,
        done_at=inspection.done_at,
        grade=inspection.grade,
        findings=from_plain(inspection.damages),
        pages=inspection.pages,
        note=inspection.note,
    )


def photo_digests(session: Session, actor: Actor, photo_id: int) -> tuple[str, str]:
    """Return image and thumbnail of an inspection's photo that `actor` may look at; raises `NotFound`."""
    row = session.execute(
        _joined(select(Photo.image_digest, Photo.thumbnail_digest).select_from(Inspection))
        .join(Photo, and_(Photo.holder_kind == "inspection", Photo.holder_id == Inspection.id))
        .where(Photo.id == photo_id, documents_for(actor, Action.STORAGE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _plans(actor: Actor, today: date) -> Any:
    this_year = Inspection.due_on.between(date(today.year, 1, 1), date(today.year, 12, 31))
    open_late = and_(Inspection.done_at.is_(None), Inspection.due_on < today)
    sums = (
        select(
            Inspection.plan_id,
            func.sum(case((this_year, 1), else_=0)).label("due"),
            func.sum(case((and_(this_year, Inspection.done_at.is_not(None)), 1), else_=0)).label("done"),
            func.sum(case((open_late, 1), else_=0)).label("late"),
        )
        .group_by(Inspection.plan_id)
        .subquery()
    )
    return (
        select(
            InspectionPlan,
            Branch.name,
            func.coalesce(sums.c.due, 0),
            func.coalesce(sums.c.done, 0),
            func.coalesce(sums.c.late, 0),
        )
        .join(Branch, Branch.id == InspectionPlan.branch_id)
        .outerjoin(sums, sums.c.plan_id == InspectionPlan.id)
        .where(branches_in(actor, Action.STORAGE_VIEW, InspectionPlan.branch_id))
        .order_by(InspectionPlan.active.desc(), Branch.path, InspectionPlan.started_on.desc(), InspectionPlan.id)
    )


def _plan_row(row: Any) -> PlanRow:
    plan, branch_name, due, done, late = row
    return PlanRow(
        id=plan.id,
        name=plan.name,
        branch_id=plan.branch_id,
        branch_name=branch_name,
        years=plan.years,
        sample_percent=plan.sample_percent,
        basis=plan.basis,
        started_on=plan.started_on,
        active=plan.active,
        due=int(due),
        done=int(done),
        late=int(late),
    )


def _shown(show: str, today: date) -> list[ColumnElement[bool]]:
    if show == "done":
        return [Inspection.done_at.is_not(None)]
    if show == "damaged":
        return [Inspection.done_at.is_not(None), Inspection.grade != "sound"]
    late = [Inspection.due_on < today] if show == "late" else []
    # What was looked at out of turn has no day, and is never open for long.
    return [Inspection.done_at.is_(None), Inspection.due_on.is_not(None), *late]


def _joined(statement: Any) -> Any:
    return statement.join(Document, Document.id == Inspection.document_id).join(
        Customer, Customer.id == Document.customer_id
    )


def _make_row(row: Any) -> InspectionRow:
    return InspectionRow(
        id=row.id,
        document_id=row.document_id,
        title=row.title,
        archive_number=row.archive_number,
        whereabouts=row.whereabouts,
        place=" · ".join(part for part in (row.place_code, row.box_number) if part),
        due_on=row.due_on,
        done_at=row.done_at,
        done_by=row.done_by,
        grade=row.grade,
        findings=from_plain(row.damages),
    )
