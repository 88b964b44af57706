"""Photos and signatures that prove in what state a thing changed hands, and notices to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class Photo(Base):
    """A photo of a loan's return, an inspection or a repair: re-encoded image and thumbnail in the file store."""

    __tablename__ = "photos"

    id: Mapped[Key]
    holder_kind: Mapped[str] = mapped_column(String(16))  # loan_item, inspection, repair …
    holder_id: Mapped[int]
    moment: Mapped[str] = mapped_column(String(8))  # before | after | damage
    image_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    thumbnail_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    caption: Mapped[str] = mapped_column(String(120), default="")
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("moment in ('before','after','damage')", name="moment"),
        Index("ix_photos_holder", "holder_kind", "holder_id"),
    )


class Signature(Base):
    """A signature drawn on a screen, or the word of who took it that the printed sheet was signed."""

    __tablename__ = "signatures"

    id: Mapped[Key]
    holder_kind: Mapped[str] = mapped_column(String(16))  # loan, transfer, stocktake
    holder_id: Mapped[int]
    moment: Mapped[str] = mapped_column(String(10))  # out | back | giver | receiver | witness
    signer: Mapped[str] = mapped_column(String(60))
    means: Mapped[str] = mapped_column(String(8))  # drawn | paper
    image_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("means in ('drawn','paper')", name="means"),
        CheckConstraint("means <> 'drawn' or image_digest is not null", name="drawn"),
        Index("ix_signatures_holder", "holder_kind", "holder_id"),
    )


class Notice(Base):
    """A message to one person 通知: what happened, and where to go; no personal datum stands in it."""

    __tablename__ = "notices"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(30))
    details: Mapped[Any] = mapped_column(JSON)  # numbers and dates that the sentence needs
    path: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_notices_account", "account_id", "read_at", "created_at"),)
