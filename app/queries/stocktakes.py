"""Reads for the screens of stock-taking and for 盘点清册."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.stocktaking import OPEN_STATES, Correction, Result
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Account, Branch
from app.models.customers import Customer
from app.models.documents import Document
from app.models.rounds import Stocktake, StocktakeLine
from app.models.storage import Box, Place
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import branches_in, documents_for

PAGE_SIZE = 50
LAST_SCANS = 12
BATCH = 500
OPEN = "open"
ORDER = Sort(Stocktake.started_at, Stocktake.id, descending=True)
LINES = Sort(StocktakeLine.id, StocktakeLine.id)
# Printed forms stay Chinese whatever language the reader's screens have.
RESULTS = {
    "open": "未点",
    "found": "相符",
    "missing": "缺失",
    "misplaced": "错位",
    "on_loan_present": "错位（账面已出库）",
    "away": "相符（已出库）",
    "not_in_books": "账外",
    "damaged": "破损",
}
CORRECTIONS = {"none": "", "proposed": "待审批", "approved": "已更正", "refused": "不予更正"}
# The results that a reviewer looks at: all but what is as it should be.
DIFFERS = "differs"
AS_BOOKED = (Result.FOUND.value, Result.AWAY.value, Result.OPEN.value)


@dataclass(frozen=True, slots=True)
class StocktakeRow:
    """A line of the list: `done` of `expected` lines have been looked at."""

    id: int
    number: str
    state: str
    reason: str
    place_code: str
    place_name: str
    branch_name: str
    expected: int
    done: int
    started_at: datetime
    started_by: str


@dataclass(frozen=True, slots=True)
class StocktakeDetail:
    """A stock-taking as its page shows it; `counts` has the lines of each result."""

    id: int
    number: str
    state: str
    reason: str
    place_id: int
    place_code: str
    place_name: str
    place_kind: str
    branch_id: int
    branch_name: str
    expected: int
    counts: Mapping[str, int]
    waiting: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    approved_at: datetime | None
    approved_by: str
    remark: str
    version: int
    may_run: bool
    may_approve: bool
    is_counter: bool

    @property
    def done(self) -> int:
        """How many of the expected lines were looked at."""
        return self.expected - self.counts.get(Result.OPEN.value, 0)

    @property
    def differing(self) -> int:
        """How many lines are not as the books have them."""
        return sum(count for result, count in self.counts.items() if result not in AS_BOOKED)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line; title and number are empty for what the reader may not see."""

    id: int
    document_id: int | None
    title: str
    archive_number: str
    scanned: str
    book_place: str
    found_place: str
    book_whereabouts: str
    book_pages: int | None
    found_pages: int | None
    result: str
    correction: str
    remark: str
    found_by: str
    found_at: datetime | None
    is_correctable: bool


@dataclass(frozen=True, slots=True)
class SpotRow:
    """The current spot: how many of the box's items the books have, and how many are still open."""

    place_id: int | None
    place_code: str
    box_id: int | None
    box_number: str
    expected: int
    open: int


def list_stocktakes(
    session: Session, actor: Actor, *, state: str = "", cursor: Cursor | None = None
) -> PageOf[StocktakeRow]:
    """Return a page of the stock-takings that `actor` may see, newest first."""
    found = [branches_in(actor, Action.STORAGE_VIEW, Stocktake.branch_id)]
    if state == OPEN:
        found.append(Stocktake.state.in_(sorted(OPEN_STATES)))
    elif state:
        found.append(Stocktake.state == state)
    total = count_up_to(session, select(Stocktake.id).where(*found))
    waiting = (
        select(func.count())
        .where(StocktakeLine.stocktake_id == Stocktake.id, StocktakeLine.result == Result.OPEN.value)
        .correlate(Stocktake)
        .scalar_subquery()
    )
    statement = (
        select(
            Stocktake.number,
            Stocktake.state,
            Stocktake.reason,
            Place.full_code.label("place_code"),
            Place.name.label("place_name"),
            Branch.name.label("branch_name"),
            Stocktake.expected,
            (Stocktake.expected - waiting).label("done"),
            func.coalesce(Account.full_name, "").label("started_by"),
            Stocktake.started_at,
            Stocktake.id,
        )
        .join(Place, Place.id == Stocktake.place_id)
        .join(Branch, Branch.id == Stocktake.branch_id)
        .outerjoin(Account, Account.id == Stocktake.started_by)
        .where(*found)
    )

    def make(row: Any) -> StocktakeRow:
        return StocktakeRow(**{name: getattr(row, name) for name in StocktakeRow.__dataclass_fields__})

    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=make, most=MOST_COUNTED)


