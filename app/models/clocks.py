"""Clocks 时限: the rules they are judged by, the calendar of working days, and what happened to each case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText

_RUNNING = text("state in ('running','paused','overdue') and ended_on is null")


class ClockRuleRow(Base):
    """A rule of a clock 时限规则 as a row: what it says, its basis, and the days on which it is in force.

    A rule in use is never changed: a new text is a new row, and a clock keeps the row under which it was opened.
    """

    __tablename__ = "clock_rules"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(12))  # domain.deadlines.RuleKind
    title: Mapped[str] = mapped_column(String(60))
    length: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))  # natural_days | working_days | hours
    pauses: Mapped[str] = mapped_column(String(120), default="")  # grounds, parted by blanks
    complex_length: Mapped[int | None]
    complex_unit: Mapped[str] = mapped_column(String(16), default="")
    complex_pauses: Mapped[str] = mapped_column(String(120), default="")
    extension: Mapped[int] = mapped_column(default=0)
    extension_times: Mapped[int] = mapped_column(default=0)
    once: Mapped[str] = mapped_column(String(120), default="")
    restarts: Mapped[bool] = mapped_column(default=False)
    first_day_counted: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[str] = mapped_column(String(40), default="")  # "5 3 1"
    starts_by: Mapped[str] = mapped_column(String(200))
    ends_by: Mapped[str] = mapped_column(String(200))
    from_text: Mapped[str] = mapped_column(String(80))
    until_text: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(160), default="")
    articles: Mapped[Any] = mapped_column(JSON)  # [[reason, text, ground or null], …]
    basis: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("code", "effective_from"),
        CheckConstraint("length between 1 and 366", name="length"),
    )


class CalendarDay(Base):
    """A day that is not as the week has it: an official holiday, or a weekend day that is worked for one 调休."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(200))


class Clock(Base):
    """A clock of a thing: its rule and, kept up with every event and every night, where it stands."""

    __tablename__ = "clocks"

    id: Mapped[Key]
    holder_kind: Mapped[str] = mapped_column(String(10))  # case | claim | duty
    holder_id: Mapped[int]
    rule_id: Mapped[int] = mapped_column(ForeignKey("clock_rules.id"))
    code: Mapped[str] = mapped_column(String(32))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[str] = mapped_column(String(12), default="not_started")  # domain.deadlines.State
    started_on: Mapped[date | None]
    due_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    days_over: Mapped[int] = mapped_column(default=0)
    days_taken: Mapped[int | None]
    reminded: Mapped[str] = mapped_column(String(8), default="")  # the last reminder sent: "5", "3", "1", "late"
    judged_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("holder_kind", "holder_id", "code"),
        CheckConstraint("holder_kind in ('case','claim','duty')", name="holder_kind"),
        Index("ix_clocks_running", "due_on", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_clocks_board", "code", "branch_id", "state", "due_on"),
    )


class ClockEvent(Base):
    """Something that happened to a thing, as far as its clocks care; a mistake is struck out, never changed."""

    __tablename__ = "clock_events"

    id: Mapped[Key]
    holder_kind: Mapped[str] = mapped_column(String(10))
    holder_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))  # domain.deadlines.EventKind
    moment: Mapped[datetime]  # the one that the law looks at
    ground: Mapped[str] = mapped_column(String(16), default="")
    about: Mapped[str] = mapped_column(String(60), default="")
    by: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(SealedText("clock_events.reason"), default="")
    proof: Mapped[str] = mapped_column(String(120), default="")
    notice: Mapped[str] = mapped_column(String(120), default="")
    authority: Mapped[str] = mapped_column(String(16), default="")
    exception: Mapped[str] = mapped_column(String(20), default="")
    channel: Mapped[str] = mapped_column(String(16), default="")
    other_received: Mapped[datetime | None]
    agreed_on: Mapped[date | None]
    account_id: Mapped[int | None]
    recorded_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[int | None]
    struck_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (Index("ix_clock_events_holder", "holder_kind", "holder_id", "moment"),)


class ServiceDuty(Base):
    """A service with a limit 服务时限事项 under a policy: what began when, and whether it was done in time."""

    __tablename__ = "service_duties"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32))  # of its rule
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[str] = mapped_column(String(8), default="open")  # open | done | void
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('open','done','void')", name="state"),
        Index("ix_service_duties_branch", "branch_id", "state", "due_on", "id"),
        Index("ix_service_duties_customer", "customer_id", "created_at"),
    )
