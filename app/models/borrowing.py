"""Borrowing 借阅: the rule matrix, requests with their items, decisions, the history of each item."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText

_PROMISED = text("takes_paper and state in ('ready','out')")


class LoanRule(Base):
    """A row of the rule matrix 借阅规则: role × class × level × way; empty means any, the closest row holds."""

    __tablename__ = "loan_rules"

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(String(12), default="")  # clerk | archivist | manager | external; '' any
    category: Mapped[str] = mapped_column(String(12), default="")  # code of a class or sub-class; '' any
    level: Mapped[int | None]  # this level; None any
    way: Mapped[str] = mapped_column(String(10), default="")  # read | lend | copy | excerpt | electronic; '' any
    allowed: Mapped[bool] = mapped_column(default=True)
    approvers: Mapped[str] = mapped_column(String(40), default="manager")  # chain: '', 'manager', 'manager upper'
    days: Mapped[int] = mapped_column(default=10)  # working days a paper may be out; days an electronic loan is open
    renewals: Mapped[int] = mapped_column(default=1)
    on_site_only: Mapped[bool] = mapped_column(default=False)
    most_at_once: Mapped[int] = mapped_column(default=10)  # items in one person's hands
    block_overdue_days: Mapped[int] = mapped_column(default=1)  # who is overdue by this many days is blocked; 0 never
    may_print: Mapped[bool] = mapped_column(default=False)  # electronic only
    may_copy: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("days between 0 and 3650", name="days"),
        CheckConstraint("renewals between 0 and 99", name="renewals"),
    )


class LoanRequest(Base):
    """A borrowing request 借阅单 with who asks, why, for how long, and the rule it was judged by."""

    __tablename__ = "loan_requests"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # JY2026-000123
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))  # whose papers
    borrower_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))  # external users: who received them
    borrower_branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("loan_rules.id"))
    way: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="asked")  # asked | open | refused | withdrawn | closed
    level: Mapped[int]  # the highest of its items
    purpose: Mapped[str] = mapped_column(String(20))
    purpose_note: Mapped[str] = mapped_column(String(300), default="")
    days: Mapped[int]
    wanted_from: Mapped[date | None]  # a reservation 预约 for a day
    approvers: Mapped[str] = mapped_column(String(40), default="")  # the chain that it must pass
    steps_done: Mapped[int] = mapped_column(default=0)
    renewals_left: Mapped[int] = mapped_column(default=0)
    on_site_only: Mapped[bool] = mapped_column(default=False)
    may_print: Mapped[bool] = mapped_column(default=False)
    may_copy: Mapped[bool] = mapped_column(default=False)
    external_kind: Mapped[str] = mapped_column(String(16), default="")  # court | police | regulator | customer | heir …
    external_name: Mapped[str] = mapped_column(SealedText("loan_requests.external_name"))
    external_unit: Mapped[str] = mapped_column(String(120), default="")
    external_phone: Mapped[str] = mapped_column(SealedText("loan_requests.external_phone"))
    external_papers: Mapped[str] = mapped_column(SealedText("loan_requests.external_papers"))  # JSON: kind → number
    effect: Mapped[str] = mapped_column(String(20), default="")  # 利用效果
    effect_note: Mapped[str] = mapped_column(Text, default="")
    effect_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("way in ('read','lend','copy','excerpt','electronic')", name="way"),
        CheckConstraint("state in ('asked','open','refused','withdrawn','closed')", name="state"),
        CheckConstraint("level between 1 and 4", name="level"),
        Index("ix_loan_requests_borrower", "borrower_id", "asked_at", "id"),
        Index("ix_loan_requests_branch", "branch_id", "state", "asked_at", "id"),
        Index("ix_loan_requests_asked", "asked_at", "id"),
    )


class LoanItem(Base):
    """One paper of a request. The database itself promises a paper to one person only (`uq_loan_items_promised`)."""

    __tablename__ = "loan_items"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("loan_requests.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    asked_as: Mapped[str] = mapped_column(String(10), default="document")  # document | volume | customer | box
    asked_as_id: Mapped[int | None]
    takes_paper: Mapped[bool]  # false for an electronic loan
    state: Mapped[str] = mapped_column(String(10), default="asked")  # see domain.loans
    queued_at: Mapped[datetime | None]  # since when it waits in line
    ready_until: Mapped[date | None]  # kept for the borrower until this day
    out_at: Mapped[datetime | None]
    out_by: Mapped[int | None]
    due_on: Mapped[date | None]
    renewals: Mapped[int] = mapped_column(default=0)
    recalled_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_on: Mapped[date | None]
    back_at: Mapped[datetime | None]
    back_by: Mapped[int | None]
    pages_out: Mapped[int | None]
    pages_back: Mapped[int | None]
    condition: Mapped[str] = mapped_column(String(10), default="")  # intact | damaged | short
    damage_note: Mapped[str] = mapped_column(String(300), default="")
    views: Mapped[int] = mapped_column(default=0)  # pages shown of an electronic loan
    prints: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint(
            "state in ('asked','waiting','ready','out','returned','refused','withdrawn','expired','lost')",
            name="state",
        ),
        Index("uq_loan_items_promised", "document_id", unique=True, sqlite_where=_PROMISED, postgresql_where=_PROMISED),
        Index("ix_loan_items_document", "document_id", "state", "queued_at"),
        Index("ix_loan_items_due", "state", "due_on", "id"),
    )


class LoanEvent(Base):
    """A step of one item, as it happened; never changed."""

    __tablename__ = "loan_events"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("loan_items.id"))
    ordinal: Mapped[int]  # 1, 2, 3 … of its item
    step: Mapped[str] = mapped_column(String(12))
    state_before: Mapped[str] = mapped_column(String(10))
    state_after: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("item_id", "ordinal"),)


class LoanDecision(Base):
    """A decision on a request, one per step of its chain."""

    __tablename__ = "loan_decisions"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("loan_requests.id"))
    step: Mapped[int]  # 0 for the first approver of the chain
    approver: Mapped[str] = mapped_column(String(12))  # manager | upper
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("request_id", "step"),)


class CartItem(Base):
    """Something that somebody has put aside to ask for 借阅车."""

    __tablename__ = "cart_items"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    asked_as: Mapped[str] = mapped_column(String(10), default="document")
    asked_as_id: Mapped[int | None]
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("account_id", "document_id"),)


class BorrowerBlock(Base):
    """Somebody who may not borrow for a while 停借, by a person's decision; being overdue blocks by itself."""

    __tablename__ = "borrower_blocks"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    reason: Mapped[str] = mapped_column(String(200))
    until: Mapped[date | None]
    blocked_by: Mapped[int]
    blocked_at: Mapped[datetime]
    lifted_by: Mapped[int | None]
    lifted_at: Mapped[datetime | None]


class CertifiedCopy(Base):
    """A certified copy 此复印件与原件无异: a PDF with a number, whose QR code proves it."""

    __tablename__ = "certified_copies"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # FY2026-000123
    token: Mapped[str] = mapped_column(String(64), unique=True)  # of the address in the QR code; not guessable
    item_id: Mapped[int] = mapped_column(ForeignKey("loan_items.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    version_ordinal: Mapped[int]
    pages: Mapped[str] = mapped_column(String(120))  # "1-3,5"
    page_count: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(120))  # 此件仅供…使用
    blob_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))  # None until it is printed
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None]
    revoke_reason: Mapped[str] = mapped_column(String(200), default="")
    checks: Mapped[int] = mapped_column(default=0)  # how often the QR code was looked up
