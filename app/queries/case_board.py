"""The team's open cases as a board: a column for each state or each handler, the first due on top.

Only open cases are read, along `ix_cases_branch_due`; a column shows its first cards and counts up to a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import WORKING_STATES, CaseState
from app.models.accounts import Account, Branch
from app.models.cases import Case
from app.queries.counting import MOST_COUNTED, bounded_count, unindexed
from app.queries.visibility import team_cases_for

CARDS = 20
MOST_HANDLERS = 12
COLUMNS = (
    CaseState.REGISTERED,
    CaseState.ACCEPTED,
    CaseState.PROPOSED,
    CaseState.DECIDED,
    CaseState.DECLINED,
    CaseState.NOTIFIED,
)
RARE = frozenset({CaseState.DECLINED})  # a column only while there is something in it
WORKING = sorted(state.value for state in WORKING_STATES)
NOBODY = 0


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a board is narrowed to; a handler of 0 is nobody."""

    branch_id: int | None = None
    handler_id: int | None = None
    line: str = ""
    major: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A case on the board: no person but its handler, since boards hang on walls."""

    id: int
    number: str
    kind: str
    state: str
    line: str
    branch_name: str
    handler: str
    due_on: date | None
    clock_state: str
    days_over: int
    is_major: bool
    is_group: bool


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column: its state, or its handler; `exact` false says that there are more than `total`."""

    state: str
    handler_id: int | None
    handler: str
    total: int
    exact: bool
    cards: Sequence[Card]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.cards)


def board_by_state(session: Session, actor: Actor, wanted: BoardFilter) -> Sequence[BoardColumn]:
    """Return a column for each state in which something is still to be done."""
    found = _conditions(actor, wanted)
    counts = session.execute(
        select(*(bounded_count(select(Case.id).where(Case.state == state.value, *found)) for state in COLUMNS))
    ).one()
    return [
        _column(session, [Case.state == state.value, *found], int(count), state=state.value)
        for state, count in zip(COLUMNS, counts, strict=True)
        if count or state not in RARE
    ]


def board_by_handler(session: Session, actor: Actor, wanted: BoardFilter) -> Sequence[BoardColumn]:
    """Return a column for each handler with something to do, first what nobody handles, then whose case is due first."""
    found = [*_conditions(actor, wanted), Case.state.in_(WORKING)]
    rows = session.execute(
        select(Case.handler_id, func.count(), func.min(Case.due_on))
        .where(*found)
        .group_by(Case.handler_id)
        .order_by(Case.handler_id.is_not(None), func.min(Case.due_on), Case.handler_id)
        .limit(MOST_HANDLERS)
    ).all()
    of_one = [*_conditions(actor, wanted, by_index=False), Case.state.in_(WORKING)]
    names = _names(session, [handler_id for handler_id, _, _ in rows if handler_id is not None])
    return [
        replace(
            _column(session, [_of_handler(handler_id), *of_one], count),
            handler_id=handler_id or NOBODY,
            handler=names.get(handler_id or NOBODY, ""),
        )
        for handler_id, count, _ in rows
    ]


def handlers_of(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """Return id and name of who handles open cases that `actor` may see, for choosing one."""
    handling = select(Case.handler_id).where(Case.state.in_(WORKING), team_cases_for(actor)).distinct()
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(handling)))
    return sorted(((found, name) for found, name in rows), key=lambda row: row[1])


def _column(session: Session, found: list[ColumnElement[bool]], count: int, *, state: str = "") -> BoardColumn:
    total = min(count, MOST_COUNTED)
    cards = _cards(session, found) if count else ()
    return BoardColumn(state, None, "", total, count <= MOST_COUNTED, cards)


def _cards(session: Session, found: list[ColumnElement[bool]]) -> Sequence[Card]:
    """Return the first cards of a column: found by id first, so that what is sorted is small."""
    # Not in the order of an index: the closed cases, due long ago, stand first in it.
    first = select(Case.id).where(*found).order_by(unindexed(Case.due_on), Case.id).limit(CARDS).subquery()
    rows = session.execute(
        select(
            Case.id,
            Case.number,
            Case.kind,
            Case.state,
            Case.line,
            Branch.name,
            func.coalesce(Account.full_name, ""),
            Case.due_on,
            Case.clock_state,
            Case.days_over,
            Case.is_major,
            Case.is_group,
        )
        .join(first, first.c.id == Case.id)
        .join(Branch, Branch.id == Case.branch_id)
        .outerjoin(Account, Account.id == Case.handler_id)
        .order_by(Case.due_on, Case.id)
    )
    return [_make_card(row) for row in rows]


def _make_card(row: Any) -> Card:
    return Card(*row)


def _conditions(actor: Actor, wanted: BoardFilter, *, by_index: bool = True) -> list[ColumnElement[bool]]:
    conditions = [team_cases_for(actor, by_index=by_index)]
    if wanted.branch_id is not None:
        branch = Case.branch_id if by_index else unindexed(Case.branch_id)
        conditions.append(branch == wanted.branch_id)
    if wanted.handler_id is not None:
        conditions.append(_of_handler(wanted.handler_id or None))
    if wanted.line:
        conditions.append(Case.line == wanted.line)
    if wanted.major:
        conditions.append(Case.is_major.is_(True))
    return conditions


def _of_handler(handler_id: int | None) -> ColumnElement[bool]:
    return Case.handler_id.is_(None) if handler_id is None else Case.handler_id == handler_id


def _names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    return {
        found: name for found, name in session.execute(select(Account.id, Account.full_name).where(Account.id.in_(ids)))
    }
