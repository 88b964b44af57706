"""Which papers can be handed over, and what stands in the way of one that cannot."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, select

from app.domain.loans import PROMISED_STATES
from app.domain.transfers import PaperFilter
from app.models.borrowing import LoanItem
from app.models.documents import Category, Document
from app.models.rounds import RepairOrder
from app.models.storage import Box
from app.models.transfers import TransferLine

MOST_AT_ONCE = 20_000


def is_promised() -> ColumnElement[bool]:
    """A loan has the paper, or it lies ready for a borrower."""
    return exists().where(
        LoanItem.document_id == Document.id,
        LoanItem.takes_paper,
        LoanItem.state.in_([state.value for state in PROMISED_STATES]),
    )


def is_in_repair() -> ColumnElement[bool]:
    """A repair order for it is open."""
    return exists().where(
        RepairOrder.document_id == Document.id, RepairOrder.state.in_(("ordered", "working", "finished"))
    )


def is_listed() -> ColumnElement[bool]:
    """It stands in an open handing over."""
    return exists().where(TransferLine.document_id == Document.id, TransferLine.state.in_(("listed", "moving")))


def obstacle(from_branch_id: int) -> Any:
    """Return the code of what keeps a paper from being sent by this branch, '' when nothing does."""
    return case(
        (Document.branch_id != from_branch_id, "transfer.elsewhere"),
        (Document.state == "destroyed", "paper.destroyed"),
        (Document.state == "held", "paper.sealed"),
        (Document.state != "filed", "paper.not_filed"),
        (Document.whereabouts == "none", "paper.is_none"),
        (Document.whereabouts == "loan", "paper.is_loan"),
        (Document.whereabouts == "repair", "paper.is_repair"),
        (Document.whereabouts == "transfer", "paper.is_transfer"),
        (Document.whereabouts == "missing", "paper.is_missing"),
        (is_promised(), "transfer.promised"),
        (is_in_repair(), "transfer.in_repair"),
        else_="",
    )


def can_be_listed(from_branch_id: int) -> list[ColumnElement[bool]]:
    """Return the conditions of a paper that may be put on a list of this branch, in the order of their price."""
    return [
        Document.branch_id == from_branch_id,
        Document.state == "filed",
        Document.whereabouts == "shelf",
        ~is_promised(),
        ~is_in_repair(),
        ~is_listed(),
    ]


def matching(wanted: PaperFilter) -> Select[*tuple[Any, ...]]:
    """Return a select of the items that a filter leaves, to be joined by what may be seen."""
    statement: Select[*tuple[Any, ...]] = select(Document.id, Document.page_count)
    if wanted.category:
        statement = statement.join(Category, Category.id == Document.category_id).where(
            Category.code.startswith(wanted.category, autoescape=True)
        )
    if wanted.year is not None:
        statement = statement.where(Document.formed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.period:
        statement = statement.where(Document.period == wanted.period)
    if wanted.box:
        statement = statement.join(Box, Box.id == Document.box_id).where(Box.number == wanted.box)
    return statement
