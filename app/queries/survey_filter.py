"""Which answers and invitations count: a filter, and the conditions that it means for a reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.domain.actor import Actor
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.policies import Policy
from app.models.surveys import SurveyAnswer, SurveyInvitation, SurveyVersion
from app.queries.surveys import at_or_above, counts_as_sent, of_visible_cases
from app.queries.visibility import branches_in


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which answers: of a survey (None: all), in a period, of a branch with those below, a line, an agent, a version."""

    survey_id: int | None
    since: date
    until: date
    branch_id: int | None = None
    below: bool = True
    line: str = ""
    agent_id: int | None = None
    ordinal: int | None = None


def answered_within(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on valid answers, for who lists them."""
    return [*all_answered(actor, wanted), SurveyAnswer.is_valid.is_(True)]


def all_answered(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on answers, valid or not."""
    conditions = [
        *_within(actor, wanted, SurveyAnswer, SurveyAnswer.answered_at),
        of_visible_cases(actor, SurveyAnswer.invitation_id),
    ]
    if wanted.line:
        conditions.append(SurveyAnswer.line == wanted.line)
    return conditions


def all_sent(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on invitations that count as sent."""
    conditions = [
        *_within(actor, wanted, SurveyInvitation, SurveyInvitation.made_at),
        of_visible_cases(actor, SurveyInvitation.id),
        counts_as_sent(),
    ]
    if wanted.line:
        policies = select(Policy.id).where(Policy.line == wanted.line)
        claims = select(Claim.id).join(Policy, Policy.id == Claim.policy_id).where(Policy.line == wanted.line)
        of_line: ColumnElement[bool] = SurveyInvitation.policy_id.in_(policies) | SurveyInvitation.claim_id.in_(claims)
        conditions.append(of_line)
    return conditions


def _within(actor: Actor, wanted: ResultFilter, table: Any, at: InstrumentedAttribute[datetime]) -> list[Any]:
    conditions = [
        branches_in(actor, Action.SURVEY_VIEW, table.branch_id),
        at >= first_moment(wanted.since),
        at <= last_moment(wanted.until),
    ]
    if wanted.survey_id is not None:
        conditions.append(table.survey_id == wanted.survey_id)
    if wanted.branch_id is not None:
        conditions.append(_at_branch(table.branch_id, wanted))
    if wanted.agent_id is not None:
        conditions.append(table.agent_id == wanted.agent_id)
    if wanted.ordinal is not None:
        version = select(SurveyVersion.id).where(SurveyVersion.ordinal == wanted.ordinal)
        conditions.append(table.version_id.in_(version.where(SurveyVersion.survey_id == wanted.survey_id)))
    return conditions


def _at_branch(column: InstrumentedAttribute[int], wanted: ResultFilter) -> ColumnElement[bool]:
    if not wanted.below:
        return column == wanted.branch_id
    top, under = aliased(Branch), aliased(Branch)
    return column.in_(select(under.id).join(top, at_or_above(top, under)).where(top.id == wanted.branch_id))
