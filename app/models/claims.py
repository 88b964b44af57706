"""Claims 赔案 under a policy."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class Claim(Base):
    """One claim case; amounts in cents 分; the dates are those that the service limits are counted from."""

    __tablename__ = "claims"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(32), unique=True)  # 赔案号
    report_number: Mapped[str] = mapped_column(String(32), default="")  # 报案号
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(24))
    outcome: Mapped[str | None] = mapped_column(String(24))
    refusal_reason: Mapped[str | None] = mapped_column(String(32))
    amount_claimed: Mapped[int] = mapped_column(default=0)
    amount_paid: Mapped[int | None]
    occurred_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    materials_received_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(String(500), default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("amount_claimed >= 0 and (amount_paid is null or amount_paid >= 0)", name="amounts"),
        Index("ix_claims_customer", "customer_id", "reported_on"),
        Index("ix_claims_updated", "updated_at", "id"),
        Index("ix_claims_branch_updated", "branch_id", "updated_at", "id"),
        Index("ix_claims_branch_status", "branch_id", "status", "customer_id"),
        Index("ix_claims_reported", "reported_on"),
    )
