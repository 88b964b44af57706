"""Whether a policy or claim has all its papers 齐全性: editable rules, answers to conditions, what is owed 欠件, letters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class CompletenessRule(Base):
    """A line of a checklist: which paper a business needs, under which condition, on what basis, since when.

    An empty scope field means any. `condition` is an expression of `domain.completeness`; empty for an optional or always
    required paper; `?` where only a person can tell.
    """

    __tablename__ = "completeness_rules"

    id: Mapped[Key]
    business: Mapped[str] = mapped_column(String(12))  # domain.intake.Business
    line: Mapped[str] = mapped_column(String(40), default="")  # 险种
    customer_kind: Mapped[str] = mapped_column(String(12), default="")
    channel: Mapped[str] = mapped_column(String(20), default="")
    claim_kind: Mapped[str] = mapped_column(String(32), default="")
    paper_type_id: Mapped[int] = mapped_column(ForeignKey("paper_types.id"))
    need: Mapped[str] = mapped_column(String(12))  # required | conditional | optional
    condition: Mapped[str] = mapped_column(String(200), default="")
    condition_words: Mapped[str] = mapped_column(String(120), default="")  # the condition as people say it
    form: Mapped[str] = mapped_column(String(8), default="either")  # original | copy | either
    copies: Mapped[int] = mapped_column(default=1)
    hint: Mapped[str] = mapped_column(String(120), default="")  # what an agent minds when photographing it
    basis: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("need in ('required','conditional','optional')", name="need"),
        CheckConstraint("form in ('original','copy','either')", name="form"),
        CheckConstraint("copies between 1 and 9", name="copies"),
        Index("ix_completeness_rules_business", "business", "line", "position"),
    )


class ConditionAnswer(Base):
    """What a person said of a condition that no figure can tell: does it hold for this policy or claim."""

    __tablename__ = "condition_answers"

    id: Mapped[Key]
    rule_id: Mapped[int] = mapped_column(ForeignKey("completeness_rules.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    holds: Mapped[bool]
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("rule_id", "policy_id", "claim_id"),
        CheckConstraint("policy_id is not null or claim_id is not null", name="thing"),
    )


class MissingPaper(Base):
    """A line of 欠件台账: a paper that is owed; filed without it, waited for until a day, received or waived 免附."""

    __tablename__ = "missing_papers"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    business: Mapped[str] = mapped_column(String(12))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("completeness_rules.id"))
    paper_type_id: Mapped[int] = mapped_column(ForeignKey("paper_types.id"))
    state: Mapped[str] = mapped_column(String(8), default="open")  # open | waiver | received | waived
    reason: Mapped[str] = mapped_column(String(200), default="")  # why it was filed without
    due_on: Mapped[date]
    opened_by: Mapped[int | None]
    opened_at: Mapped[datetime]
    reminded_on: Mapped[date | None]
    waiver_reason: Mapped[str] = mapped_column(String(200), default="")
    waiver_asked_by: Mapped[int | None]
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))  # that it was received as
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("supplement_notices.id"))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('open','waiver','received','waived')", name="state"),
        CheckConstraint("policy_id is not null or claim_id is not null", name="thing"),
        Index("ix_missing_papers_branch", "branch_id", "state", "due_on", "id"),
        Index(
            "uq_missing_papers_claim",
            "claim_id",
            "paper_type_id",
            unique=True,
            sqlite_where=text("state in ('open','waiver') and claim_id is not null"),
            postgresql_where=text("state in ('open','waiver') and claim_id is not null"),
        ),
        Index(
            "uq_missing_papers_policy",
            "policy_id",
            "business",
            "paper_type_id",
            unique=True,
            sqlite_where=text("state in ('open','waiver') and claim_id is null"),
            postgresql_where=text("state in ('open','waiver') and claim_id is null"),
        ),
    )


class SupplementNotice(Base):
    """A letter 一次性补件通知书: everything that is still needed, told once (保险法 Art. 22)."""

    __tablename__ = "supplement_notices"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    business: Mapped[str] = mapped_column(String(12))
    papers: Mapped[Any] = mapped_column(JSON)  # [[name, form, copies], …] as printed
    due_on: Mapped[date]
    again_reason: Mapped[str] = mapped_column(String(200), default="")  # why a second letter was written all the same
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    told_on: Mapped[date | None]
    told_how: Mapped[str] = mapped_column(String(20), default="")
    blob_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))

    __table_args__ = (Index("ix_supplement_notices_branch", "branch_id", "made_at", "id"),)
