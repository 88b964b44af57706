"""Handing over 移交: between branches, or from a leaving keeper to the next 岗位交接."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key

_UNDER_WAY = text("state in ('listed','moving')")


class Transfer(Base):
    """A handing over 移交 with the head of its 交接文据."""

    __tablename__ = "transfers"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # YJ2026-0001
    kind: Mapped[str] = mapped_column(String(8))  # branch | post
    state: Mapped[str] = mapped_column(String(10), default="draft")  # draft | sent | counted | done | cancelled
    from_branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    to_branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    from_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    to_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    witness: Mapped[str] = mapped_column(String(60), default="")  # 监交人
    nature: Mapped[str] = mapped_column(String(40), default="")  # 移交性质
    years: Mapped[str] = mapped_column(String(40), default="")  # 档案所属年度
    note: Mapped[str] = mapped_column(String(500), default="")
    equipment: Mapped[str] = mapped_column(Text, default="")  # of a post: keys and equipment, a thing a line
    # As it was when it was sent: quantities of the papers, or the lines of a leaving keeper's package.
    package: Mapped[Any] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('branch','post')", name="kind"),
        CheckConstraint("state in ('draft','sent','counted','done','cancelled')", name="state"),
        Index("ix_transfers_from", "from_branch_id", "state", "created_at", "id"),
        Index("ix_transfers_to", "to_branch_id", "state", "created_at", "id"),
    )


class TransferLine(Base):
    """An item that is handed over; one item is in one open handing over only."""

    __tablename__ = "transfer_lines"

    id: Mapped[Key]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    ordinal: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="listed")  # listed | moving | received | absent | dropped
    pages_sent: Mapped[int] = mapped_column(default=0)
    pages_received: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("state in ('listed','moving','received','absent','dropped')", name="state"),
        UniqueConstraint("transfer_id", "document_id"),
        Index(
            "uq_transfer_lines_open",
            "document_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )
