"""Policies 保单 and their parties."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class Policy(Base):
    """A contract of insurance; amounts in cents 分, dates as printed on the policy."""

    __tablename__ = "policies"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    application_number: Mapped[str] = mapped_column(String(32), default="")
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    line: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(120))
    design_type: Mapped[str | None] = mapped_column(String(20))
    term_kind: Mapped[str] = mapped_column(String(8))  # short | long: drives retention
    channel: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(24))
    insured_amount: Mapped[int] = mapped_column(default=0)
    premium: Mapped[int] = mapped_column(default=0)
    pay_mode: Mapped[str] = mapped_column(String(12))
    pay_frequency: Mapped[str | None] = mapped_column(String(12))
    pay_years: Mapped[int | None]
    applied_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    terminated_on: Mapped[date | None]
    termination_reason: Mapped[str] = mapped_column(String(60), default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("term_kind in ('short','long')", name="term_kind"),
        CheckConstraint("insured_amount >= 0 and premium >= 0", name="amounts"),
        Index("ix_policies_customer", "customer_id", "effective_on"),
        Index("ix_policies_updated", "updated_at", "id"),
        Index("ix_policies_branch_updated", "branch_id", "updated_at", "id"),
        Index("ix_policies_application_number", "application_number"),
        Index("ix_policies_branch_status", "branch_id", "status", "customer_id"),
        Index("ix_policies_effective", "effective_on"),
        Index("ix_policies_expires", "expires_on"),
    )


class Party(Base):
    """Who is what in a policy: 投保人 holder, 被保险人 insured, 受益人 beneficiary."""

    __tablename__ = "parties"

    id: Mapped[Key]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    share: Mapped[int | None]  # per cent, for beneficiaries

    __table_args__ = (
        UniqueConstraint("policy_id", "customer_id", "role"),
        CheckConstraint("role in ('holder','insured','beneficiary')", name="role"),
    )
