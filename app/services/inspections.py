"""Inspection of condition 保管检查: plans, the worklist of a year, and what was seen of each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, case, cast, exists, func, literal, null, or_, select
from sqlalchemy import insert as sql_insert
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.inspections import Look, PlanData, check_look, check_plan, due_days, turn_of
from app.domain.normal import clean_number
from app.domain.policy import Action, Target, may
from app.domain.repairs import to_plain
from app.domain.scan_codes import read_scan
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Branch
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import Inspection, InspectionPlan
from app.ports import StoredBlob
from app.queries.visibility import branches_in, documents_for
from app.services import evidence, papers, trail

HOLDER = "inspection"
MOST_PHOTOS = 20
_ROOM_FOR_ROWS = 1 << 61
# Ids are random, so their remainders are dice that fall the same way every time; two primes make two dice.
_SHARE, _SAMPLE, _MONTH = 1_000_003, 999_983, 999_979
_YEAR_STEP = 7_919


def create_plan(session: Session, actor: Actor, branch_id: int, typed: PlanData, *, now: datetime, today: date) -> int:
    """Make a plan for a branch and return its id; raises `NotAllowed`, `Invalid`."""
    if not may(actor, Action.STORAGE_RULES, Target(branch_id)) or session.get(Branch, branch_id) is None:
        raise NotAllowed(Action.STORAGE_RULES)
    checked = check_plan(typed, today)
    plan = InspectionPlan(
        id=new_id(), branch_id=branch_id, created_by=actor.account_id, created_at=now, **asdict(checked)
    )
    session.add(plan)
    after = {"name": plan.name, "years": plan.years, "sample_percent": plan.sample_percent, "basis": plan.basis}
    _note(session, actor, "plan_made", plan, now=now, after=after)
    return plan.id


def end_plan(session: Session, actor: Actor, plan_id: int, *, now: datetime) -> None:
    """Let a plan rest; what is done stays."""
    plan = load_plan(session, actor, plan_id, Action.STORAGE_RULES)
    if not plan.active:
        raise WrongState("plan.ended")
    plan.active = False
    plan.version += 1
    _note(session, actor, "plan_ended", plan, now=now)


def make_worklist(session: Session, actor: Actor, plan_id: int, year: int, *, now: datetime, today: date) -> int:
    """Write the worklist of a year by one statement and return how many items it has more than before.

    Who is drawn depends on the item, the plan and the year alone: drawn again, it adds only what was filed since.
    """
    plan = load_plan(session, actor, plan_id, Action.ROUND_RUN)
    if not plan.active:
        raise WrongState("plan.ended")
    if not today.year <= year <= today.year + 1 or year < plan.started_on.year:
        raise Invalid.field("year", "plan.year")
    before = _size(session, plan, year)
    session.execute(_drawing(plan, year, today))
    added = _size(session, plan, year) - before
    _note(session, actor, "worklist_made", plan, now=now, after={"year": year, "added": added})
    return added


def find_inspection(session: Session, actor: Actor, plan_id: int, text: str, *, today: date) -> int:
    """Return the inspection of a scanned item under a plan: the open one, this year's, or a new one out of turn.

    Raises `Invalid` on `code` for what is no item of the plan's branch that the actor may look at.
    """
    plan = load_plan(session, actor, plan_id, Action.ROUND_RUN)
    document_id = _scanned(session, actor, plan, text)
    of_it = (Inspection.plan_id == plan_id) & (Inspection.document_id == document_id)
    # An open one first, the earliest due of them; otherwise what was last done.
    order = (case((Inspection.done_at.is_(None), 0), else_=1), Inspection.due_on, Inspection.id)
    this_year = Inspection.due_on >= date(today.year, 1, 1)
    found = session.scalar(
        select(Inspection.id)
        .where(of_it, or_(Inspection.done_at.is_(None), this_year, Inspection.due_on.is_(None)))
        .order_by(*order)
        .limit(1)
    )
    if found is not None:
        return found
    extra = Inspection(id=new_id(), plan_id=plan_id, document_id=document_id, branch_id=plan.branch_id)
    session.add(extra)
    session.flush()
    return extra.id


def record_inspection(session: Session, actor: Actor, inspection_id: int, look: Look, *, now: datetime) -> None:
    """Write down what was seen; a second look replaces the first, the trail keeps both."""
    inspection, document = load_inspection(session, actor, inspection_id)
    checked = check_look(look)
    before = {"grade": inspection.grade} if inspection.done_at else {}
    inspection.grade, inspection.damages = checked.grade, to_plain(checked.findings)
    inspection.pages, inspection.note = checked.pages, checked.note
    inspection.done_at, inspection.done_by = now, actor.account_id
    after = {"grade": checked.grade, "damages": " ".join(found.damage.value for found in checked.findings)}
    session.flush()
    trail.record(session, actor, "item_inspected", papers.paper_subject(document), now=now, before=before, after=after)


def add_photos(
    session: Session,
    actor: Actor,
    inspection_id: int,
    images: Sequence[tuple[StoredBlob, StoredBlob]],
    *,
    now: datetime,
) -> None:
    """Put photos of the damage to an inspection."""
    load_inspection(session, actor, inspection_id)
    there = select(func.count()).where(Photo.holder_kind == HOLDER, Photo.holder_id == inspection_id)
    if (session.scalar(there) or 0) + len(images) > MOST_PHOTOS:
        raise Invalid.field("files", "inspection.too_many_photos")
    for image, thumbnail in images:
        evidence.add_photo(session, actor, HOLDER, inspection_id, "damage", image, thumbnail, now=now)


def load_plan(session: Session, actor: Actor, plan_id: int, action: Action) -> InspectionPlan:
    """Return a plan on which `actor` may do `action`, locked; raises `NotFound`, `NotAllowed`."""
    statement = select(InspectionPlan).where(InspectionPlan.id == plan_id)
    mine = branches_in(actor, action, InspectionPlan.branch_id)
    found = session.scalar(
        statement.where(mine).with_for_update(of=InspectionPlan).execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if session.scalar(statement.where(branches_in(actor, Action.STORAGE_VIEW, InspectionPlan.branch_id))) is None:
        raise NotFound
    raise NotAllowed(action)


def load_inspection(session: Session, actor: Actor, inspection_id: int) -> tuple[Inspection, Document]:
    """Return an inspection that `actor` may carry out, locked, with its item; raises `NotFound`, `NotAllowed`."""
    statement = (
        select(Inspection, Document)
        .join(Document, Document.id == Inspection.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Inspection.id == inspection_id)
    )
    found = session.execute(
        statement.where(documents_for(actor, Action.ROUND_RUN)).with_for_update(of=Inspection)
    ).first()
    if found is not None:
        return found[0], found[1]
    if session.execute(statement.where(documents_for(actor, Action.STORAGE_VIEW))).first() is None:
        raise NotFound
    raise NotAllowed(Action.ROUND_RUN)


def _drawing(plan: InspectionPlan, year: int, today: date) -> Any:
    share = (Document.id % _SHARE + plan.id % _SHARE) % plan.years
    dice = (Document.id % _SAMPLE + plan.id % _SAMPLE + year * _YEAR_STEP) % 100
    days = due_days(year, today)
    month = Document.id % _MONTH % len(days)
    due: Any = literal(days[-1], Date)
    if len(days) > 1:
        due = case(*((month == at, literal(day, Date)) for at, day in enumerate(days[:-1])), else_=due)
    drawn_already = exists().where(
        Inspection.plan_id == plan.id,
        Inspection.document_id == Document.id,
        Inspection.due_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    number = cast(func.row_number().over(order_by=Document.archive_number), BigInteger)
    columns: dict[str, Any] = {
        "id": literal(new_id() % _ROOM_FOR_ROWS, BigInteger) + number,
        "plan_id": literal(plan.id, BigInteger),
        "document_id": Document.id,
        "branch_id": Document.branch_id,
        "due_on": due,
        "grade": literal(""),
        "damages": literal([], JSON),
        "pages": cast(null(), BigInteger),
        "note": literal(""),
    }
    drawn = select(*(column.label(name) for name, column in columns.items())).where(
        Document.branch_id == plan.branch_id,
        Document.state.in_(("filed", "held")),
        Document.whereabouts != Whereabouts.NONE.value,
        or_(share == turn_of(year, plan.started_on, plan.years), dice < plan.sample_percent),
        ~drawn_already,
    )
    return sql_insert(Inspection).from_select(list(columns), drawn)


def _size(session: Session, plan: InspectionPlan, year: int) -> int:
    listed = select(func.count()).where(
        Inspection.plan_id == plan.id, Inspection.due_on.between(date(year, 1, 1), date(year, 12, 31))
    )
    return session.scalar(listed) or 0


def _scanned(session: Session, actor: Actor, plan: InspectionPlan, text: str) -> int:
    read = read_scan(text)
    if not read.text:
        raise Invalid.field("code", "stocktake.scan_missing")
    if read.is_label and read.kind != "document":
        raise Invalid.field("code", "stocktake.not_a_paper")
    which = Document.id == read.id if read.is_label else Document.archive_number == clean_number(read.text)
    found = session.scalar(
        select(Document.id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(which, Document.branch_id == plan.branch_id, documents_for(actor, Action.ROUND_RUN))
    )
    if found is None:
        raise Invalid.field("code", "inspection.unknown")
    return found


def _note(session: Session, actor: Actor, event: str, plan: InspectionPlan, *, now: datetime, **texts: Any) -> None:
    session.flush()
    trail.record(session, actor, event, trail.Subject("plan", plan.id, plan.name), now=now, **texts)
