"""Keeping questionnaires 问卷: drafts that are changed, versions that never are once they were published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.domain.questionnaires import check_questions
from app.domain.survey_seeds import READY
from app.domain.surveys import NPS, SCALE, Purpose, Question, as_stored, questions_of
from app.models.accounts import Branch
from app.models.surveys import Survey, SurveyVersion
from app.queries.surveys import visible_surveys
from app.services import trail
from app.services.numbers import take_number

LONGEST_TITLE, LONGEST_WORDS, MOST_DAYS = 80, 500, 365


@dataclass(frozen=True, slots=True)
class Settings:
    """What a version says besides its questions, and the name of the survey."""

    title: str
    greeting: str = ""
    thanks: str = ""
    low_score: int = 2
    low_nps: int = 6
    valid_days: int = 30


def seed_surveys(session: Session, now: datetime) -> None:
    """Write the ready surveys of the root branch, each published, where there is none of its code yet."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    if root is None:
        return
    there = set(session.scalars(select(Survey.code).where(Survey.code.in_(list(READY)))))
    for ready in READY.values():
        if ready.code in there:
            continue
        survey = Survey(
            id=new_id(),
            code=ready.code,
            title=ready.title,
            purpose=ready.purpose.value,
            branch_id=root,
            created_at=now,
        )
        session.add(survey)
        session.flush()
        version = _version_of(survey, 1, Settings(ready.title, ready.greeting, ready.thanks), ready.questions, now)
        version.state, version.published_at = "published", now
        session.add(version)
    session.flush()


