"""The machinery: the trail, jobs, the outbox of the index, exports, idempotency keys and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class TrailEntry(Base):
    """One entry of the trail 审计记录: written in the transaction of what it tells, never changed.

    `sequence` grows without gaps under the write lock; `chain` is reserved for the keyed hash chain.
    """

    __tablename__ = "trail"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    monotonic_ns: Mapped[int]
    account_id: Mapped[int | None]
    account_name: Mapped[str] = mapped_column(String(110), default="")
    roles: Mapped[str] = mapped_column(String(80), default="")
    branch_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    session_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(20), default="")
    object_id: Mapped[int | None]
    object_label: Mapped[str] = mapped_column(String(120), default="")
    customer_id: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(10), default="done")  # done | refused
    reason: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    chain: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("outcome in ('done','refused')", name="outcome"),
        Index("ix_trail_account", "account_id", "sequence"),
        Index("ix_trail_customer", "customer_id", "sequence"),
        Index("ix_trail_event", "event", "sequence"),
        Index("ix_trail_at", "at"),
    )


class Job(Base):
    """Work for later: written with the change that asks for it, leased by a worker, done at least once."""

    __tablename__ = "jobs"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[Any] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="ready")
    unique_key: Mapped[str | None] = mapped_column(String(120))
    priority: Mapped[int] = mapped_column(default=5)  # smaller first
    run_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    max_tries: Mapped[int] = mapped_column(default=5)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[str] = mapped_column(String(300), default="")
    account_id: Mapped[int | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state in ('ready','running','done','failed','cancelled')", name="state"),
        Index("ix_jobs_due", "state", "run_at", "priority"),
        Index(
            "uq_jobs_open",
            "unique_key",
            unique=True,
            sqlite_where=text("unique_key is not null and state in ('ready','running')"),
            postgresql_where=text("unique_key is not null and state in ('ready','running')"),
        ),
    )


class OutboxEntry(Base):
    """A thing that changed and that the index must be told of; the one writer removes it after its commit."""

    __tablename__ = "outbox"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(40))  # "customer-123"
    written_at: Mapped[datetime]

    __table_args__ = (Index("ix_outbox_written", "written_at", "id"),)


class Export(Base):
    """A register that somebody asked for; it belongs to that person and goes away by itself."""

    __tablename__ = "exports"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"))
    register: Mapped[str] = mapped_column(String(40))
    filters: Mapped[Any] = mapped_column(JSON)
    serial: Mapped[str] = mapped_column(String(24), unique=True)
    rows: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    blob_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """The answer that a form got the first time, so that the same form sent again is one record."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int]
    location: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Setting(Base):
    """A value that the office may change, with its basis 依据."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
