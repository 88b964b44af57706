"""Papers on their way in 收集整编: batches, files as they came, items with their pages, agents' submissions.

An item 件 at the desk is no document yet: it becomes one when a person accepts it. Its pages are worked on by machine (page
work: restored for the eye, read for search) exactly as those of documents are.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class PaperType(Base):
    """A kind of paper 单证类型: what it is called, where it is filed, how its title is made; editable, seeded."""

    __tablename__ = "paper_types"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    is_main: Mapped[bool] = mapped_column(default=False)  # 主单证: other papers hang under it
    business: Mapped[str] = mapped_column(String(12), default="")  # domain.intake.Business; empty: any
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    title_pattern: Mapped[str] = mapped_column(String(120), default="")  # {name}终身寿险投保单（保单号{policy}）
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class IntakeBatch(Base):
    """A batch 批次 with its scanning record 扫描批次登记: who, with what, how; checked and accepted as one.

    States and steps: `domain.intake.BatchState`.
    """

    __tablename__ = "intake_batches"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # 批次号
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    source: Mapped[str] = mapped_column(String(8))  # upload | folder | agent | import
    state: Mapped[str] = mapped_column(String(10), default="open")
    title: Mapped[str] = mapped_column(String(120), default="")
    scanned_by: Mapped[str] = mapped_column(String(60), default="")  # 扫描人
    device: Mapped[str] = mapped_column(String(60), default="")
    scanned_on: Mapped[date | None]
    dpi: Mapped[int | None]
    colour: Mapped[str] = mapped_column(String(8), default="")  # colour | grey | bilevel
    format: Mapped[str] = mapped_column(String(20), default="")
    declared_items: Mapped[int | None]  # what the hand-over list says; compared with what came
    declared_pages: Mapped[int | None]
    rework_count: Mapped[int] = mapped_column(default=0)  # 返工次数
    remark: Mapped[str] = mapped_column(String(500), default="")
    opened_by: Mapped[int | None]
    opened_at: Mapped[datetime]
    handed_in_by: Mapped[int | None]
    handed_in_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None]  # 验收人
    accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("source in ('upload','folder','agent','import')", name="source"),
        CheckConstraint("state in ('open','checking','rework','accepted')", name="state"),
        Index("ix_intake_batches_branch", "branch_id", "state", "opened_at", "id"),
        Index("ix_intake_batches_opened", "opened_at", "id"),
    )


class Submission(Base):
    """What an agent sends in for one business of one customer 代理人提交; states: `domain.submissions.SubmissionState`."""

    __tablename__ = "submissions"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    business: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("intake_batches.id"))  # from the first handing in
    note: Mapped[str] = mapped_column(SealedText("submissions.note"), default="")
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('draft','submitted','returned','accepted','withdrawn')", name="state"),
        Index("ix_submissions_agent", "agent_id", "state", "created_at", "id"),
        Index("ix_submissions_branch", "branch_id", "state", "submitted_at", "id"),
    )


class IntakeFile(Base):
    """A file as it came; its bytes are never changed. A ZIP is unpacked into files whose `parent_id` it is."""

    __tablename__ = "intake_files"

    id: Mapped[Key]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("intake_batches.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("intake_files.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(index=True)  # as which it was received; its pages may have moved since
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"), index=True)
    file_name: Mapped[str] = mapped_column(SealedText("intake_files.file_name"))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    # Taken from a watched folder: a keyed fingerprint of where and what, so that nothing is taken twice.
    folder_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting | done | manual: are its pages drawn
    note: Mapped[str] = mapped_column(String(60), default="")  # the code of why a person has to look
    received_by: Mapped[int | None]
    received_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state in ('waiting','done','manual')", name="state"),
        CheckConstraint("batch_id is not null or submission_id is not null", name="holder"),
        Index(
            "ix_intake_files_waiting",
            "received_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )


class IntakeItem(Base):
    """A paper at the desk, with what is known of it so far; states: `domain.intake.ItemState`.

    `held_by` and `held_until` say who has it open: two persons do not work on it unknowingly.
    """

    __tablename__ = "intake_items"

    id: Mapped[Key]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("intake_batches.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    position: Mapped[int] = mapped_column(default=0)  # in its batch or submission
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    is_suggested: Mapped[bool] = mapped_column(default=False)  # the machine has said what it can of it
    level: Mapped[int] = mapped_column(default=2)  # 密级 of what is seen of it; that of its class once it has one
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    paper_type_id: Mapped[int | None] = mapped_column(ForeignKey("paper_types.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    title: Mapped[str] = mapped_column(SealedText("intake_items.title"), default="")
    author: Mapped[str] = mapped_column(String(120), default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")
    formed_on: Mapped[date | None]
    keywords: Mapped[str] = mapped_column(String(200), default="")
    period: Mapped[str] = mapped_column(String(6), default="")
    carrier: Mapped[str] = mapped_column(String(12), default="dual")
    is_original: Mapped[bool] = mapped_column(default=True)
    remark: Mapped[str] = mapped_column(Text, default="")
    # Fields that a person has set: a machine or a bulk action never overwrites them.
    touched: Mapped[Any] = mapped_column(JSON, default=list)
    refusal: Mapped[str] = mapped_column(String(200), default="")  # why it was returned or dropped
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    catalogued_by: Mapped[int | None]
    catalogued_at: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint(
            "state in ('draft','waiting','ready','returned','catalogued','rework','passed','dropped')", name="state"
        ),
        CheckConstraint("level between 1 and 4", name="level"),
        CheckConstraint("carrier in ('paper','electronic','dual')", name="carrier"),
        CheckConstraint("batch_id is not null or submission_id is not null", name="holder"),
        CheckConstraint("state not in ('catalogued','passed') or document_id is not null", name="accepted"),
        Index("ix_intake_items_batch", "batch_id", "position"),
        Index("ix_intake_items_batch_state", "batch_id", "state"),
        Index("ix_intake_items_branch", "branch_id", "state", "created_at", "id"),
        Index(
            "ix_intake_items_unsuggested",
            "created_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )


class IntakePage(Base):
    """A page of an item: the image as it was drawn, and what page work made of it (columns as in `pages`)."""

    __tablename__ = "intake_pages"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("intake_items.id"), index=True)
    position: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("intake_files.id"), index=True)
    file_page: Mapped[int]  # from 1, in its file
    width: Mapped[int]
    height: Mapped[int]
    image_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    thumbnail_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    restored_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    text: Mapped[str] = mapped_column(SealedText("intake_pages.text"))
    words: Mapped[str] = mapped_column(SealedText("intake_pages.words"), default="")
    reader: Mapped[str] = mapped_column(String(40), default="")
    score: Mapped[float] = mapped_column(default=0.0)
    work_state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting | done | manual
    work_note: Mapped[str] = mapped_column(String(40), default="")
    turned: Mapped[int] = mapped_column(default=0)  # degrees clockwise, by machine or person
    skew: Mapped[float] = mapped_column(default=0.0)
    blank: Mapped[bool] = mapped_column(default=False)
    flaws: Mapped[Any] = mapped_column(JSON, default=list)  # [[code, value], …]
    removed: Mapped[bool] = mapped_column(default=False)  # taken out of the item by a person; can be put back
    refusal: Mapped[str] = mapped_column(String(200), default="")  # why an agent shall send it again
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("intake_pages.id"))

    __table_args__ = (
        UniqueConstraint("file_id", "file_page"),
        CheckConstraint("work_state in ('waiting','done','manual')", name="work_state"),
        Index(
            "ix_intake_pages_manual",
            "item_id",
            sqlite_where=sql("work_state = 'manual'"),
            postgresql_where=sql("work_state = 'manual'"),
        ),
        Index(
            "ix_intake_pages_waiting",
            "id",
            sqlite_where=sql("work_state = 'waiting'"),
            postgresql_where=sql("work_state = 'waiting'"),
        ),
    )


class Suggestion(Base):
    """What the machine thinks of an item: a value for a field, how sure, and why; a person takes it or not."""

    __tablename__ = "intake_suggestions"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("intake_items.id"))
    field: Mapped[str] = mapped_column(String(24))  # paper_type, customer, title … or mismatch
    rank: Mapped[int] = mapped_column(default=0)
    value: Mapped[str] = mapped_column(SealedText("intake_suggestions.value"))
    target_id: Mapped[int | None]  # of the paper type, customer, policy, claim
    score: Mapped[float]
    why: Mapped[str] = mapped_column(SealedText("intake_suggestions.why"))  # JSON: code and what was found
    state: Mapped[str] = mapped_column(String(8), default="offered")  # offered | taken | refused

    __table_args__ = (
        CheckConstraint("state in ('offered','taken','refused')", name="state"),
        Index("ix_intake_suggestions_item", "item_id", "field", "rank"),
    )


class Twin(Base):
    """A paper that may have come already: the same file, the same page scanned again, the same form for customer and date."""

    __tablename__ = "intake_twins"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("intake_items.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    other_item_id: Mapped[int | None] = mapped_column(ForeignKey("intake_items.id"))
    score: Mapped[float]
    numbers_score: Mapped[float] = mapped_column(default=0.0)
    decision: Mapped[str] = mapped_column(String(12), default="")  # drop | new_version | keep
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind in ('same_file','same_page','same_form')", name="kind"),
        CheckConstraint("decision in ('','drop','new_version','keep')", name="decision"),
        CheckConstraint("document_id is not null or other_item_id is not null", name="other"),
    )


class PagePrint(Base):
    """A keyed print of a page's words, by which pages that look alike are found; tells nothing without the key."""

    __tablename__ = "page_prints"

    holder_kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # item | document
    holder_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # its number
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    branch_id: Mapped[int]
    print: Mapped[str] = mapped_column(String(24))

    __table_args__ = (Index("ix_page_prints_print", "print", "branch_id"),)