def create_survey(
    session: Session,
    actor: Actor,
    branch_id: int,
    purpose: Purpose,
    typed: Settings,
    questions: Sequence[Question] = (),
    *,
    now: datetime,
) -> int:
    """Make a survey with a draft of its first version and return its id; raises `NotAllowed`, `Invalid`."""
    if not may(actor, Action.SURVEY_EDIT, Target(branch_id)):
        raise NotAllowed(Action.SURVEY_EDIT)
    checked = _check_settings(typed)
    survey_id, year = new_id(), office_day(now).year
    code = take_number(
        session,
        actor,
        f"survey|{year}",
        lambda value: f"WJ{year}-{value:04d}",
        holder_kind="survey",
        holder_id=survey_id,
        now=now,
    )
    survey = Survey(
        id=survey_id,
        code=code,
        title=checked.title,
        purpose=purpose.value,
        branch_id=branch_id,
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(survey)
    session.flush()
    session.add(_version_of(survey, 1, checked, questions, now))
    session.flush()
    note_survey(session, actor, "survey_created", survey, now=now, after={"purpose": survey.purpose})
    return survey.id


def begin_with(session: Session, actor: Actor, source: str) -> tuple[Settings, tuple[Question, ...]]:
    """Return words and questions to begin with: of a ready set by its code, of a survey in sight by its id, or none.

    Raises `Invalid` for a source that is neither.
    """
    if not source:
        return Settings(""), ()
    ready = READY.get(source)
    if ready is not None:
        return Settings(ready.title, ready.greeting, ready.thanks), ready.questions
    found = None
    if source.isascii() and source.isdigit() and len(source) < 20:
        found = session.execute(
            select(SurveyVersion, Survey.title)
            .join(Survey, Survey.id == SurveyVersion.survey_id)
            .where(Survey.id == int(source), visible_surveys(actor), SurveyVersion.state != "draft")
            .order_by(SurveyVersion.ordinal.desc())
            .limit(1)
        ).first()
    if found is None:
        raise Invalid.field("source", "survey.source")
    version, title = found
    return _settings_of(version, title), questions_of(version.questions)


def start_draft(session: Session, actor: Actor, survey_id: int, *, now: datetime) -> int:
    """Begin the next version from the newest and return its id; the keys of its questions stay.

    Raises `WrongState` with `survey.has_draft`.
    """
    survey = _load(session, actor, survey_id)
    newest = versions_of(session, survey.id)[0]
    if newest.state == "draft":
        raise WrongState("survey.has_draft")
    settings = _settings_of(newest, survey.title)
    draft = _version_of(survey, newest.ordinal + 1, settings, questions_of(newest.questions), now)
    session.add(draft)
    session.flush()
    note_survey(session, actor, "survey_changed", survey, now=now, after={"version": draft.ordinal})
    return draft.id


def drop_draft(session: Session, actor: Actor, survey_id: int, *, version: int, now: datetime) -> None:
    """Throw the draft of a next version away; raises `WrongState` with `survey.first_draft` for the only version."""
    survey, draft = load_draft(session, actor, survey_id, version)
    if draft.ordinal == 1:
        raise WrongState("survey.first_draft")
    session.delete(draft)
    note_survey(session, actor, "survey_changed", survey, now=now, before={"version": draft.ordinal})


def change_settings(
    session: Session, actor: Actor, survey_id: int, typed: Settings, *, version: int, now: datetime
) -> None:
    """Change the name of a survey and the words and limits of its draft."""
    survey, draft = load_draft(session, actor, survey_id, version)
    checked = _check_settings(typed)
    before = {"title": survey.title}
    survey.title = checked.title
    for name, value in asdict(checked).items():
        if name != "title":
            setattr(draft, name, value)
    touch_draft(draft, now)
    note_survey(session, actor, "survey_changed", survey, now=now, before=before, after={"title": survey.title})


def publish(session: Session, actor: Actor, survey_id: int, *, version: int, now: datetime) -> None:
    """Put the draft to use; the version before it is asked no more. Raises `Invalid` for questions that do not fit."""
    survey, draft = load_draft(session, actor, survey_id, version)
    check_questions(questions_of(draft.questions))
    _retire_published(session, survey.id)
    draft.state, draft.published_at, draft.published_by = "published", now, actor.account_id
    touch_draft(draft, now)
    survey.active = True
    survey.version += 1
    note_survey(session, actor, "survey_published", survey, now=now, after={"version": draft.ordinal})


def retire(session: Session, actor: Actor, survey_id: int, *, version: int, now: datetime) -> None:
    """Ask nobody with this survey any more; answers and results stay."""
    survey = _load(session, actor, survey_id)
    if survey.version != version:
        raise WrongState("survey.changed")
    if not _retire_published(session, survey.id):
        raise WrongState("survey.not_in_use")
    survey.active = False
    survey.version += 1
    note_survey(session, actor, "survey_retired", survey, now=now)


def _load(session: Session, actor: Actor, survey_id: int) -> Survey:
    """Return a survey, locked; raises `NotFound` for one out of sight, `NotAllowed` for one of another branch."""
    statement = select(Survey).where(Survey.id == survey_id, visible_surveys(actor)).with_for_update(of=Survey)
    survey = session.scalars(statement.execution_options(populate_existing=True)).first()
    if survey is None:
        raise NotFound
    if not may(actor, Action.SURVEY_EDIT, Target(survey.branch_id)):
        raise NotAllowed(Action.SURVEY_EDIT)
    return survey


def load_draft(session: Session, actor: Actor, survey_id: int, version: int) -> tuple[Survey, SurveyVersion]:
    """Return a survey and its draft, locked; raises `WrongState` without one, or when it is not at `version`."""
    survey = _load(session, actor, survey_id)
    draft = versions_of(session, survey.id)[0]
    if draft.state != "draft":
        raise WrongState("survey.no_draft")
    if draft.version != version:
        raise WrongState("survey.changed")
    return survey, draft


def versions_of(session: Session, survey_id: int) -> Sequence[SurveyVersion]:
    """Return the versions, newest first."""
    statement = select(SurveyVersion).where(SurveyVersion.survey_id == survey_id)
    ordered = statement.order_by(SurveyVersion.ordinal.desc())
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def _retire_published(session: Session, survey_id: int) -> bool:
    published = [row for row in versions_of(session, survey_id) if row.state == "published"]
    for row in published:
        row.state = "retired"
        row.version += 1
    return bool(published)


def _version_of(
    survey: Survey, ordinal: int, settings: Settings, questions: Iterable[Question], now: datetime
) -> SurveyVersion:
    values = {name: value for name, value in asdict(settings).items() if name != "title"}
    return SurveyVersion(
        id=new_id(),
        survey_id=survey.id,
        ordinal=ordinal,
        questions=as_stored(questions),
        changed_at=now,
        **values,
    )


def _settings_of(version: SurveyVersion, title: str) -> Settings:
    names = ("greeting", "thanks", "low_score", "low_nps", "valid_days")
    return Settings(title, **{name: getattr(version, name) for name in names})


def _check_settings(typed: Settings) -> Settings:
    checked = replace(
        typed,
        title=clean_text(typed.title),
        greeting=clean_note(typed.greeting),
        thanks=clean_note(typed.thanks),
    )
    problems: dict[str, list[str]] = {}
    if not 0 < len(checked.title) <= LONGEST_TITLE:
        problems["title"] = ["survey.title"]
    for name in ("greeting", "thanks"):
        if len(getattr(checked, name)) > LONGEST_WORDS:
            problems[name] = ["survey.words_long"]
    if checked.low_score not in range(SCALE.stop):
        problems["low_score"] = ["survey.low_score"]
    if checked.low_nps not in range(-1, NPS.stop):
        problems["low_nps"] = ["survey.low_nps"]
    if not 1 <= checked.valid_days <= MOST_DAYS:
        problems["valid_days"] = ["survey.valid_days"]
    if problems:
        raise Invalid(problems)
    return checked


def touch_draft(draft: SurveyVersion, now: datetime) -> None:
    """Note that a draft was changed."""
    draft.changed_at = now
    draft.version += 1


def note_survey(
    session: Session,
    actor: Actor,
    event: str,
    survey: Survey,
    *,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write what happened to a survey into the trail."""
    trail.record(session, actor, event, _subject(survey), now=now, before=before, after=after)


def _subject(survey: Survey) -> trail.Subject:
    return trail.Subject("survey", survey.id, survey.code)
