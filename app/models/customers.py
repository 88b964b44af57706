"""Customers 客户: persons and organisations, the first class of the archive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class Customer(Base):
    """A person or an organisation; numbers, accounts, income and health are sealed, with blind indexes beside."""

    __tablename__ = "customers"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # 客户号
    kind: Mapped[str] = mapped_column(String(12))  # person | organisation
    name: Mapped[str] = mapped_column(String(120))
    name_sort: Mapped[bytes] = mapped_column(LargeBinary(240))  # GB 18030: pinyin order for common characters
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    level: Mapped[int] = mapped_column(default=2)
    state: Mapped[str] = mapped_column(String(10), default="active")  # active | closed
    relation_ended_on: Mapped[date | None]

    id_kind: Mapped[str] = mapped_column(String(24))
    id_number: Mapped[str | None] = mapped_column(SealedText("customers.id_number"))
    id_number_blind: Mapped[str | None] = mapped_column(String(40))
    id_expires_on: Mapped[date | None]
    id_never_expires: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[str | None] = mapped_column(String(8))
    birth_date: Mapped[date | None]
    nationality: Mapped[str] = mapped_column(String(40), default="中国")
    marital_status: Mapped[str | None] = mapped_column(String(12))

    mobile: Mapped[str | None] = mapped_column(SealedText("customers.mobile"))
    mobile_blind: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(SealedText("customers.phone"))
    phone_blind: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(SealedText("customers.email"))
    address: Mapped[str] = mapped_column(String(240), default="")
    postcode: Mapped[str] = mapped_column(String(6), default="")
    bank_name: Mapped[str] = mapped_column(String(80), default="")
    bank_account: Mapped[str | None] = mapped_column(SealedText("customers.bank_account"))
    bank_account_blind: Mapped[str | None] = mapped_column(String(40))

    occupation: Mapped[str] = mapped_column(String(60), default="")
    employer: Mapped[str] = mapped_column(String(120), default="")
    annual_income: Mapped[str | None] = mapped_column(SealedText("customers.annual_income"))  # cents, in decimal
    income_source: Mapped[str] = mapped_column(String(60), default="")
    health_notice: Mapped[str | None] = mapped_column(SealedText("customers.health_notice"))
    medical_history: Mapped[str | None] = mapped_column(SealedText("customers.medical_history"))

    legal_representative: Mapped[str] = mapped_column(String(60), default="")
    contact_person: Mapped[str] = mapped_column(String(60), default="")
    industry: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(Text, default="")

    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('person','organisation')", name="kind"),
        CheckConstraint("state in ('active','closed')", name="state"),
        CheckConstraint("level between 1 and 4", name="level"),
        Index(
            "uq_customers_identity",
            "id_kind",
            "id_number_blind",
            unique=True,
            sqlite_where=text("id_number_blind is not null"),
            postgresql_where=text("id_number_blind is not null"),
        ),
        Index("ix_customers_updated", "updated_at", "id"),
        Index("ix_customers_branch_updated", "branch_id", "updated_at", "id"),
        Index("ix_customers_name", "name_sort", "id"),
        Index("ix_customers_agent_updated", "agent_id", "updated_at", "id"),
        Index("ix_customers_mobile_blind", "mobile_blind"),
        Index("ix_customers_name_birth", "name", "birth_date"),
        # For counting without a look at the rows: how many there are, how many identity papers run out.
        Index("ix_customers_reach", "branch_id", "level", "agent_id"),
        Index("ix_customers_id_expiry", "id_expires_on", "branch_id", "level", "agent_id", "state"),
    )
