"""Where papers stand: places 库位, boxes 档案盒, volumes 案卷, and every movement in and out of the storeroom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class Place(Base):
    """A node of 库房–区–列–节–层. Boxes stand on shelves 层; a room may have boxes standing in it as well.

    `path` is `/root/…/self/`, ids in decimal; `full_code` joins the codes from the room down: `K1-A-03-02-05`.
    """

    __tablename__ = "places"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # room | zone | row | bay | shelf
    code: Mapped[str] = mapped_column(String(12))
    full_code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(60), default="")
    path: Mapped[str] = mapped_column(String(200), index=True)
    position: Mapped[int] = mapped_column(default=0)
    width_mm: Mapped[int] = mapped_column(default=0)  # usable width of a shelf; 0 elsewhere
    climate_kind: Mapped[str] = mapped_column(String(16), default="paper")  # of a room: which limits hold in it
    active: Mapped[bool] = mapped_column(default=True)
    remark: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('room','zone','row','bay','shelf')", name="kind"),
        CheckConstraint("width_mm >= 0", name="width"),
        UniqueConstraint("branch_id", "full_code"),
    )


class Box(Base):
    """A box 盒: holds items and volumes, stands on a place, has a number of its own that is never used twice."""

    __tablename__ = "boxes"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 盒号
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)  # from the left on its shelf
    spine_mm: Mapped[int] = mapped_column(default=40)  # 20 | 30 | 40 | 50, DA/T 22
    fonds_code: Mapped[str] = mapped_column(String(4))
    series: Mapped[str] = mapped_column(String(4), default="")
    year: Mapped[int | None]
    period: Mapped[str] = mapped_column(String(6), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("spine_mm between 10 and 100", name="spine"),
        Index("ix_boxes_branch", "branch_id", "number"),
    )


class Volume(Base):
    """A volume 案卷: items bound together in an order, lent and boxed as one.

    A claim has a volume of its own 一案一卷; policies of several customers may share one, by policy number: then no
    customer stands here.
    """

    __tablename__ = "volumes"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    kind: Mapped[str] = mapped_column(String(8), default="customer", server_default="customer")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("boxes.id"), index=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    series: Mapped[str] = mapped_column(String(4))
    year: Mapped[int]
    period: Mapped[str] = mapped_column(String(6))
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="open")  # open | closed
    remark: Mapped[str] = mapped_column(Text, default="")
    page_count: Mapped[int] = mapped_column(default=0, server_default="0")
    thickness_mm: Mapped[int] = mapped_column(default=0, server_default="0")
    # 卷内备考表: 本卷情况说明, 立卷人, 检查人, 互见号
    condition_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    see_also: Mapped[str] = mapped_column(String(120), default="", server_default="")
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('claim','policy','customer','series')", name="kind"),
        CheckConstraint("state in ('open','closed')", name="state"),
        CheckConstraint("level between 1 and 4", name="level"),
        Index("ix_volumes_branch", "branch_id", "number"),
    )


class Movement(Base):
    """A line of 档案出入库登记簿: written with the change itself, never changed."""

    __tablename__ = "movements"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    at: Mapped[datetime]
    direction: Mapped[str] = mapped_column(String(4))  # in | out | move
    # loan | scan | repair | transfer | destruction | shelving | count
    reason: Mapped[str] = mapped_column(String(12))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("boxes.id"))
    from_place: Mapped[str] = mapped_column(String(120), default="")  # as it was called then
    to_place: Mapped[str] = mapped_column(String(120), default="")
    holder_kind: Mapped[str] = mapped_column(String(16), default="")  # loan, repair, transfer, stocktake
    holder_id: Mapped[int | None]
    counterpart: Mapped[str] = mapped_column(String(60), default="")  # 领取/交还人
    account_id: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("direction in ('in','out','move')", name="direction"),
        CheckConstraint("document_id is not null or box_id is not null", name="thing"),
        Index("ix_movements_branch", "branch_id", "at", "id"),
        Index("ix_movements_at", "at", "id"),
        Index("ix_movements_document", "document_id", "at"),
        Index("ix_movements_box", "box_id", "at"),
    )
