"""How registers are read: what may be seen, the order once as keys, the rows by key in batches.

Most registers run in an order that no index keeps (by the day of lending, by place). So the keys are read in that
order once, at most `MOST_ROWS` of them, and the rows by key: one sort, every batch costs the same, and the count of the
keys is the count of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.office_time import first_moment, last_moment, office_day
from app.domain.policy import Action, scopes
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.accounts import Account
from app.models.customers import Customer
from app.models.documents import Document

BATCH = 500
Row = list[str]
Column = Any  # a column of a model, or what is reckoned from one


@dataclass(frozen=True, slots=True)
class SheetEnds:
    """What stands over the rows of a form, under them, and in its fields for signatures."""

    head: Sequence[str] = ()
    foot: Sequence[str] = ()
    signed: Sequence[str] = ()


def _no_ends(_session: Session, _actor: Actor, _wanted: RegisterFilter) -> SheetEnds:
    return SheetEnds()


@dataclass(frozen=True, slots=True)
class RegisterReader:
    """How one register is read: how many rows, the rows without their number, what stands around them."""

    count: Callable[[Session, Actor, RegisterFilter], int]
    rows: Callable[[Session, Actor, RegisterFilter], Iterator[Row]]
    ends: Callable[[Session, Actor, RegisterFilter], SheetEnds] = _no_ends


def keyed(
    keys: Callable[[Actor, RegisterFilter], Select[Any]],
    read: Callable[[Session, Sequence[int]], Mapping[int, Row]],
    ends: Callable[[Session, Actor, RegisterFilter], SheetEnds] = _no_ends,
) -> RegisterReader:
    """Return the reader of a register whose rows are found by `keys` and read by `read`, a batch of keys at once."""

    def count(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
        return session.scalar(select(func.count()).select_from(keys(actor, wanted).order_by(None).subquery())) or 0

    def rows(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
        found = list(session.scalars(keys(actor, wanted)))
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            by_key = read(session, batch)
            yield from (by_key[key] for key in batch)
            session.expunge_all()

    return RegisterReader(count, rows, ends)


def reached(actor: Actor, branch: Column, *levels: Column) -> ColumnElement[bool]:
    """What `actor` may print that belongs to the branch in `branch`, with every level inside his own."""
    found = [
        and_(
            branch.in_(sorted(scope.branches)) if scope.branches is not None else true(),
            *(or_(level.is_(None), level <= scope.max_level) for level in levels),
        )
        for scope in scopes(actor, Action.REGISTER_PRINT)
        if scope.agent_id is None
    ]
    return or_(*found) if found else false()


def papers_reached(actor: Actor, branch: Column) -> ColumnElement[bool]:
    """The same in a select that joins the item and its customer, or leaves both empty."""
    return reached(actor, branch, Document.level, Customer.level)


def within(wanted: RegisterFilter, branch: Column, moment: Column) -> list[ColumnElement[bool]]:
    """Return the conditions of branch, year and span on things that happened at `moment`."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.branch_id is not None:
        conditions.append(branch == wanted.branch_id)
    begins, ends = wanted.span()
    if begins is not None:
        conditions.append(moment >= first_moment(begins))
    if ends is not None:
        conditions.append(moment <= last_moment(ends))
    return conditions


def names_of(session: Session, ids: Iterator[int | None] | Sequence[int | None]) -> dict[int | None, str]:
    """Return the names of colleagues by account; nobody is ''."""
    wanted = {account_id for account_id in ids if account_id is not None}
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(wanted)))
    return {None: "", **{account_id: name for account_id, name in rows}}


def catalogue_day(moment: datetime | None) -> str:
    """Return the office's day of a moment as catalogues write it."""
    return day_in_catalogue(office_day(moment)) if moment else ""
