"""Surveys 满意度调查 and call-backs 回访: questionnaires in versions, invitations, answers, what is done about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key
from app.models.fields import SealedText


class Survey(Base):
    """A questionnaire by its name; what is asked stands in its versions."""

    __tablename__ = "surveys"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(12))  # domain.surveys.Purpose
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))  # who keeps it; its branches below use it
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_surveys_branch", "branch_id", "active"),)


class SurveyVersion(Base):
    """The questions of a survey from one day on; a published version never changes, so that results stay comparable."""

    __tablename__ = "survey_versions"

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    ordinal: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")  # draft | published | retired
    greeting: Mapped[str] = mapped_column(String(500), default="")
    thanks: Mapped[str] = mapped_column(String(500), default="")
    questions: Mapped[Any] = mapped_column(JSON)  # domain.surveys: list of questions
    low_score: Mapped[int] = mapped_column(default=2)  # an answer to a scale at or below opens a follow-up
    low_nps: Mapped[int] = mapped_column(default=6)
    valid_days: Mapped[int] = mapped_column(default=30)  # how long an invitation is open
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("survey_id", "ordinal"),
        CheckConstraint("state in ('draft','published','retired')", name="state"),
    )


class SurveyInvitation(Base):
    """One customer asked once, about one event: by link, QR code, tablet, SMS, paper or phone."""

    __tablename__ = "survey_invitations"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)  # HF2026-000123
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_versions.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # whose business is judged
    means: Mapped[str] = mapped_column(String(8))  # link | slip | tablet | sms | paper | phone
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("survey_kiosks.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # SHA-256; none for paper and phone
    state: Mapped[str] = mapped_column(String(10), default="open")  # open | answered | expired | revoked | failed
    due_on: Mapped[date | None]  # a call-back: the end of the cooling-off period 犹豫期
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("means in ('link','slip','tablet','sms','paper','phone')", name="means"),
        CheckConstraint("state in ('open','answered','expired','revoked','failed')", name="state"),
        Index("ix_survey_invitations_made", "made_at", "id"),
        Index("ix_survey_invitations_branch", "branch_id", "made_at", "id"),
        Index("ix_survey_invitations_survey", "survey_id", "branch_id", "made_at"),
        Index("ix_survey_invitations_customer", "customer_id", "purpose", "made_at"),
        Index("ix_survey_invitations_open", "state", "expires_at"),
    )


class SurveyAnswer(Base):
    """What one customer answered; one for each invitation."""

    __tablename__ = "survey_answers"

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("survey_invitations.id"), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_versions.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    agent_id: Mapped[int | None]
    line: Mapped[str] = mapped_column(String(32), default="")
    answered_at: Mapped[datetime]
    seconds: Mapped[int | None]  # from opening to sending
    is_valid: Mapped[bool] = mapped_column(default=True)  # 有效卷
    invalid_reason: Mapped[str] = mapped_column(String(12), default="")  # same | fast | refused
    score: Mapped[int | None]  # mean of the scales × 100
    overall: Mapped[int | None]  # the scale that the version calls overall, 1–5
    nps: Mapped[int | None]  # 0–10
    entered_by: Mapped[int | None]  # paper and phone: who typed it

    __table_args__ = (
        Index("ix_survey_answers_survey", "survey_id", "branch_id", "answered_at"),
        Index("ix_survey_answers_answered", "answered_at", "id"),
    )


class SurveyValue(Base):
    """The answer to one question; several rows for a multiple choice."""

    __tablename__ = "survey_values"

    id: Mapped[Key]
    answer_id: Mapped[int] = mapped_column(ForeignKey("survey_answers.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_versions.id"))
    question: Mapped[str] = mapped_column(String(24))  # its key in the version
    number: Mapped[int | None]  # scale and NPS
    choice: Mapped[str] = mapped_column(String(24), default="")  # the key of a choice
    text: Mapped[str] = mapped_column(SealedText("survey_values.text"), default="")

    __table_args__ = (
        Index("ix_survey_values_answer", "answer_id", "question", "number", "choice"),
        Index("ix_survey_values_question", "version_id", "question", "number", "choice", "answer_id"),
    )


class SurveyKiosk(Base):
    """A tablet at a counter 柜面评价器: its address lets anybody answer once after another, until it is closed."""

    __tablename__ = "survey_kiosks"

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CallBack(Base):
    """A try to reach a customer 回访记录: when, by whom, with which result."""

    __tablename__ = "call_backs"

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("survey_invitations.id"), index=True)
    result: Mapped[str] = mapped_column(String(12))  # domain.surveys.CallResult
    called_at: Mapped[datetime]
    within_cooling_off: Mapped[bool | None]
    recording: Mapped[str] = mapped_column(String(60), default="")  # 录音编号
    note: Mapped[str] = mapped_column(SealedText("call_backs.note"), default="")
    called_by: Mapped[int | None]

    __table_args__ = (Index("ix_call_backs_called", "called_at", "id"),)


class FollowUp(Base):
    """Something to be done about an answer 跟进事项: a low score, a problem found in a call-back."""

    __tablename__ = "follow_ups"

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("survey_invitations.id"), index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("survey_answers.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))  # the complaint that was judged
    reason: Mapped[str] = mapped_column(String(12))  # low_score | low_nps | problem
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8), default="open")  # open | done | void
    result: Mapped[str] = mapped_column(SealedText("follow_ups.result"), default="")
    became_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("state in ('open','done','void')", name="state"),
        Index("ix_follow_ups_branch", "branch_id", "state", "due_on", "id"),
        Index("ix_follow_ups_owner", "owner_id", "state", "due_on", "id"),
    )
