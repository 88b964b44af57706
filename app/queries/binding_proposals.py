"""What wants to be bound: filed papers that no volume holds yet, put together by the rule. Nothing is bound by asking.

A proposal is named by where it begins and by a fingerprint of its items, so that what is bound is what was shown. Closed claims
are in `claim_proposals`, papers of policies in `policy_proposals`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.domain.volume_order import Paper
from app.domain.volumes import VolumeKind
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.intake import PaperType

PAGE_SIZE = 20
_OF_PAPER = (
    Document.id,
    Document.title,
    PaperType.code.label("kind"),
    Category.code.label("category"),
    Category.series,
    Document.formed_on,
    Document.archive_number,
    Document.page_count,
    Document.period,
    Document.branch_id,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that may share a volume: of one branch, series, year and period."""

    branch_id: int
    series: str
    year: int
    period: str


@dataclass(frozen=True, slots=True)
class ProposedItem:
    """A paper of a proposal in its place."""

    id: int
    title: str
    archive_number: str
    formed_on: date | None
    page_count: int
    period: str
    policy_number: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A volume that would be bound.

    `waiting` papers of the claim are not filed or not on the shelf; with `hidden` ones, which the reader may not see, it is
    another person's to bind.
    """

    ref: str
    kind: VolumeKind
    title: str
    branch_name: str
    group: Group
    items: Sequence[ProposedItem]
    thickness_mm: int
    claim_id: int | None = None
    claim_number: str = ""
    policies: Sequence[str] = ()
    waiting: int = 0
    hidden: int = 0

    @property
    def pages(self) -> int:
        """How many pages it would have."""
        return sum(item.page_count for item in self.items)

    @property
    def uncounted(self) -> int:
        """How many of its items have no page count."""
        return sum(item.page_count <= 0 for item in self.items)


def unbound() -> tuple[ColumnElement[bool], ...]:
    """Filed papers on their shelf that no volume holds; those of a complaint are bound with its file."""
    return (
        Document.volume_id.is_(None),
        Document.state == "filed",
        Document.whereabouts == "shelf",
        Document.case_id.is_(None),
    )


def papers_with(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a select of papers, joined with their class and customer, with further columns."""
    statement: Select[*tuple[Any, ...]] = (
        select(*_OF_PAPER, *columns)
        .join(Category, Category.id == Document.category_id)
        .join(Customer, Customer.id == Document.customer_id)
        .outerjoin(PaperType, PaperType.id == Document.paper_type_id)
    )
    return statement


def as_paper(row: Any) -> Paper:
    """Return a row as the order looks at it."""
    return Paper(row.id, row.title, row.kind or "", row.category, row.formed_on, row.archive_number or "")


def as_item(row: Any, policy_number: str = "") -> ProposedItem:
    """Return a row as a proposal shows it."""
    return ProposedItem(
        row.id, row.title, row.archive_number or "", row.formed_on, row.page_count, row.period, policy_number
    )


def fingerprint(items: Iterable[ProposedItem]) -> str:
    """Return what tells these items in this order from any others."""
    return hashlib.sha256(",".join(str(item.id) for item in items).encode()).hexdigest()[:16]
