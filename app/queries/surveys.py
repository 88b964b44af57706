"""Reads for the screens of questionnaires: which there are, which version is in use, who may use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may, scopes
from app.domain.survey_figures import Share
from app.domain.surveys import Question, questions_of
from app.models.accounts import Account, Branch
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from app.queries.visibility import branches_in

LATELY = timedelta(days=90)
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"
SATISFIED = 4  # from here on an answer to a scale counts as satisfied


@dataclass(frozen=True, slots=True)
class UsableSurvey:
    """A survey that a branch may ask with, and the version that is in use."""

    id: int
    code: str
    title: str
    purpose: str
    branch_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A line of the list: what was sent and answered lately, within the reader's branches."""

    id: int
    code: str
    title: str
    purpose: str
    branch_name: str
    active: bool
    ordinal: int | None
    has_draft: bool
    sent: int
    answered: int
    satisfied: int
    judged: int

    @property
    def rate(self) -> Share:
        """Return 满意率."""
        return Share(self.satisfied, self.judged)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a survey."""

    id: int
    ordinal: int
    state: str
    count: int
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """What a version asks and how."""

    id: int
    ordinal: int
    state: str
    greeting: str
    thanks: str
    questions: tuple[Question, ...]
    low_score: int
    low_nps: int
    valid_days: int
    version: int


@dataclass(frozen=True, slots=True)
class SurveyDetail:
    """A survey as its page shows it, with what this reader may do."""

    id: int
    code: str
    title: str
    purpose: str
    branch_name: str
    active: bool
    version: int
    versions: tuple[VersionRow, ...]
    may_edit: bool

    @property
    def draft(self) -> VersionRow | None:
        """Return the version that is being made."""
        return next((row for row in self.versions if row.state == DRAFT), None)

    @property
    def in_use(self) -> VersionRow | None:
        """Return the version that customers are asked with."""
        return next((row for row in self.versions if row.state == PUBLISHED), None) if self.active else None


def version_in_use(session: Session, survey_id: int) -> SurveyVersion | None:
    """Return the version with which customers are asked, None when the survey is not in use."""
    return session.scalars(
        select(SurveyVersion)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(Survey.id == survey_id, Survey.active, SurveyVersion.state == PUBLISHED)
        .order_by(SurveyVersion.ordinal.desc())
        .limit(1)
    ).first()


def surveys_for_branch(session: Session, branch_id: int) -> Sequence[UsableSurvey]:
    """Return the surveys in use of a branch and of those above it, by purpose, the nearest branch's first."""
    keeper, user = aliased(Branch), aliased(Branch)
    rows = session.execute(
        select(Survey.id, Survey.code, Survey.title, Survey.purpose, Survey.branch_id, SurveyVersion.id)
        .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
        .join(keeper, keeper.id == Survey.branch_id)
        .join(user, at_or_above(keeper, user))
        .where(user.id == branch_id, Survey.active, SurveyVersion.state == PUBLISHED)
        .order_by(Survey.purpose, func.length(keeper.path).desc(), Survey.title, Survey.id)
    )
    return [UsableSurvey(*row) for row in rows]


def visible_surveys(actor: Actor) -> ColumnElement[bool]:
    """Surveys that are used where `actor` may look: those of his branches and of the branches above them."""
    keeper, seen = aliased(Branch), aliased(Branch)
    return (
        select(keeper.id)
        .join(seen, at_or_above(keeper, seen))
        .where(keeper.id == Survey.branch_id, branches_in(actor, Action.SURVEY_VIEW, seen.id))
        .exists()
    )


def list_surveys(session: Session, actor: Actor, *, now: datetime) -> Sequence[SurveyRow]:
    """Return the surveys that `actor` may see, those in use first, with what came of them in ninety days."""
    since = now - LATELY
    sent, answers = _sent_lately(actor, since), _answers_lately(actor, since)
    published, draft = _ordinal_of(PUBLISHED), _ordinal_of(DRAFT)
    rows = session.execute(
        select(
            Survey.id,
            Survey.code,
            Survey.title,
            Survey.purpose,
            Branch.name,
            Survey.active,
            published,
            draft.is_not(None),
            func.coalesce(sent.c.sent, 0),
            func.coalesce(sent.c.answered, 0),
            func.coalesce(answers.c.satisfied, 0),
            func.coalesce(answers.c.judged, 0),
        )
        .join(Branch, Branch.id == Survey.branch_id)
        .outerjoin(sent, sent.c.survey_id == Survey.id)
        .outerjoin(answers, answers.c.survey_id == Survey.id)
        .where(visible_surveys(actor))
        .order_by(Survey.active.desc(), Branch.path, Survey.created_at, Survey.id)
    )
    return [SurveyRow(*row) for row in rows]


