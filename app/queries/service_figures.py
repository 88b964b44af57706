"""Indicators of service 服务评价指标 (保险公司服务评价管理办法（试行）), from what the portal knows and what was typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from app.domain.actor import Actor
from app.domain.figures import Given, Rate
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.domain.product_lines import SEED, InsuranceClass
from app.models.claims import Claim
from app.models.clocks import Clock, ServiceDuty
from app.models.figures import BusinessFigure
from app.models.policies import Policy
from app.models.surveys import SurveyInvitation
from app.queries.case_figures import FigureFilter
from app.queries.visibility import branches_in, unbarred

CHANGES = ("change_done", "change_done_premium")


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """Claims of one class of insurance in the period; days are means over what was paid or decided."""

    closed: Rate  # 立案结案率: closed ÷ reported
    paid_out: Rate  # 理赔获赔率: closed with a payment ÷ closed
    report_to_payment: Rate  # 案均报案支付周期, days
    papers_to_decision: Rate  # 理赔服务时效, days


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What the indicators are made of."""

    claims: Mapping[InsuranceClass, ClaimFigures]
    change_days: Rate  # 保全时效, days
    called_back: Rate  # 回访成功率
    given: Mapping[Given, int]

    def share(self, part: Given, whole: Given) -> Rate:
        """Return a rate of two numbers that were typed in."""
        return Rate(self.given.get(part, 0), self.given.get(whole, 0))


class days_from(FunctionElement[int]):  # noqa: N801 (a function of SQL)
    """Whole days from the first date to the second."""

    type = Integer()
    inherit_cache = True


@compiles(days_from, "sqlite")
def _sqlite_days(element: Any, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_from, "postgresql")
def _postgres_days(element: Any, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(part, **options) for part in element.clauses)
    return f"({second} - {first})"


def service_figures(session: Session, actor: Actor, wanted: FigureFilter) -> ServiceFigures:
    """Return the indicators of a period and of the branches that one may see."""
    return ServiceFigures(
        claims=_claims(session, actor, wanted),
        change_days=_changes(session, actor, wanted),
        called_back=_called_back(session, actor, wanted),
        given=given_sums(session, actor, wanted),
    )


def given_sums(session: Session, actor: Actor, wanted: FigureFilter) -> Mapping[Given, int]:
    """Return the sum of each number that was typed in for the months of the period."""
    rows = session.execute(
        select(BusinessFigure.name, func.sum(BusinessFigure.value))
        .where(
            BusinessFigure.month >= wanted.first.replace(day=1),
            BusinessFigure.month <= wanted.last,
            *_of_branch(actor, wanted, BusinessFigure.branch_id),
        )
        .group_by(BusinessFigure.name)
    )
    return {Given(name): int(value) for name, value in rows}


def given_of(session: Session, branch_id: int, month: date) -> Mapping[Given, int]:
    """Return what was typed in for one branch and month."""
    rows = session.execute(
        select(BusinessFigure.name, BusinessFigure.value).where(
            BusinessFigure.branch_id == branch_id, BusinessFigure.month == month
        )
    )
    return {Given(name): value for name, value in rows}


def _of_branch(actor: Actor, wanted: FigureFilter, column: Any) -> list[ColumnElement[bool]]:
    found = [branches_in(actor, Action.CASE_FIGURES, column)]
    return [*found, column == wanted.branch_id] if wanted.branch_id is not None else found


def _claims(session: Session, actor: Actor, wanted: FigureFilter) -> Mapping[InsuranceClass, ClaimFigures]:
    def within(column: Any) -> ColumnElement[bool]:
        return and_(column.is_not(None), column >= wanted.first, column <= wanted.last)

    def count(condition: ColumnElement[bool], value: Any = 1) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, value), else_=0)), 0)

    reported, closed, paid, decided = (
        within(Claim.reported_on),
        within(Claim.closed_on),
        within(Claim.paid_on) & Claim.reported_on.is_not(None),
        within(Claim.decided_on) & Claim.materials_received_on.is_not(None),
    )
    personal = [row.line.value for row in SEED if row.insurance_class is InsuranceClass.PERSONAL]
    is_personal = case((Policy.line.in_(personal), 1), else_=0)
    rows = session.execute(
        select(
            is_personal,
            count(closed),
            count(reported),
            count(closed & (Claim.amount_paid > 0)),
            count(paid, days_from(Claim.reported_on, Claim.paid_on)),
            count(paid),
            count(decided, days_from(Claim.materials_received_on, Claim.decided_on)),
            count(decided),
        )
        .join(Policy, Policy.id == Claim.policy_id)
        .where(reported | closed | paid | decided, *_of_branch(actor, wanted, Claim.branch_id))
        .group_by(is_personal)
    )
    found = {bool(personal): [int(number) for number in numbers] for personal, *numbers in rows}
    return {kind: _claim_figures(found.get(kind is InsuranceClass.PERSONAL, [0] * 7)) for kind in InsuranceClass}


def _claim_figures(numbers: list[int]) -> ClaimFigures:
    closed, reported, paid_out, pay_days, paid, decide_days, decided = numbers
    return ClaimFigures(
        Rate(closed, reported), Rate(paid_out, closed), Rate(pay_days, paid, 1), Rate(decide_days, decided, 1)
    )


def _changes(session: Session, actor: Actor, wanted: FigureFilter) -> Rate:
    days, number = session.execute(
        select(func.sum(Clock.days_taken), func.count())
        .join(ServiceDuty, ServiceDuty.id == Clock.holder_id)
        .where(
            Clock.holder_kind == "duty",
            Clock.code.in_(CHANGES),
            ServiceDuty.state == "done",
            Clock.ended_on >= wanted.first,
            Clock.ended_on <= wanted.last,
            *_of_branch(actor, wanted, Clock.branch_id),
        )
    ).one()
    return Rate(int(days or 0), number, 1)


def _called_back(session: Session, actor: Actor, wanted: FigureFilter) -> Rate:
    done = func.sum(case((SurveyInvitation.state == "answered", 1), else_=0))
    reached, number = session.execute(
        select(done, func.count()).where(
            SurveyInvitation.purpose == "new_policy",
            SurveyInvitation.state != "revoked",
            SurveyInvitation.made_at >= first_moment(wanted.first),
            SurveyInvitation.made_at <= last_moment(wanted.last),
            *_of_branch(actor, wanted, SurveyInvitation.branch_id),
            *([unbarred(actor, SurveyInvitation.case_id)] if actor.barred else []),
        )
    ).one()
    return Rate(int(reached or 0), number)
