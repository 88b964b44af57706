"""Documents 档案件 with their versions, pages and bytes; the classification; the ledger of archive numbers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class Category(Base):
    """A class of the two-level classification 分类方案; editable, seeded from `domain.categories`."""

    __tablename__ = "categories"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    series: Mapped[str] = mapped_column(String(4))  # 二级类别代码 of the archive number
    default_level: Mapped[int] = mapped_column(default=2)
    default_period: Mapped[str] = mapped_column(String(6))  # Y, D10 …
    basis: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Blob(Base):
    """Bytes in the file store, by keyed content address; `sha256` is the fixity value."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    created_at: Mapped[datetime]


class Document(Base):
    """A catalogued item 件 of one customer."""

    __tablename__ = "documents"

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    # Of a complaint: who is barred from the case sees no paper of it.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    paper_type_id: Mapped[int | None] = mapped_column(ForeignKey("paper_types.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    state: Mapped[str] = mapped_column(String(12))  # received | catalogued | filed | held | destroyed
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(120), default="")  # 责任者
    document_number: Mapped[str] = mapped_column(String(60), default="")  # 文号
    formed_on: Mapped[date | None]
    keywords: Mapped[str] = mapped_column(String(200), default="")
    period: Mapped[str] = mapped_column(String(6))  # 保管期限
    carrier: Mapped[str] = mapped_column(String(12), default="dual")  # paper | electronic | dual
    is_original: Mapped[bool] = mapped_column(default=True)
    page_count: Mapped[int] = mapped_column(default=0)
    archive_number: Mapped[str | None] = mapped_column(String(80), unique=True)
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[int | None]
    catalogued_by: Mapped[int | None]  # who described it may not be who approves it
    catalogued_at: Mapped[datetime | None]
    volume_position: Mapped[int | None]  # in its volume, from 1
    first_page: Mapped[int | None]  # 页号 in its volume
    last_page: Mapped[int | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    volume_id: Mapped[int | None] = mapped_column(ForeignKey("volumes.id"), index=True)
    box_id: Mapped[int | None] = mapped_column(ForeignKey("boxes.id"), index=True)  # its volume's box where it has one
    # shelf | loan | repair | transfer | missing | none (no paper): the one answer to "where is it", see domain.whereabouts
    whereabouts: Mapped[str] = mapped_column(String(10), default="shelf", server_default="shelf")
    current_version: Mapped[int] = mapped_column(default=0)  # ordinal of the version people are shown
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('received','catalogued','filed','held','destroyed')", name="state"),
        CheckConstraint("level between 1 and 4", name="level"),
        CheckConstraint("carrier in ('paper','electronic','dual')", name="carrier"),
        CheckConstraint("whereabouts in ('shelf','loan','repair','transfer','missing','none')", name="whereabouts"),
        CheckConstraint("state not in ('filed','held') or archive_number is not null", name="filed_has_number"),
        Index("ix_documents_customer", "customer_id", "category_id", "formed_on"),
        Index("ix_documents_updated", "updated_at", "id"),
        Index("ix_documents_branch_updated", "branch_id", "updated_at", "id"),
        Index("ix_documents_category", "category_id", "updated_at", "id"),
        Index("ix_documents_branch_state", "branch_id", "state", "level", "customer_id"),
        Index("ix_documents_created_by", "created_by", "created_at", "id"),
        # What wants to be bound: of claims, of policies.
        Index(
            "ix_documents_unbound_claims",
            "claim_id",
            sqlite_where=text("volume_id is null and claim_id is not null and state = 'filed'"),
            postgresql_where=text("volume_id is null and claim_id is not null and state = 'filed'"),
        ),
        Index(
            "ix_documents_unbound_policies",
            "branch_id",
            "policy_id",
            sqlite_where=text("volume_id is null and claim_id is null and policy_id is not null and state = 'filed'"),
            postgresql_where=text(
                "volume_id is null and claim_id is null and policy_id is not null and state = 'filed'"
            ),
        ),
        Index(
            "ix_documents_away",
            "branch_id",
            "whereabouts",
            sqlite_where=text("whereabouts not in ('shelf','none')"),
            postgresql_where=text("whereabouts not in ('shelf','none')"),
        ),
    )


class DocumentVersion(Base):
    """The bytes of an item as they came; a newer version never replaces an older one."""

    __tablename__ = "document_versions"

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    ordinal: Mapped[int]
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(SealedText("document_versions.file_name"))
    size: Mapped[int]
    pages: Mapped[int]
    render_state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting | done | manual
    render_note: Mapped[str] = mapped_column(String(200), default="")
    uploaded_by: Mapped[int | None]
    uploaded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("document_id", "ordinal"),
        CheckConstraint("render_state in ('waiting','done','manual')", name="render_state"),
        Index(
            "ix_document_versions_manual",
            "document_id",
            sqlite_where=text("render_state = 'manual'"),
            postgresql_where=text("render_state = 'manual'"),
        ),
    )


class Page(Base):
    """A page of a version as images people may be shown, with the text found on it."""

    __tablename__ = "pages"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    number: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    image_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    thumbnail_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    text: Mapped[str] = mapped_column(SealedText("pages.text"))
    restored_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    words: Mapped[str | None] = mapped_column(SealedText("pages.words"))  # JSON: lines with their places
    reader: Mapped[str] = mapped_column(String(40), default="", server_default="")
    score: Mapped[float] = mapped_column(default=0.0, server_default="0")
    # Is it restored and read: waiting | done | manual (a person has to look)
    work_state: Mapped[str] = mapped_column(String(8), default="waiting", server_default="waiting")
    work_note: Mapped[str] = mapped_column(String(40), default="", server_default="")
    turned: Mapped[int] = mapped_column(default=0, server_default="0")
    skew: Mapped[float] = mapped_column(default=0.0, server_default="0")
    blank: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        CheckConstraint("work_state in ('waiting','done','manual')", name="work_state"),
        Index(
            "ix_pages_waiting",
            "id",
            sqlite_where=sql("work_state = 'waiting'"),
            postgresql_where=sql("work_state = 'waiting'"),
        ),
    )


class NumberSeries(Base):
    """The counter of one series of numbers, e.g. `J019|CB|2026|D30` or `customer|2026`."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class NumberEntry(Base):
    """A number that was given out, once and for all."""

    __tablename__ = "number_ledger"

    id: Mapped[Key]
    series: Mapped[str] = mapped_column(ForeignKey("number_series.name"))
    value: Mapped[int]
    text: Mapped[str] = mapped_column(String(80), unique=True)
    holder_kind: Mapped[str] = mapped_column(String(16))
    holder_id: Mapped[int]
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("series", "value"),)


class RetentionPeriod(Base):
    """A row of the table of retention periods 保管期限表; editable, with its basis."""

    __tablename__ = "retention_periods"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    label: Mapped[str] = mapped_column(String(20))
    years: Mapped[int | None]  # None: permanent
    basis: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
