"""Complaints 投诉 and their re-examination 核查: the case, what is said in it, who may not touch it, and its course."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class Case(Base):
    """A complaint or its re-examination: what lists, boards and figures read. Texts stand in `case_statements`."""

    __tablename__ = "cases"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # TS2026-000123; HC2026-000123 for a re-examination
    kind: Mapped[str] = mapped_column(String(10), default="complaint")  # complaint | review
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)  # of a re-examination
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))  # who handles it
    level: Mapped[int] = mapped_column(default=3)
    state: Mapped[str] = mapped_column(String(10), default="registered")  # domain.cases.CaseState
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)  # it grew out of

    channel: Mapped[str] = mapped_column(String(16))  # 接收渠道, domain.cases.Channel
    forward_number: Mapped[str] = mapped_column(String(60), default="")  # 转办单号
    received_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80), default="")  # 接待地点
    accused_branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))  # 被投诉机构
    accused_name: Mapped[str] = mapped_column(String(60), default="")  # 被投诉人员
    accused_number: Mapped[str] = mapped_column(String(32), default="")  # 工号
    partner: Mapped[str] = mapped_column(String(120), default="")  # 合作机构
    line: Mapped[str] = mapped_column(String(32), default="")  # 险种, domain.cases.LINES
    sales_channel: Mapped[str] = mapped_column(String(16), default="")  # 销售渠道
    amount: Mapped[int | None]  # 涉及金额, cents
    dispute: Mapped[str] = mapped_column(String(16), default="contract")  # contract | violation
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("case_causes.id"))  # 业务环节
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("case_causes.id"))  # 原因
    persons: Mapped[int] = mapped_column(default=1)  # 人数
    is_major: Mapped[bool] = mapped_column(default=False)  # 重大投诉 (Art. 29)
    is_repeat: Mapped[bool] = mapped_column(default=False)
    is_group: Mapped[bool] = mapped_column(default=False)
    is_violation: Mapped[bool] = mapped_column(default=False)  # 涉嫌违法违规

    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # 主办人
    declared_at: Mapped[datetime | None]  # 回避声明 of the handler
    registered_by: Mapped[int | None]
    registered_at: Mapped[datetime]
    is_complex: Mapped[bool] = mapped_column(default=False)
    is_extended: Mapped[bool] = mapped_column(default=False)
    is_mediated: Mapped[bool | None]  # mediation: None not tried, True settled, False failed
    outcome: Mapped[str] = mapped_column(String(16), default="")  # of the decision, domain.cases.Outcome
    decided_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    filed_at: Mapped[datetime | None]
    clock_state: Mapped[str] = mapped_column(String(12), default="not_started")  # of its main clock
    due_on: Mapped[date | None]
    days_taken: Mapped[int | None]
    days_over: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('complaint','review')", name="kind"),
        CheckConstraint(
            "state in ('registered','accepted','declined','proposed','decided','notified','closed','filed',"
            "'withdrawn','merged')",
            name="state",
        ),
        CheckConstraint("level between 1 and 4", name="level"),
        CheckConstraint("kind <> 'review' or parent_id is not null", name="review_has_parent"),
        CheckConstraint("(state = 'merged') = (merged_into_id is not null)", name="merged_into"),
        CheckConstraint("persons >= 1", name="persons"),
        Index("ix_cases_branch_due", "branch_id", "state", "due_on", "id"),
        Index("ix_cases_handler_due", "handler_id", "state", "due_on", "id"),
        Index("ix_cases_registered_by", "registered_by", "registered_at", "id"),
        Index("ix_cases_received", "received_at", "id"),
        Index("ix_cases_branch_received", "branch_id", "received_at", "id"),
        Index("ix_cases_due", "due_on", "id"),
    )


class CaseStatement(Base):
    """What is said in a case, sealed: who complains, what he asks, what was found and decided."""

    __tablename__ = "case_statements"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    complainant_kind: Mapped[str] = mapped_column(String(16))  # 投诉人类型, domain.cases.ComplainantKind
    name: Mapped[str] = mapped_column(SealedText("case_statements.name"), default="")
    name_blind: Mapped[str] = mapped_column(String(40), default="", index=True)
    id_kind: Mapped[str] = mapped_column(String(24), default="")
    id_number: Mapped[str] = mapped_column(SealedText("case_statements.id_number"), default="")
    id_number_blind: Mapped[str] = mapped_column(String(40), default="", index=True)
    phone: Mapped[str] = mapped_column(SealedText("case_statements.phone"), default="")
    phone_blind: Mapped[str] = mapped_column(String(40), default="", index=True)
    address: Mapped[str] = mapped_column(SealedText("case_statements.address"), default="")
    legal_representative: Mapped[str] = mapped_column(SealedText("case_statements.legal_representative"), default="")
    agent_name: Mapped[str] = mapped_column(SealedText("case_statements.agent_name"), default="")  # 受托人
    agent_id_number: Mapped[str] = mapped_column(SealedText("case_statements.agent_id_number"), default="")
    agent_phone: Mapped[str] = mapped_column(SealedText("case_statements.agent_phone"), default="")
    papers: Mapped[str] = mapped_column(SealedText("case_statements.papers"), default="")  # JSON: kind → number or note
    representatives: Mapped[str] = mapped_column(
        SealedText("case_statements.representatives"), default=""
    )  # one a line
    request: Mapped[str] = mapped_column(SealedText("case_statements.request"), default="")  # 投诉请求
    facts: Mapped[str] = mapped_column(SealedText("case_statements.facts"), default="")  # 主要事实
    grounds: Mapped[str] = mapped_column(SealedText("case_statements.grounds"), default="")  # 依据
    finding: Mapped[str] = mapped_column(SealedText("case_statements.finding"), default="")  # 核实情况
    opinion: Mapped[str] = mapped_column(SealedText("case_statements.opinion"), default="")  # 处理意见
    mediation: Mapped[str] = mapped_column(SealedText("case_statements.mediation"), default="")  # 调解情况
    decision: Mapped[str] = mapped_column(SealedText("case_statements.decision"), default="")  # 处理决定
    decision_basis: Mapped[str] = mapped_column(SealedText("case_statements.decision_basis"), default="")  # 依据和理由
    remedies: Mapped[str] = mapped_column(SealedText("case_statements.remedies"), default="")  # 救济途径
    root_cause: Mapped[str] = mapped_column(SealedText("case_statements.root_cause"), default="")  # 溯源
    accountability: Mapped[str] = mapped_column(SealedText("case_statements.accountability"), default="")  # 责任追究


class CaseCause(Base):
    """A row of the tree of causes: a stage of business 业务环节 or a cause 原因 under one; editable."""

    __tablename__ = "case_causes"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case_causes.id"), index=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class CaseBar(Base):
    """Somebody who may neither handle nor see nor be given a case 回避, and why."""

    __tablename__ = "case_bars"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(String(12))  # accused | relative | interest | declared
    reason: Mapped[str] = mapped_column(String(200), default="")
    barred_by: Mapped[int | None]
    barred_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("relation in ('accused','relative','interest','declared')", name="relation"),
        Index("ix_case_bars_account", "account_id", "case_id"),
    )


class CaseStepRow(Base):
    """A step of a case, as it happened; never changed."""

    __tablename__ = "case_steps"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    ordinal: Mapped[int]  # 1, 2, 3 … of its case
    step: Mapped[str] = mapped_column(String(20))  # domain.cases.CaseStep
    state_before: Mapped[str] = mapped_column(String(10))
    state_after: Mapped[str] = mapped_column(String(10))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("clock_events.id"))
    account_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(SealedText("case_steps.note"), default="")
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("case_id", "ordinal"),)


class CaseApproval(Base):
    """Something asked of a manager in a case, and his answer: an extension 延期, a decision 处理决定."""

    __tablename__ = "case_approvals"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    about: Mapped[str] = mapped_column(String(10))  # extension | decision
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(SealedText("case_approvals.reason"), default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))  # whose managers decide
    approved: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    authority: Mapped[str] = mapped_column(String(16), default="")  # domain.deadlines.Authority
    answer: Mapped[str] = mapped_column(SealedText("case_approvals.answer"), default="")

    __table_args__ = (
        CheckConstraint("about in ('extension','decision')", name="about"),
        Index("ix_case_approvals_open", "branch_id", "approved", "asked_at"),
    )


class CaseNotification(Base):
    """A record of telling 告知记录 (Art. 21): what, whom, how, when, and the proof of it."""

    __tablename__ = "case_notifications"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    about: Mapped[str] = mapped_column(String(12))  # domain.cases.NoticeAbout
    channel: Mapped[str] = mapped_column(String(16))  # domain.deadlines.Channel
    told_at: Mapped[datetime]
    receiver: Mapped[str] = mapped_column(SealedText("case_notifications.receiver"), default="")
    proof: Mapped[str] = mapped_column(String(120), default="")  # mail number, recording number, receipt
    file_id: Mapped[int | None] = mapped_column(ForeignKey("case_files.id"))
    delivered_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(SealedText("case_notifications.note"), default="")
    told_by: Mapped[int | None]
    recorded_at: Mapped[datetime]


class CaseFile(Base):
    """A paper of a case 附件: bytes in the file store, as they came."""

    __tablename__ = "case_files"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # evidence | authority | kinship | notice | expert | decision | other
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    name: Mapped[str] = mapped_column(SealedText("case_files.name"))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    added_by: Mapped[int | None]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None]


class CaseNote(Base):
    """A comment in a case 办理记录, or a word at handing it over."""

    __tablename__ = "case_notes"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(SealedText("case_notes.text"))
    at: Mapped[datetime]


class CaseRemedy(Base):
    """A remedial action 整改措施 that grew out of a case, with who does it until when."""

    __tablename__ = "case_remedies"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    measure: Mapped[str] = mapped_column(SealedText("case_remedies.measure"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(SealedText("case_remedies.result"), default="")
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_case_remedies_due", "branch_id", "done_on", "due_on"),)


class CaseVisit(Base):
    """Who has a case open right now, so that two people are told of each other."""

    __tablename__ = "case_visits"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    seen_at: Mapped[datetime]


class Absence(Base):
    """Days on which somebody is away 外出 and who stands in for him 代理人."""

    __tablename__ = "absences"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(120), default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="days"),
        CheckConstraint("account_id <> deputy_id", name="deputy"),
        Index("ix_absences_deputy", "deputy_id", "last_on"),
    )
