"""Branches 机构, accounts, grants of roles, sessions and what guards the sign-in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText

ADMIN_TRACKS = ("sysadmin", "secadmin", "auditor")


class Branch(Base):
    """A node of the tree 总公司 / 分公司 / 支公司 / 营业部. `path` is `/root/…/self/`, ids in decimal."""

    __tablename__ = "branches"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))  # head | province | city | outlet
    fonds_code: Mapped[str] = mapped_column(String(4))  # 全宗号: a capital letter and three digits
    fonds_name: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(400), index=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("kind in ('head','province','city','outlet')", name="kind"),)


class Account(Base):
    """Somebody who can sign in. `track` is fixed by the first grant and keeps the three administrators apart."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str] = mapped_column(String(60))
    employee_number: Mapped[str] = mapped_column(String(30), default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    track: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="pending")  # pending | active | disabled
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    activation_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    activation_expires_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(SealedText("accounts.totp_secret"))
    totp_enrolled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("id", "track"),
        CheckConstraint("track is null or track in ('business','sysadmin','secadmin','auditor')", name="track"),
        CheckConstraint("state in ('pending','active','disabled')", name="state"),
        CheckConstraint("locale in ('zh','en')", name="locale"),
        CheckConstraint("username = lower(username)", name="username_lower"),
    )


class Grant(Base):
    """A role at a branch. The composite key to the account makes 三员 exclusive whatever the code does."""

    __tablename__ = "grants"

    id: Mapped[Key]
    account_id: Mapped[int]
    track: Mapped[str] = mapped_column(String(12))
    role: Mapped[str] = mapped_column(String(12))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    granted_by: Mapped[int | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "track"], ["accounts.id", "accounts.track"]),
        CheckConstraint(
            "(track = 'business' and role in ('archivist','clerk','manager','agent'))"
            " or (track in ('sysadmin','secadmin','auditor') and role = track)",
            name="role_of_track",
        ),
        CheckConstraint("granted_by is null or granted_by <> account_id", name="no_self_grant"),
        Index("ix_grants_account_id", "account_id"),
        Index(
            "uq_grants_open",
            "account_id",
            "role",
            "branch_id",
            unique=True,
            sqlite_where=text("revoked_at is null"),
            postgresql_where=text("revoked_at is null"),
        ),
    )


class SignInSession(Base):
    """A server-side session; the cookie holds only a random token of which the database keeps the hash."""

    __tablename__ = "sessions"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    stage: Mapped[str] = mapped_column(String(10))  # password | enrol | full
    pending_secret: Mapped[str | None] = mapped_column(SealedText("sessions.pending_secret"))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # absolute
    stepped_up_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (CheckConstraint("stage in ('password','enrol','full')", name="stage"),)


class SignInAttempt(Base):
    """A try at a password, code or recovery code, written down before it is checked."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(String(64))  # account id, or a fingerprint of an unknown user name
    stage: Mapped[str] = mapped_column(String(10))  # password | totp
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_sign_in_attempts_subject_stage_at", "subject", "stage", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )


class RecoveryCode(Base):
    """A spare for a lost phone: slow-hashed, bound to its account, spent once."""

    __tablename__ = "recovery_codes"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class PasswordHistory(Base):
    """Earlier password hashes, so that the last five are not used again."""

    __tablename__ = "password_history"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[datetime]


class SignInReset(Base):
    """A wish to take somebody's password and phone away: one asks, another confirms, never the person himself."""

    __tablename__ = "sign_in_resets"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state in ('asked','confirmed','refused','withdrawn','expired')", name="state"),
        CheckConstraint("asked_by <> account_id", name="not_for_oneself"),
        CheckConstraint(
            "state <> 'confirmed' or (decided_by is not null and decided_by <> asked_by and decided_by <> account_id)",
            name="four_eyes",
        ),
        CheckConstraint("(state = 'asked') = (decided_at is null)", name="decided"),
        Index("ix_sign_in_resets_asked_at", "asked_at", "id"),
        Index(
            "uq_sign_in_resets_open",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