def read_stocktake(session: Session, actor: Actor, stocktake_id: int) -> StocktakeDetail:
    """Return one stock-taking with its counts; raises `NotFound` for one that `actor` may not see."""
    starter, approver = aliased(Account), aliased(Account)
    row = session.execute(
        select(
            Stocktake,
            Place,
            Branch.name,
            func.coalesce(starter.full_name, ""),
            func.coalesce(approver.full_name, ""),
            branches_in(actor, Action.ROUND_RUN, Stocktake.branch_id),
            branches_in(actor, Action.ROUND_APPROVE, Stocktake.branch_id),
        )
        .join(Place, Place.id == Stocktake.place_id)
        .join(Branch, Branch.id == Stocktake.branch_id)
        .outerjoin(starter, starter.id == Stocktake.started_by)
        .outerjoin(approver, approver.id == Stocktake.approved_by)
        .where(Stocktake.id == stocktake_id, branches_in(actor, Action.STORAGE_VIEW, Stocktake.branch_id))
    ).first()
    if row is None:
        raise NotFound
    stocktake, place, branch_name, started_by, approved_by, may_run, may_approve = row
    counts, waiting, counted = _counts(session, actor, stocktake_id)
    return StocktakeDetail(
        id=stocktake.id,
        number=stocktake.number,
        state=stocktake.state,
        reason=stocktake.reason,
        place_id=place.id,
        place_code=place.full_code,
        place_name=place.name,
        place_kind=place.kind,
        branch_id=stocktake.branch_id,
        branch_name=branch_name,
        expected=stocktake.expected,
        counts=counts,
        waiting=waiting,
        started_at=stocktake.started_at,
        started_by=started_by,
        ended_at=stocktake.ended_at,
        approved_at=stocktake.approved_at,
        approved_by=approved_by,
        remark=stocktake.remark,
        version=stocktake.version,
        may_run=bool(may_run),
        may_approve=bool(may_approve),
        is_counter=counted or stocktake.started_by == actor.account_id,
    )


def read_spot(session: Session, stocktake: StocktakeDetail, place_id: int | None, box_id: int | None) -> SpotRow | None:
    """Return the spot that an address names, None for none or one that does not belong to the stock-taking's branch."""
    place = session.get(Place, place_id) if place_id is not None else None
    box = session.get(Box, box_id) if box_id is not None else None
    place = place if place is not None and place.branch_id == stocktake.branch_id else None
    box = box if box is not None and box.branch_id == stocktake.branch_id else None
    if place is None and box is None:
        return None
    expected = waiting = 0
    if box is not None:
        expected, waiting = session.execute(
            select(
                func.count(), func.coalesce(func.sum(case((StocktakeLine.result == Result.OPEN.value, 1), else_=0)), 0)
            ).where(StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.book_box_id == box.id)
        ).one()
    return SpotRow(
        place.id if place else None,
        place.full_code if place else "",
        box.id if box else None,
        box.number if box else "",
        expected,
        waiting,
    )


def last_scans(session: Session, actor: Actor, stocktake_id: int) -> Sequence[LineRow]:
    """Return what was scanned last, newest first."""
    statement = _lines(actor).where(StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.found_at.is_not(None))
    ordered = statement.order_by(StocktakeLine.found_at.desc(), StocktakeLine.id).limit(LAST_SCANS)
    return [_make_line(row) for row in session.execute(ordered)]


def list_lines(
    session: Session,
    actor: Actor,
    stocktake_id: int,
    *,
    result: str = "",
    correction: str = "",
    cursor: Cursor | None = None,
) -> PageOf[LineRow]:
    """Return a page of the lines in the order of the shelves; the caller has read the stock-taking.

    `DIFFERS` as the result is everything that is not as the books have it.
    """
    found: list[ColumnElement[bool]] = [StocktakeLine.stocktake_id == stocktake_id]
    if result == DIFFERS:
        found.append(StocktakeLine.result.not_in(AS_BOOKED))
    elif result:
        found.append(StocktakeLine.result == result)
    if correction:
        found.append(StocktakeLine.correction == correction)
    total = count_up_to(session, select(StocktakeLine.id).where(*found))
    statement = _lines(actor).where(*found).add_columns(StocktakeLine.id, StocktakeLine.id)
    return read_page(session, statement, LINES, cursor, size=PAGE_SIZE, total=total, make=_make_line, most=MOST_COUNTED)


def place_choices(session: Session, actor: Actor, branch_id: int | None = None) -> Sequence[tuple[int, str]]:
    """Return the rooms, zones and rows in which `actor` may take stock; single shelves are named by their code."""
    statement = select(Place.id, Place.full_code, Place.name, Branch.name).join(Branch, Branch.id == Place.branch_id)
    statement = statement.where(
        branches_in(actor, Action.ROUND_RUN, Place.branch_id), Place.active, Place.kind.in_(("room", "zone", "row"))
    )
    if branch_id is not None:
        statement = statement.where(Place.branch_id == branch_id)
    rows = session.execute(statement.order_by(Branch.path, Place.full_code).limit(500))
    return [
        (place_id, " ".join(part for part in (branch, code, name) if part)) for place_id, code, name, branch in rows
    ]


