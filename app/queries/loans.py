"""Reads for the lists of borrowing requests: one's own, those to decide on, those of a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor, Role
from app.domain.loan_rules import Approver
from app.domain.loans import LoanState
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanDecision, LoanItem, LoanRequest
from app.queries.beginnings import begins_with
from app.queries.counting import MOST_COUNTED, bounded_count, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import loans_for

PAGE_SIZE = 50
MINE, TO_APPROVE, OF_BRANCH = "mine", "approve", "branch"
SORTS = {
    "asked": Sort(LoanRequest.asked_at, LoanRequest.id, descending=True),
    "asked_asc": Sort(LoanRequest.asked_at, LoanRequest.id),
}


@dataclass(frozen=True, slots=True)
class LoanFilter:
    """What a list is narrowed to; empty means no limit. `number` is the beginning of one; dates are those of asking."""

    tab: str = MINE
    state: str = ""
    way: str = ""
    number: str = ""
    asked_from: date | None = None
    asked_to: date | None = None


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A line of a list: how many of its items are where, and when the first is due."""

    id: int
    number: str
    borrower: str
    external_kind: str
    borrower_branch: str
    branch_name: str
    way: str
    state: str
    level: int
    purpose: str
    asked_at: datetime
    wanted_from: date | None
    items: int
    waiting: int
    ready: int
    out: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LoanCounts:
    """How many lie in each tab; None for a tab that the reader has not."""

    mine: int
    to_approve: int | None
    of_branch: int | None


@dataclass(frozen=True, slots=True)
class LoanFigures:
    """What waits: decisions (None for who decides nothing), papers due soon, and how many of them are late."""

    to_approve: int | None
    due: int
    late: int


