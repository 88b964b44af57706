"""Answers of invented customers to the ready surveys, a year of them, with what some of them said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.cli.demo.grievances import COMMENTS
from app.domain.figures import Given, months_back
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.domain.survey_answers import nps_of, overall_of, score_of
from app.domain.surveys import NPS, Question, QuestionKind, is_asked, questions_of
from app.models.customers import Customer
from app.models.documents import NumberEntry, NumberSeries
from app.models.figures import BusinessFigure
from app.models.surveys import CallBack, FollowUp, Survey, SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion

BATCH, ASKED, DAYS = 1000, 4000, 365
MEANS = ("link", "link", "sms", "slip", "tablet", "phone")
Row = dict[str, Any]


def give_opinions(session: Session, rng: Random, company: Company, count: int, *, now: datetime) -> None:
    """Invite customers, answer for two thirds of them, call the others, and type in the numbers of the business."""
    versions = session.execute(
        select(SurveyVersion, Survey.purpose)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(SurveyVersion.state == "published", Survey.purpose != "complaint")
    ).all()
    people = session.execute(
        select(Customer.id, Customer.branch_id, Customer.agent_id).order_by(Customer.id.desc()).limit(ASKED)
    ).all()
    rows: dict[type, list[Row]] = {}
    serials: dict[int, int] = {}
    moments = sorted(now - timedelta(days=rng.random() * DAYS, hours=1) for _ in range(count))
    years = sorted({moment.year for moment in moments})
    session.execute(insert(NumberSeries), [{"name": f"survey|{year}"} for year in years])
    for position, made in enumerate(moments, start=1):
        version, purpose = rng.choice(versions)
        _ask(rng, company, rows, serials, rng.choice(people), (version, purpose), made, now=now)
        if position % BATCH == 0:
            _write(session, rows)
    _write(session, rows)
    for year, last in serials.items():
        session.get_one(NumberSeries, f"survey|{year}").last = last
    _type_in(session, rng, company, now=now)
    session.flush()


def _ask(
    rng: Random,
    company: Company,
    rows: dict[type, list[Row]],
    serials: dict[int, int],
    person: Any,
    asked: tuple[SurveyVersion, str],
    made: datetime,
    *,
    now: datetime,
) -> None:
    (customer_id, branch_id, agent_id), (version, purpose) = person, asked
    invitation_id, clerk = new_id(), rng.choice(company.clerks[branch_id])
    serials[made.year] = serials.get(made.year, 0) + 1
    number = f"HF{made.year}-{serials[made.year]:06d}"
    answered = made + timedelta(hours=1 + rng.random() * 72)
    has_answered = rng.random() < 0.66 and answered < now
    expires = made + timedelta(days=version.valid_days)
    _keep(
        rows,
        NumberEntry,
        series=f"survey|{made.year}",
        value=serials[made.year],
        text=number,
        holder_kind="survey_invitation",
        holder_id=invitation_id,
        taken_by=clerk,
        taken_at=made,
    )
    means = "phone" if purpose == "new_policy" else rng.choice(MEANS)
    _keep(
        rows,
        SurveyInvitation,
        id=invitation_id,
        number=number,
        survey_id=version.survey_id,
        version_id=version.id,
        branch_id=branch_id,
        purpose=purpose,
        customer_id=customer_id,
        agent_id=agent_id,
        means=means,
        state="answered" if has_answered else "open" if expires > now else "expired",
        due_on=office_day(made + timedelta(days=15)) if purpose == "new_policy" else None,
        made_by=clerk,
        made_at=made,
        expires_at=expires,
        closed_at=answered if has_answered else None,
    )
    if means == "phone":
        _keep(
            rows,
            CallBack,
            invitation_id=invitation_id,
            result="done" if has_answered else rng.choice(("no_answer", "wrong_number", "refused")),
            called_at=answered if has_answered else made + timedelta(minutes=30),
            within_cooling_off=True if purpose == "new_policy" else None,
            recording=f"LY{rng.randrange(10**7, 10**8)}",
            called_by=clerk,
        )
    if has_answered:
        _answer(rng, rows, invitation_id, version, (branch_id, agent_id, customer_id), answered)


def _answer(
    rng: Random, rows: dict[type, list[Row]], invitation_id: int, version: SurveyVersion, whose: Any, at: datetime
) -> None:
    branch_id, agent_id, customer_id = whose
    questions = questions_of(version.questions)
    given = _choose(rng, questions)
    answer_id, overall = new_id(), overall_of(questions, given)
    _keep(
        rows,
        SurveyAnswer,
        id=answer_id,
        invitation_id=invitation_id,
        survey_id=version.survey_id,
        version_id=version.id,
        branch_id=branch_id,
        agent_id=agent_id,
        answered_at=at,
        seconds=rng.randrange(30, 240),
        score=score_of(questions, given),
        overall=overall,
        nps=nps_of(questions, given),
    )
    for question in questions:
        for value in given.get(question.key, ()):
            _keep(rows, SurveyValue, answer_id=answer_id, version_id=version.id, **_value(question, value))
    if overall is not None and overall <= version.low_score:
        done = rng.random() < 0.7
        _keep(
            rows,
            FollowUp,
            invitation_id=invitation_id,
            answer_id=answer_id,
            branch_id=branch_id,
            customer_id=customer_id,
            reason="low_score",
            due_on=office_day(at + timedelta(days=5)),
            state="done" if done else "open",
            result="已电话致歉并说明。" if done else "",
            created_at=at,
            done_at=at + timedelta(days=2) if done else None,
        )


def _choose(rng: Random, questions: Sequence[Question]) -> Mapping[str, Sequence[str]]:
    given: dict[str, Sequence[str]] = {}
    for question in questions:
        if not is_asked(question, given):
            continue
        match question.kind:
            case QuestionKind.SCALE:
                given[question.key] = [str(rng.choices((1, 2, 3, 4, 5), (2, 3, 10, 40, 45))[0])]
            case QuestionKind.NPS:
                given[question.key] = [str(rng.choices(NPS, (1, 1, 1, 1, 1, 3, 4, 8, 15, 25, 40))[0])]
            case QuestionKind.TEXT:
                text = rng.choice(COMMENTS)
                given[question.key] = [text] if text else []
            case _:
                good = [choice.key for choice in question.choices if not choice.is_problem]
                given[question.key] = [rng.choice(good or [choice.key for choice in question.choices])]
    return given


def _value(question: Question, value: str) -> Row:
    if question.kind in (QuestionKind.SCALE, QuestionKind.NPS):
        return {"question": question.key, "number": int(value), "choice": "", "text": ""}
    if question.kind is QuestionKind.TEXT:
        return {"question": question.key, "number": None, "choice": "", "text": value}
    return {"question": question.key, "number": None, "choice": value, "text": ""}


def _type_in(session: Session, rng: Random, company: Company, *, now: datetime) -> None:
    """Give each branch a year of the numbers that it would type in."""
    for month in months_back(now.date(), 12):
        for branch_id in company.branches.values():
            policies = rng.randrange(2_000, 6_000)
            calls = rng.randrange(3_000, 5_000)
            values = {
                Given.PREMIUM: policies * rng.randrange(2_000, 5_000) * 100,
                Given.POLICIES: policies,
                Given.INSURED: policies * 2,
                Given.CALLS: calls,
                Given.CALLS_ANSWERED: calls * rng.randrange(90, 99) // 100,
                Given.DELIVERABLE: policies,
                Given.DELIVERED: policies * rng.randrange(93, 99) // 100,
            }
            for name, value in values.items():
                session.add(_figure(branch_id, month, name, value, now))


def _figure(branch_id: int, month: Any, name: Given, value: int, now: datetime) -> BusinessFigure:
    return BusinessFigure(id=new_id(), branch_id=branch_id, month=month, name=name.value, value=value, entered_at=now)


def _keep(rows: dict[type, list[Row]], model: type, **row: Any) -> None:
    rows.setdefault(model, []).append(row)


def _write(session: Session, rows: dict[type, list[Row]]) -> None:
    for model in (SurveyInvitation, SurveyAnswer, SurveyValue, CallBack, FollowUp, NumberEntry):
        if rows.get(model):
            session.execute(insert(model), rows.pop(model))
