"""Reads for follow-ups: the list, and one with as much of the answer as who follows up needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.domain.survey_answers import asked_of
from app.domain.surveys import Answers, Question, QuestionKind, questions_of
from app.models.accounts import Account, Branch
from app.models.cases import Case
from app.models.customers import Customer
from app.models.surveys import FollowUp, Survey, SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import cases_for, customers_for, follow_ups_for

PAGE_SIZE = 50
ORDER = Sort(FollowUp.due_on, FollowUp.id)
OVERDUE, OPEN, MINE = "overdue", "open", "mine"


@dataclass(frozen=True, slots=True)
class FollowUpFilter:
    """What a list is narrowed to; `state` may be "overdue", `whose` "mine"."""

    state: str = OPEN
    whose: str = ""
    branch_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A line of the list of follow-ups."""

    id: int
    number: str
    title: str
    reason: str
    state: str
    customer_name: str
    owner_name: str
    branch_name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question with what was answered: steps as numbers, choices and texts as words; `is_bad` asks for something."""

    text: str
    kind: str
    answers: tuple[str, ...]
    is_bad: bool


@dataclass(frozen=True, slots=True)
class FollowUpDetail:
    """A follow-up as its page shows it. `customer_id` and `case_id` are those that the reader may open."""

    id: int
    number: str
    invitation_id: int
    title: str
    purpose: str
    reason: str
    state: str
    branch_name: str
    customer_id: int | None
    customer_name: str
    case_id: int | None
    case_number: str
    became_case_id: int | None
    became_case_number: str
    owner_id: int | None
    owner_name: str
    agent_id: int | None
    due_on: date
    created_at: datetime
    result: str
    done_at: datetime | None
    done_by: str
    lines: tuple[AnswerLine, ...]
    version: int


def list_follow_ups(
    session: Session, actor: Actor, wanted: FollowUpFilter, *, today: date, cursor: Cursor | None = None
) -> PageOf[FollowUpRow]:
    """Return a page of the follow-ups that `actor` may do, those due first at the top."""
    found = [follow_ups_for(actor, Action.FOLLOW_UP_DO), *_conditions(actor, wanted, today)]
    total = count_up_to(session, select(FollowUp.id).where(*found))
    statement = (
        select(
            SurveyInvitation.number,
            Survey.title,
            FollowUp.reason,
            FollowUp.state,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Account.full_name.label("owner_name"),
            Branch.name.label("branch_name"),
            FollowUp.due_on,
            FollowUp.id,
        )
        .join(SurveyInvitation, SurveyInvitation.id == FollowUp.invitation_id)
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .join(Branch, Branch.id == FollowUp.branch_id)
        .outerjoin(Customer, Customer.id == FollowUp.customer_id)
        .outerjoin(Account, Account.id == FollowUp.owner_id)
        .where(*found)
    )
    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_follow_up(session: Session, actor: Actor, follow_up_id: int) -> FollowUpDetail:
    """Return one follow-up; raises `NotFound` for one that `actor` may not see."""
    owner, doer, judged, became = aliased(Account), aliased(Account), aliased(Case), aliased(Case)
    row = session.execute(
        select(
            FollowUp,
            SurveyInvitation,
            Survey.title,
            Branch.name,
            Customer,
            owner.full_name,
            doer.full_name,
            judged.number,
            became.number,
        )
        .join(SurveyInvitation, SurveyInvitation.id == FollowUp.invitation_id)
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .join(Branch, Branch.id == FollowUp.branch_id)
        .outerjoin(Customer, Customer.id == FollowUp.customer_id)
        .outerjoin(owner, owner.id == FollowUp.owner_id)
        .outerjoin(doer, doer.id == FollowUp.done_by)
        .outerjoin(judged, judged.id == FollowUp.case_id)
        .outerjoin(became, became.id == FollowUp.became_case_id)
        .where(FollowUp.id == follow_up_id, follow_ups_for(actor, Action.FOLLOW_UP_DO))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(session, actor, *row)


def answer_lines(session: Session, answer_id: int, *, low_score: int, low_nps: int) -> tuple[AnswerLine, ...]:
    """Return each question that was asked with its answer, in order."""
    version_id = session.scalars(select(SurveyAnswer.version_id).where(SurveyAnswer.id == answer_id)).one()
    questions = questions_of(
        session.scalars(select(SurveyVersion.questions).where(SurveyVersion.id == version_id)).one()
    )
    answers = _answers_of(session, answer_id)
    return tuple(
        _line(question, answers.get(question.key, ()), low_score=low_score, low_nps=low_nps)
        for question in asked_of(questions, answers)
    )


def _answers_of(session: Session, answer_id: int) -> Answers:
    found: dict[str, list[str]] = {}
    rows = session.scalars(select(SurveyValue).where(SurveyValue.answer_id == answer_id).order_by(SurveyValue.id))
    for value in rows:
        words = value.text or value.choice
        found.setdefault(value.question, []).append(words if value.number is None else str(value.number))
    return found


def _line(question: Question, values: Sequence[str], *, low_score: int, low_nps: int) -> AnswerLine:
    choices = {choice.key: choice for choice in question.choices}
    limit = {QuestionKind.SCALE: low_score, QuestionKind.NPS: low_nps}.get(question.kind)
    is_bad = any(
        choices[value].is_problem if value in choices else limit is not None and int(value) <= limit for value in values
    )
    chosen = tuple(choice.text for choice in question.choices if choice.key in values)
    words = chosen if question.choices else tuple(values)
    return AnswerLine(question.text, question.kind.value, words, is_bad)


def _conditions(actor: Actor, wanted: FollowUpFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == OVERDUE:
        conditions += [FollowUp.state == OPEN, FollowUp.due_on < today]
    elif wanted.state:
        conditions.append(FollowUp.state == wanted.state)
    if wanted.whose == MINE:
        conditions.append(FollowUp.owner_id == actor.account_id)
    if wanted.branch_id is not None:
        conditions.append(FollowUp.branch_id == wanted.branch_id)
    if wanted.reason:
        conditions.append(FollowUp.reason == wanted.reason)
    return conditions


def _make_row(row: Any) -> FollowUpRow:
    return FollowUpRow(
        row.id,
        row.number,
        row.title,
        row.reason,
        row.state,
        mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        row.owner_name or "",
        row.branch_name,
        row.due_on,
    )


def _make_detail(
    session: Session,
    actor: Actor,
    follow_up: FollowUp,
    invitation: SurveyInvitation,
    title: str,
    branch_name: str,
    customer: Customer | None,
    owner_name: str | None,
    done_by: str | None,
    case_number: str | None,
    became_number: str | None,
) -> FollowUpDetail:
    version = session.get_one(SurveyVersion, invitation.version_id)
    lines = (
        answer_lines(session, follow_up.answer_id, low_score=version.low_score, low_nps=version.low_nps)
        if follow_up.answer_id is not None
        else ()
    )
    judged_id = _seen_case(session, actor, follow_up.case_id)
    became_id = _seen_case(session, actor, follow_up.became_case_id)
    plain = "id invitation_id reason state owner_id due_on created_at result done_at version"
    return FollowUpDetail(
        **{name: getattr(follow_up, name) for name in plain.split()},
        number=invitation.number,
        title=title,
        purpose=invitation.purpose,
        branch_name=branch_name,
        customer_id=_seen_customer(session, actor, follow_up.customer_id),
        customer_name=mask_name(customer.name, is_organisation=customer.kind == "organisation") if customer else "",
        case_id=judged_id,
        case_number=(case_number or "") if judged_id else "",
        became_case_id=became_id,
        became_case_number=(became_number or "") if became_id else "",
        owner_name=owner_name or "",
        agent_id=invitation.agent_id,
        done_by=done_by or "",
        lines=lines,
    )


def _seen_case(session: Session, actor: Actor, case_id: int | None) -> int | None:
    """Return the id of a case when the reader may open it."""
    return session.scalar(select(Case.id).where(Case.id == (case_id or 0), cases_for(actor, Action.CASE_VIEW)))


def _seen_customer(session: Session, actor: Actor, customer_id: int | None) -> int | None:
    seen = select(Customer.id).where(Customer.id == (customer_id or 0), customers_for(actor, Action.CUSTOMER_VIEW))
    return session.scalar(seen)