def list_loans(
    session: Session, actor: Actor, wanted: LoanFilter, *, sort: str = "asked", cursor: Cursor | None = None
) -> PageOf[LoanRow]:
    """Return a page of the requests in a tab."""
    order = SORTS.get(sort, SORTS["asked"])
    counted = [_in_tab(actor, wanted.tab, by_index=True), *_conditions(wanted)]
    total = count_up_to(session, select(LoanRequest.id).where(*counted))
    # A long list is read in the order of asking and stopped early; a short one is found by its branch.
    found = counted if total <= MOST_COUNTED else [_in_tab(actor, wanted.tab, by_index=False), *_conditions(wanted)]
    statement = _row_columns(order).where(*found)
    return read_page(session, statement, order, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def count_loans(session: Session, actor: Actor) -> LoanCounts:
    """Return the counts of the tabs: all of one's own that are open, what waits for one, what is open in the branch."""
    approves, keeps = may_approve(actor), sees_branch(actor)
    live = LoanRequest.state.in_(("asked", "open"))
    of_branch = loans_for(actor, Action.LOAN_VIEW, by_index=True)
    row = session.execute(
        select(
            bounded_count(select(LoanRequest.id).where(_is_mine(actor), live)),
            bounded_count(select(LoanRequest.id).where(to_approve(actor) if approves else false())),
            bounded_count(
                select(LoanRequest.id).where(of_branch, live) if keeps else select(LoanRequest.id).where(false())
            ),
        )
    ).one()
    return LoanCounts(row[0], row[1] if approves else None, row[2] if keeps else None)


def loan_figures(session: Session, actor: Actor, *, today: date, until: date) -> LoanFigures:
    """Return what of borrowing waits for the actor, in one statement."""
    approves = may_approve(actor)
    row = session.execute(
        select(
            bounded_count(select(LoanRequest.id).where(to_approve(actor) if approves else false())),
            bounded_count(_in_hand(actor).where(LoanItem.due_on <= until)),
            bounded_count(_in_hand(actor).where(LoanItem.due_on < today)),
        )
    ).one()
    return LoanFigures(row[0] if approves else None, row[1], row[2])


def may_approve(actor: Actor) -> bool:
    """Say whether there can be requests that the actor decides on."""
    return any(True for _ in scopes(actor, Action.LOAN_APPROVE))


def sees_branch(actor: Actor) -> bool:
    """Say whether the actor sees other people's requests for the papers of a branch."""
    return any(scope.agent_id is None for scope in scopes(actor, Action.LOAN_VIEW))


def to_approve(actor: Actor) -> ColumnElement[bool]:
    """Requests whose next step is the actor's: not his own, not decided by him before, high enough for his office."""
    reached = or_(
        false(),
        *(
            and_(
                LoanRequest.branch_id.in_(sorted(scope.branches)) if scope.branches is not None else true(),
                LoanRequest.level <= scope.max_level,
            )
            for scope in scopes(actor, Action.LOAN_APPROVE)
        ),
    )
    decided = select(LoanDecision.id).where(
        LoanDecision.request_id == LoanRequest.id, LoanDecision.account_id == actor.account_id
    )
    return and_(
        LoanRequest.state == "asked",
        LoanRequest.borrower_id != actor.account_id,
        reached,
        or_(~_at_upper_step(), LoanRequest.branch_id.in_(_below(actor)), _is_root_of(actor)),
        ~decided.exists(),
    )


def _at_upper_step() -> ColumnElement[bool]:
    upper, both = Approver.UPPER.value, f"{Approver.MANAGER.value} {Approver.UPPER.value}"
    return or_(
        and_(LoanRequest.approvers == upper, LoanRequest.steps_done == 0),
        and_(LoanRequest.approvers == both, LoanRequest.steps_done == 1),
    )


def _below(actor: Actor) -> list[int]:
    return sorted({branch for held in actor.held if held.role is Role.MANAGER for branch in held.below})


def _is_root_of(actor: Actor) -> ColumnElement[bool]:
    own = sorted({held.branch_id for held in actor.held if held.role is Role.MANAGER})
    return LoanRequest.branch_id.in_(select(Branch.id).where(Branch.id.in_(own), Branch.parent_id.is_(None)))


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    return LoanRequest.borrower_id == actor.account_id


def _in_hand(actor: Actor) -> Select[int]:
    """Return the papers that the actor has."""
    joined = select(LoanItem.id).join(LoanRequest, LoanRequest.id == LoanItem.request_id)
    live = LoanRequest.state == "open"
    return joined.where(_is_mine(actor), live, LoanItem.state == LoanState.OUT.value, LoanItem.takes_paper)


def _in_tab(actor: Actor, tab: str, *, by_index: bool) -> ColumnElement[bool]:
    if tab == TO_APPROVE:
        return to_approve(actor)
    if tab == OF_BRANCH and sees_branch(actor):
        return loans_for(actor, Action.LOAN_VIEW, by_index=by_index)
    return and_(_is_mine(actor), loans_for(actor, Action.LOAN_VIEW))


def _conditions(wanted: LoanFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.number:
        conditions.append(begins_with(LoanRequest.number, wanted.number))
    if wanted.state:
        conditions.append(LoanRequest.state == wanted.state)
    if wanted.way:
        conditions.append(LoanRequest.way == wanted.way)
    if wanted.asked_from is not None:
        conditions.append(LoanRequest.asked_at >= first_moment(wanted.asked_from))
    if wanted.asked_to is not None:
        conditions.append(LoanRequest.asked_at <= last_moment(wanted.asked_to))
    return conditions


def _row_columns(order: Sort) -> Select[*tuple[Any, ...]]:
    keeping = aliased(Branch)
    return (
        select(
            LoanRequest.number,
            Account.full_name.label("borrower"),
            LoanRequest.external_kind,
            Branch.name.label("borrower_branch"),
            keeping.name.label("branch_name"),
            LoanRequest.way,
            LoanRequest.state,
            LoanRequest.level,
            LoanRequest.purpose,
            LoanRequest.asked_at.label("asked"),
            LoanRequest.wanted_from,
            _items().label("items"),
            *(_items(state).label(state.value) for state in (LoanState.WAITING, LoanState.READY, LoanState.OUT)),
            _first_due().label("due_on"),
            order.column,
            LoanRequest.id,
        )
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .join(keeping, keeping.id == LoanRequest.branch_id)
    )


def _items(state: LoanState | None = None) -> ColumnElement[int]:
    found = select(func.count()).select_from(LoanItem).where(LoanItem.request_id == LoanRequest.id)
    return (found if state is None else found.where(LoanItem.state == state.value)).scalar_subquery()


def _first_due() -> ColumnElement[Any]:
    out = (LoanItem.request_id == LoanRequest.id, LoanItem.state == LoanState.OUT.value)
    return select(func.min(LoanItem.due_on)).where(*out).scalar_subquery()


def _make_row(row: Any) -> LoanRow:
    return LoanRow(
        id=row.id,
        number=row.number,
        borrower=row.borrower,
        external_kind=row.external_kind,
        borrower_branch=row.borrower_branch,
        branch_name=row.branch_name,
        way=row.way,
        state=row.state,
        level=row.level,
        purpose=row.purpose,
        asked_at=row.asked,
        wanted_from=row.wanted_from,
        items=row.items,
        waiting=row.waiting,
        ready=row.ready,
        out=row.out,
        due_on=row.due_on,
    )