class Confirmation(Base):
    """What a person said that a paper is: what the sorter learns from."""

    __tablename__ = "sorting_confirmations"

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    paper_type_id: Mapped[int] = mapped_column(ForeignKey("paper_types.id"))
    suggested_id: Mapped[int | None] = mapped_column(ForeignKey("paper_types.id"))
    is_held_out: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime]


class SorterModel(Base):
    """A version of what was learnt: how it did on the confirmations it never saw, beside the one before."""

    __tablename__ = "sorter_models"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(8))  # in_force | former | refused
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    samples: Mapped[int]
    held_out: Mapped[int]
    accuracy: Mapped[float]
    former_accuracy: Mapped[float | None]
    trained_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("state in ('in_force','former','refused')", name="state"),)


class BatchCheck(Base):
    """A check 质检 of a handed-in batch by another person: a sample, and whether the batch passed."""

    __tablename__ = "batch_checks"

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("intake_batches.id"))
    round: Mapped[int]
    rate: Mapped[int]  # per cent of the items that are looked at
    population: Mapped[int]
    sample: Mapped[int]
    bad: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(8), default="")  # passed | failed
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        UniqueConstraint("batch_id", "round"),
        CheckConstraint("outcome in ('','passed','failed')", name="outcome"),
    )


class CheckedItem(Base):
    """An item of a sample, and what the checker found."""

    __tablename__ = "batch_check_items"

    id: Mapped[Key]
    check_id: Mapped[int] = mapped_column(ForeignKey("batch_checks.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("intake_items.id"), index=True)
    result: Mapped[str] = mapped_column(String(4), default="")  # good | bad
    defects: Mapped[Any] = mapped_column(JSON, default=list)  # codes of domain.intake.Defect
    note: Mapped[str] = mapped_column(String(200), default="")
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("check_id", "item_id"),
        CheckConstraint("result in ('','good','bad')", name="result"),
    )


class TableImport(Base):
    """A filled-in table of customers, policies, claims or catalogue rows: tried first, then taken whole or not at all."""

    __tablename__ = "table_imports"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))  # customers | policies | claims | catalogue
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    file_name: Mapped[str] = mapped_column(SealedText("table_imports.file_name"))
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    rows: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    faults: Mapped[Any] = mapped_column(
        JSON, default=list
    )  # [[row, column, code], …]: no value of the table stands here
    fault_count: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('customers','policies','claims','catalogue')", name="kind"),
        CheckConstraint("state in ('waiting','checked','applying','applied','refused','dropped')", name="state"),
        Index("ix_table_imports_branch", "branch_id", "created_at", "id"),
    )
