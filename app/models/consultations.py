"""Consultations 咨询 and the answers that are kept ready for them 知识库."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class Consultation(Base):
    """A question that somebody asked, and what he was told."""

    __tablename__ = "consultations"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # ZX2026-000123
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    level: Mapped[int] = mapped_column(default=2)
    channel: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    asker: Mapped[str] = mapped_column(SealedText("consultations.asker"), default="")
    asker_blind: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(SealedText("consultations.phone"), default="")
    phone_blind: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(String(10))  # policy | claim | product | service | other
    topic: Mapped[str] = mapped_column(String(16))  # domain.consultations.Topic
    product: Mapped[str] = mapped_column(String(120), default="")
    question: Mapped[str] = mapped_column(SealedText("consultations.question"), default="")
    answer: Mapped[str] = mapped_column(SealedText("consultations.answer"), default="")
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("ready_answers.id"))
    result: Mapped[str] = mapped_column(String(12), default="answered")  # answered | follow_up | passed_on | complaint
    follow_up_on: Mapped[date | None]
    follow_up_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    follow_up_note: Mapped[str] = mapped_column(SealedText("consultations.follow_up_note"), default="")
    closed_at: Mapped[datetime | None]
    case_id: Mapped[int | None]  # the complaint that it became; see `cases.consultation_id`
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    logged_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("result in ('answered','follow_up','passed_on','complaint')", name="result"),
        CheckConstraint("result <> 'follow_up' or follow_up_on is not null", name="follow_up"),
        CheckConstraint("level between 1 and 4", name="level"),
        Index("ix_consultations_asked", "asked_at", "id"),
        Index("ix_consultations_branch_asked", "branch_id", "asked_at", "id"),
        Index("ix_consultations_customer", "customer_id", "asked_at"),
        Index("ix_consultations_follow_up", "branch_id", "result", "closed_at", "follow_up_on"),
        Index("ix_consultations_phone", "phone_blind"),
        Index("ix_consultations_asker", "asker_blind"),
    )


class ReadyAnswer(Base):
    """An answer kept ready 知识条目: the question as customers ask it, and what they are told."""

    __tablename__ = "ready_answers"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))  # who keeps it
    topic: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200), default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    valid_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    uses: Mapped[int] = mapped_column(default=0)
    written_by: Mapped[int | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_ready_answers_topic", "active", "topic", "uses"),)