def find_place(session: Session, actor: Actor, code: str) -> int | None:
    """Return the id of the place with a full code in which `actor` may take stock."""
    return session.scalar(
        select(Place.id)
        .where(Place.full_code == code, branches_in(actor, Action.ROUND_RUN, Place.branch_id))
        .order_by(Place.id)
        .limit(1)
    )


def stocktake_rows(session: Session, stocktake_id: int) -> Iterator[Sequence[str]]:
    """Yield the lines of 盘点清册 (DOMAIN 3.10) as texts; the caller has asked whether the reader may print it.

    序号, 档号, 题名, 账面位置, 实际位置, 账面页数, 实际页数, 结果, 处理, 盘点人, 复核人
    """
    counter, checker = aliased(Account), aliased(Account)
    statement = (
        select(
            StocktakeLine,
            Document.archive_number,
            Document.title,
            func.coalesce(counter.full_name, ""),
            func.coalesce(checker.full_name, ""),
        )
        .join(Stocktake, Stocktake.id == StocktakeLine.stocktake_id)
        .outerjoin(Document, Document.id == StocktakeLine.document_id)
        .outerjoin(counter, counter.id == StocktakeLine.found_by)
        .outerjoin(checker, checker.id == Stocktake.approved_by)
        .where(StocktakeLine.stocktake_id == stocktake_id)
        .order_by(StocktakeLine.id)
    )
    last, position = 0, 0
    while True:
        batch = session.execute(statement.where(StocktakeLine.id > last).limit(BATCH)).all()
        for line, archive_number, title, counted_by, checked_by in batch:
            position += 1
            yield [
                str(position),
                archive_number or line.scanned,
                title or "",
                line.book_place,
                line.found_place,
                "" if line.book_pages is None else str(line.book_pages),
                "" if line.found_pages is None else str(line.found_pages),
                RESULTS[line.result],
                "；".join(part for part in (CORRECTIONS[line.correction], line.remark) if part),
                counted_by,
                checked_by,
            ]
        if len(batch) < BATCH:
            return
        last = batch[-1][0].id
        session.expunge_all()


def correctable() -> ColumnElement[bool]:
    """Lines for which the books can be put right."""
    result, paper = StocktakeLine.result, aliased(Document)
    on_shelf = exists().where(paper.id == StocktakeLine.document_id, paper.whereabouts == Whereabouts.SHELF.value)
    came_back = StocktakeLine.book_whereabouts == Whereabouts.MISSING.value
    return or_(
        and_(result == Result.MISSING.value, on_shelf),
        and_(result == Result.MISPLACED.value, or_(StocktakeLine.found_box_id.is_not(None), came_back)),
        result == Result.ON_LOAN_PRESENT.value,
        and_(result.in_((Result.FOUND.value, Result.DAMAGED.value)), came_back),
    )


def _counts(session: Session, actor: Actor, stocktake_id: int) -> tuple[dict[str, int], int, bool]:
    """Return the lines of each result, the proposals that wait, and whether `actor` has counted."""
    mine = func.sum(case((StocktakeLine.found_by == actor.account_id, 1), else_=0))
    proposed = func.sum(case((StocktakeLine.correction == Correction.PROPOSED.value, 1), else_=0))
    rows = session.execute(
        select(StocktakeLine.result, func.count(), proposed, mine)
        .where(StocktakeLine.stocktake_id == stocktake_id)
        .group_by(StocktakeLine.result)
    ).all()
    return (
        {row[0]: row[1] for row in rows},
        sum(row[2] for row in rows),
        any(row[3] for row in rows),
    )


def _lines(actor: Actor) -> Any:
    visible = documents_for(actor, Action.STORAGE_VIEW)
    return (
        select(
            StocktakeLine.id.label("line_id"),
            StocktakeLine.document_id,
            case((visible, Document.title), else_="").label("title"),
            case((visible, func.coalesce(Document.archive_number, "")), else_="").label("archive_number"),
            StocktakeLine.scanned,
            StocktakeLine.book_place,
            StocktakeLine.found_place,
            StocktakeLine.book_whereabouts,
            StocktakeLine.book_pages,
            StocktakeLine.found_pages,
            StocktakeLine.result,
            StocktakeLine.correction,
            StocktakeLine.remark,
            func.coalesce(Account.full_name, "").label("found_by"),
            StocktakeLine.found_at,
            correctable().label("is_correctable"),
        )
        .select_from(StocktakeLine)
        .outerjoin(Document, Document.id == StocktakeLine.document_id)
        .outerjoin(Customer, Customer.id == Document.customer_id)
        .outerjoin(Account, Account.id == StocktakeLine.found_by)
    )


def _make_line(row: Any) -> LineRow:
    named = {name: getattr(row, name) for name in LineRow.__dataclass_fields__ if name != "id"}
    return LineRow(id=row.line_id, **{**named, "is_correctable": bool(row.is_correctable)})
