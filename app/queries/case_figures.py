"""Complaints counted, as a whole and by branch, line, stage, cause, channel and way of sale in one walk; by month for a trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import reduce
from itertools import repeat
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from app.domain.actor import Actor
from app.domain.case_terms import FORWARDED
from app.domain.cases import CaseKind, CaseState
from app.domain.figures import Rate, Tally
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.models.cases import Case, CaseRemedy
from app.queries.counting import unindexed
from app.queries.visibility import cases_for

WHOLE, BRANCH, LINE, STAGE, CAUSE, CHANNEL, SALES = (
    *("whole", "branch", "line", "stage", "cause"),
    *("channel", "sales_channel"),
)
DIMENSIONS = (WHOLE, BRANCH, LINE, STAGE, CAUSE, CHANNEL, SALES)
ROW = (BRANCH, LINE, STAGE, CAUSE, CHANNEL, SALES, "customer", "packed")
# What is counted of a complaint, a bit each; above them the days that it took.
FLAGS = tuple(item.name for item in fields(Tally) if item.name not in ("received", "days"))
DAYS_AT = len(FLAGS)
TREND = ("ended", "due", "in_time", "repeat", "overdue")


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """What figures are of: complaints received from the first to the last day, of one branch or of all one may see."""

    first: date
    last: date
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Somebody who complained more than once in the period; the newest case leads to the rest."""

    case_id: int
    number: str
    times: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What became of decisions: re-examinations decided and upheld, remedial actions and those checked."""

    upheld: Rate
    remedied: Rate


class office_month(FunctionElement[str]):  # noqa: N801 (a function of SQL)
    """The month of a moment in the office, as `2026-11`."""

    type = String()
    inherit_cache = True


@compiles(office_month, "sqlite")
def _sqlite_month(element: Any, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(office_month, "postgresql")
def _postgres_month(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"


class Counts:
    """Complaints of a span, ready to be counted by any dimension."""

    def __init__(self, rows: Sequence[Any]) -> None:
        """Take rows of the columns of `ROW`; each says all that is counted of one complaint in one number."""
        self._columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(ROW)

    def by(self, dimension: str) -> dict[str, Tally]:
        """Return value → tally; the whole stands under ''."""
        values = repeat("") if dimension == WHOLE else self._columns[ROW.index(dimension)]
        groups: dict[str, Counter[str]] = {}
        for (value, bits), number in Counter(zip(values, self._columns[-1], strict=False)).items():
            group = groups.setdefault("" if value is None else str(value), Counter())
            group["received"] += number
            group["days"] += number * (bits >> DAYS_AT)
            for place, name in enumerate(FLAGS):
                if bits >> place & 1:
                    group[name] += number
        return {value: Tally(**group) for value, group in groups.items()}

    def customers(self) -> Counter[int]:
        """Return how often each customer complained; who is no customer is left out."""
        found = Counter(self._columns[ROW.index("customer")])
        del found[None]
        return found


def count_cases(session: Session, actor: Actor, wanted: FigureFilter, *, today: date) -> Counts:
    """Return the complaints of a span that `actor` may see, read in one walk.

    A database would sort them anew for every dimension; here each is one number, and counting numbers is quick.
    """
    statement = select(*_columns(today)).where(*_conditions(actor, wanted))
    return Counts(session.execute(statement).all())


def count_by_month(session: Session, actor: Actor, wanted: FigureFilter, *, today: date) -> dict[str, Tally]:
    """Return month → what a trend shows of it: one sum for each, without the rest of what is counted."""
    month = office_month(Case.received_at)
    flags = _flags(today)
    sums = [func.sum(case((flags[name], 1), else_=0)) for name in TREND]
    days = func.sum(case((flags["ended"], Case.days_taken), else_=0))
    rows = session.execute(select(month, func.count(), days, *sums).where(*_conditions(actor, wanted)).group_by(month))
    return {
        name: Tally(received=received, days=int(taken or 0), **dict(zip(TREND, map(int, numbers), strict=True)))
        for name, received, taken, *numbers in rows
    }


def count_received(session: Session, actor: Actor, wanted: FigureFilter) -> int:
    """Return how many complaints were received in a span."""
    return session.scalar(select(func.count()).select_from(Case).where(*_conditions(actor, wanted))) or 0


def repeated_complainants(
    session: Session, actor: Actor, wanted: FigureFilter, counts: Counts, *, most: int = 20
) -> list[Repeated]:
    """Return the newest case of each customer who complained more than once, the most often first."""
    often = [(customer, times) for customer, times in counts.customers().most_common(most) if times > 1]
    newest = (
        select(Case.customer_id, Case.id, Case.number)
        .where(*_conditions(actor, wanted), Case.customer_id.in_([customer for customer, _ in often]))
        .order_by(Case.received_at)
    )
    cases = {customer: (case_id, number) for customer, case_id, number in session.execute(newest)}
    return [Repeated(*cases[customer], times) for customer, times in often if customer in cases]


def aftermath(session: Session, actor: Actor, wanted: FigureFilter) -> Aftermath:
    """Return 核查维持率 of the re-examinations received in the period and 整改闭环率 of its complaints."""
    upheld = func.sum(case((Case.outcome == "upheld", 1), else_=0))
    reviews = select(func.count(), upheld).where(
        Case.kind == CaseKind.REVIEW.value,
        # Few have a parent: found by its index, not by walking the span once more.
        Case.parent_id.is_not(None),
        Case.decided_at.is_not(None),
        *_reached(actor, wanted, by_index=False),
    )
    decided, kept = session.execute(reviews).one()
    checked = func.sum(case((CaseRemedy.checked_at.is_not(None), 1), else_=0))
    remedies = (
        select(func.count(), checked)
        .select_from(CaseRemedy)
        .join(Case, Case.id == CaseRemedy.case_id)
        .where(*_conditions(actor, wanted))
    )
    ordered, done = session.execute(remedies).one()
    return Aftermath(Rate(int(kept or 0), decided), Rate(int(done or 0), ordered))


def _reached(actor: Actor, wanted: FigureFilter, *, by_index: bool = True) -> list[ColumnElement[bool]]:
    received: Any = Case.received_at if by_index else unindexed(Case.received_at)
    conditions = [
        cases_for(actor, Action.CASE_FIGURES, by_index=by_index),
        received >= first_moment(wanted.first),
        received <= last_moment(wanted.last),
    ]
    return [*conditions, Case.branch_id == wanted.branch_id] if wanted.branch_id is not None else conditions


def _conditions(actor: Actor, wanted: FigureFilter) -> list[ColumnElement[bool]]:
    """Complaints that count: not merged into another, not declined."""
    declined = and_(Case.decided_at.is_(None), Case.notified_at.is_not(None))
    return [
        *_reached(actor, wanted),
        Case.kind == CaseKind.COMPLAINT.value,
        Case.state.not_in((CaseState.MERGED.value, CaseState.DECLINED.value)),
        ~declined,
    ]


def _flags(today: date) -> dict[str, Any]:
    """Return what is asked of each complaint, by the name under which it is counted."""
    ended = Case.notified_at.is_not(None)
    # A withdrawn case that was filed has told nobody of a decision.
    withdrawn = Case.state.in_((CaseState.WITHDRAWN.value, CaseState.FILED.value)) & ~ended
    late = Case.due_on < today
    return {
        "ended": ended,
        "due": ended | (late & ~withdrawn),
        "in_time": ended & (Case.days_over == 0),
        "within_fifteen": ended & (Case.days_taken <= 15),
        "overdue": late & ~ended & ~withdrawn & (Case.clock_state == "overdue"),
        "repeat": Case.is_repeat,
        "group": Case.is_group,
        "major": Case.is_major,
        "forwarded": Case.channel.in_(sorted(FORWARDED)),
        "violation": Case.is_violation,
        "withdrawn": withdrawn,
        "complex": Case.is_complex,
        "extended": Case.is_extended,
        "mediated": Case.is_mediated.is_not(None),
        "settled": Case.is_mediated.is_(True),
    }


def _columns(today: date) -> list[Any]:
    flags = _flags(today)
    days = case((flags["ended"], func.coalesce(Case.days_taken, 0) * (1 << DAYS_AT)), else_=0)
    packed = reduce(add, (case((flags[name], 1 << place), else_=0) for place, name in enumerate(FLAGS)), days)
    return [
        *(Case.branch_id, Case.line, Case.stage_id, Case.cause_id, Case.channel, Case.sales_channel),
        Case.customer_id,
        packed,
    ]