def read_survey(session: Session, actor: Actor, survey_id: int) -> SurveyDetail:
    """Return a survey with its versions, newest first; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(Survey, Branch.name)
        .join(Branch, Branch.id == Survey.branch_id)
        .where(Survey.id == survey_id, visible_surveys(actor))
    ).first()
    if row is None:
        raise NotFound
    survey, branch_name = row
    may_edit = may(actor, Action.SURVEY_EDIT, Target(survey.branch_id))
    versions = tuple(each for each in _versions(session, survey_id) if may_edit or each.state != DRAFT)
    plain = {name: getattr(survey, name) for name in ("id", "code", "title", "purpose", "active", "version")}
    return SurveyDetail(**plain, branch_name=branch_name, versions=versions, may_edit=may_edit)


def read_version(session: Session, survey: SurveyDetail, ordinal: int | None = None) -> VersionDetail:
    """Return one version of a survey that was read: the one asked for, or in use, or newest; raises `NotFound`."""
    newest = survey.versions[0] if survey.versions else None
    wanted = (
        next((row for row in survey.versions if row.ordinal == ordinal), None)
        if ordinal is not None
        else survey.in_use or newest
    )
    version = session.get(SurveyVersion, wanted.id) if wanted is not None else None
    if version is None:
        raise NotFound
    plain = "id ordinal state greeting thanks low_score low_nps valid_days version"
    values = {name: getattr(version, name) for name in plain.split()}
    return VersionDetail(**values, questions=questions_of(version.questions))


def keepers_for(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """Return id and name of the branches for which `actor` may make surveys."""
    ids = {branch for scope in scopes(actor, Action.SURVEY_EDIT) for branch in scope.branches or ()}
    rows = session.execute(select(Branch.id, Branch.name).where(Branch.id.in_(sorted(ids))).order_by(Branch.path))
    return [(branch_id, name) for branch_id, name in rows]


def of_visible_cases(actor: Actor, invitation_id: Any) -> ColumnElement[bool]:
    """What was answered to no complaint that `actor` is barred from; `invitation_id` names the invitation."""
    if not actor.barred:
        return true()
    barred = select(SurveyInvitation.id).where(SurveyInvitation.case_id.in_(sorted(actor.barred)))
    unbarred: ColumnElement[bool] = invitation_id.not_in(barred)
    return unbarred


def at_or_above(keeper: Any, user: Any) -> ColumnElement[bool]:
    """Where the branch `keeper` is `user` or above it."""
    # Paths are ids between slashes: nothing in them is a pattern.
    return or_(keeper.id == user.id, user.path.like(keeper.path + "%"))


def _versions(session: Session, survey_id: int) -> list[VersionRow]:
    rows = session.execute(
        select(SurveyVersion, Account.full_name)
        .outerjoin(Account, Account.id == SurveyVersion.published_by)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.ordinal.desc())
    )
    return [
        VersionRow(row.id, row.ordinal, row.state, len(row.questions), row.published_at, name or "")
        for row, name in rows
    ]


def _ordinal_of(state: str) -> Any:
    found = select(func.max(SurveyVersion.ordinal)).where(
        SurveyVersion.survey_id == Survey.id, SurveyVersion.state == state
    )
    return found.correlate(Survey).scalar_subquery()


def _sent_lately(actor: Actor, since: datetime) -> Any:
    answered = case((SurveyInvitation.state == "answered", 1), else_=0)
    return (
        select(SurveyInvitation.survey_id, func.count().label("sent"), func.sum(answered).label("answered"))
        .where(
            branches_in(actor, Action.SURVEY_VIEW, SurveyInvitation.branch_id),
            SurveyInvitation.made_at >= since,
            counts_as_sent(),
            of_visible_cases(actor, SurveyInvitation.id),
        )
        .group_by(SurveyInvitation.survey_id)
        .subquery()
    )


def counts_as_sent() -> ColumnElement[bool]:
    """Invitations that went to somebody: those taken back do not count, nor what a tablet asked of passers-by."""
    return and_(SurveyInvitation.state != "revoked", SurveyInvitation.kiosk_id.is_(None))


def _answers_lately(actor: Actor, since: datetime) -> Any:
    satisfied = case((SurveyAnswer.overall >= SATISFIED, 1), else_=0)
    return (
        select(
            SurveyAnswer.survey_id,
            func.count(SurveyAnswer.overall).label("judged"),
            func.sum(satisfied).label("satisfied"),
        )
        .where(
            branches_in(actor, Action.SURVEY_VIEW, SurveyAnswer.branch_id),
            SurveyAnswer.answered_at >= since,
            SurveyAnswer.is_valid,
            of_visible_cases(actor, SurveyAnswer.invitation_id),
        )
        .group_by(SurveyAnswer.survey_id)
        .subquery()
    )
