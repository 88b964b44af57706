"""The cart 借阅车: what somebody has put aside, with everything that decides whether he may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.loans import LoanState
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.borrowing import CartItem, LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Category, Document, DocumentVersion
from app.models.storage import Box, Volume
from app.queries.visibility import documents_for

_NOT_YET_BACK = sorted({LoanState.ASKED, LoanState.WAITING, LoanState.READY, LoanState.OUT, LoanState.LOST})


@dataclass(frozen=True, slots=True)
class CartRow:
    """An item of the cart; title and customer are empty for who may ask for it but not see it."""

    document_id: int
    asked_as: str
    asked_as_id: int | None
    asked_label: str  # number of the volume, box or customer that was asked for as a whole
    archive_number: str
    title: str
    customer_id: int
    customer_name: str
    category: str
    category_name: str
    level: int  # the higher one of the item's and its customer's
    state: str
    page_count: int
    branch_id: int
    branch_name: str
    whereabouts: str
    has_scan: bool
    may_view: bool
    may_ask: bool
    waiting: int  # how many are in line for the paper
    due_on: date | None  # when the one who has it should bring it back
    asked_paper: bool  # by the reader himself, and not yet back
    asked_electronic: bool

    @property
    def unit(self) -> tuple[str, int]:
        """What counts as one at the limit of things in hand: a volume, box or file is one."""
        return (self.asked_as, self.asked_as_id or self.document_id)


def read_cart(session: Session, actor: Actor) -> Sequence[CartRow]:
    """Return the actor's cart, what belongs together side by side, in the order in which it came."""
    rows = session.execute(
        _columns(actor)
        .where(CartItem.account_id == actor.account_id)
        .order_by(CartItem.added_at, CartItem.asked_as, CartItem.asked_as_id, Document.archive_number, Document.id)
    )
    return [_make_row(row) for row in rows]


def count_cart(session: Session, actor: Actor) -> int:
    """Return how many items lie in the actor's cart."""
    return session.scalar(select(func.count()).where(CartItem.account_id == actor.account_id)) or 0


def _columns(actor: Actor) -> Select[Any]:
    return (
        select(
            Document.id,
            CartItem.asked_as,
            CartItem.asked_as_id,
            _asked_label().label("asked_label"),
            Document.archive_number,
            Document.title,
            Document.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Category.code.label("category"),
            Category.name.label("category_name"),
            case((Customer.level > Document.level, Customer.level), else_=Document.level).label("level"),
            Document.state,
            Document.page_count,
            Document.branch_id,
            Branch.name.label("branch_name"),
            Document.whereabouts,
            _has_scan().label("has_scan"),
            documents_for(actor, Action.DOCUMENT_VIEW).label("may_view"),
            documents_for(actor, Action.LOAN_ASK).label("may_ask"),
            _waiting().label("waiting"),
            _due_on().label("due_on"),
            _asked(actor, takes_paper=True).label("asked_paper"),
            _asked(actor, takes_paper=False).label("asked_electronic"),
        )
        .join(Document, Document.id == CartItem.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .join(Branch, Branch.id == Document.branch_id)
    )


def _asked_label() -> ColumnElement[Any]:
    number = {
        "volume": select(Volume.number).where(Volume.id == CartItem.asked_as_id).scalar_subquery(),
        "box": select(Box.number).where(Box.id == CartItem.asked_as_id).scalar_subquery(),
        "customer": Customer.number,
    }
    return case(*((CartItem.asked_as == kind, label) for kind, label in number.items()), else_="")


def _has_scan() -> ColumnElement[bool]:
    current = and_(DocumentVersion.document_id == Document.id, DocumentVersion.ordinal == Document.current_version)
    return select(DocumentVersion.id).where(current, DocumentVersion.render_state == "done").exists()


def _waiting() -> ColumnElement[int]:
    in_line = (LoanState.WAITING.value, LoanState.READY.value)
    mine = (LoanItem.document_id == Document.id, LoanItem.takes_paper, LoanItem.state.in_(in_line))
    return select(func.count()).select_from(LoanItem).where(*mine).scalar_subquery()


def _due_on() -> ColumnElement[Any]:
    out = (LoanItem.document_id == Document.id, LoanItem.takes_paper, LoanItem.state == LoanState.OUT.value)
    return select(func.max(LoanItem.due_on)).where(*out).scalar_subquery()


def _asked(actor: Actor, *, takes_paper: bool) -> ColumnElement[bool]:
    return (
        select(LoanItem.id)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .where(
            LoanItem.document_id == Document.id,
            LoanItem.takes_paper == takes_paper,
            LoanItem.state.in_(_NOT_YET_BACK),
            LoanRequest.borrower_id == actor.account_id,
            LoanRequest.external_kind == "",
        )
        .exists()
    )


def _make_row(row: Any) -> CartRow:
    values = row._asdict()
    values["document_id"] = values.pop("id")
    organisation = values.pop("customer_kind") == "organisation"
    values["customer_name"] = mask_name(values["customer_name"], is_organisation=organisation)
    values["archive_number"] = values["archive_number"] or ""
    if not values["may_view"]:
        values["title"] = values["customer_name"] = ""
        if values["asked_as"] == "customer":
            values["asked_label"] = ""
    return CartRow(**values)
