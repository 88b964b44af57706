"""Rounds: stock-taking 盘点, inspection of condition 检查, repair 修复."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key

_OPEN_REPAIR = text("state in ('ordered','working','finished')")


class Stocktake(Base):
    """A stock-taking of one place with all below it."""

    __tablename__ = "stocktakes"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # PD2026-0001
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    state: Mapped[str] = mapped_column(String(10), default="counting")  # counting | review | closed | cancelled
    reason: Mapped[str] = mapped_column(String(20), default="plan")  # plan | acceptance | keeper | use | incident
    expected: Mapped[int] = mapped_column(default=0)  # items that the books had there at the start
    started_by: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('counting','review','closed','cancelled')", name="state"),
        Index("ix_stocktakes_branch", "branch_id", "started_at", "id"),
        Index(
            "uq_stocktakes_open",
            "place_id",
            unique=True,
            sqlite_where=text("state in ('counting','review')"),
            postgresql_where=text("state in ('counting','review')"),
        ),
    )


class StocktakeLine(Base):
    """An item that the books have there, or that was scanned there; or a code that no book knows."""

    __tablename__ = "stocktake_lines"

    id: Mapped[Key]
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktakes.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    expected: Mapped[bool] = mapped_column(default=True)  # false: scanned here, though the books have it elsewhere
    scanned: Mapped[str] = mapped_column(String(120), default="")  # as read, where no item answers to it
    book_box_id: Mapped[int | None]
    book_place: Mapped[str] = mapped_column(String(120), default="")
    book_whereabouts: Mapped[str] = mapped_column(String(10), default="")
    book_pages: Mapped[int | None]
    found_box_id: Mapped[int | None]
    found_place_id: Mapped[int | None]
    found_place: Mapped[str] = mapped_column(String(120), default="")
    found_pages: Mapped[int | None]
    found_at: Mapped[datetime | None]
    found_by: Mapped[int | None]
    # open | found | missing | misplaced | on_loan_present | away | not_in_books | damaged
    result: Mapped[str] = mapped_column(String(16), default="open")
    correction: Mapped[str] = mapped_column(String(10), default="none")  # none | proposed | approved | refused
    remark: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("stocktake_id", "document_id"),
        Index("ix_stocktake_lines_result", "stocktake_id", "result", "id"),
    )


class InspectionPlan(Base):
    """A plan: everything of a branch is looked at within some years, a sample every year."""

    __tablename__ = "inspection_plans"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    years: Mapped[int] = mapped_column(default=3)
    sample_percent: Mapped[int] = mapped_column(default=5)
    basis: Mapped[str] = mapped_column(String(200), default="")
    started_on: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Inspection(Base):
    """One look at one item: planned, or done with what was found."""

    __tablename__ = "inspections"

    id: Mapped[Key]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_plans.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]
    grade: Mapped[str] = mapped_column(String(10), default="")  # sound | slight | medium | severe | extreme
    damages: Mapped[Any] = mapped_column(JSON, default=list)
    pages: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (
        CheckConstraint("grade in ('','sound','slight','medium','severe','extreme')", name="grade"),
        Index("ix_inspections_plan", "plan_id", "done_at", "due_on", "id"),
    )


class RepairOrder(Base):
    """A repair order 修复单; while it is open the item cannot be lent."""

    __tablename__ = "repair_orders"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # XF2026-0001
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    source: Mapped[str] = mapped_column(String(12), default="")  # loan | inspection | stocktake | ''
    source_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="ordered")  # ordered|working|finished|accepted|cancelled
    damages: Mapped[Any] = mapped_column(JSON, default=list)
    grade: Mapped[str] = mapped_column(String(10))
    affects_content: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str] = mapped_column(String(300), default="")
    materials: Mapped[str] = mapped_column(String(300), default="")
    cost_cents: Mapped[int] = mapped_column(default=0)
    repairer: Mapped[str] = mapped_column(String(60), default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    finished_by: Mapped[int | None]
    accepted_by: Mapped[int | None]
    accepted_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    ordered_by: Mapped[int]
    ordered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('ordered','working','finished','accepted','cancelled')", name="state"),
        CheckConstraint("grade in ('slight','medium','severe','extreme')", name="grade"),
        Index(
            "uq_repair_orders_open",
            "document_id",
            unique=True,
            sqlite_where=_OPEN_REPAIR,
            postgresql_where=_OPEN_REPAIR,
        ),
        Index("ix_repair_orders_branch", "branch_id", "state", "ordered_at", "id"),
    )
