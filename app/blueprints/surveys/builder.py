"""The builder: the draft's questions added, changed, moved and removed; its words; publishing and retiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.surveys.builder_forms import (
    QuestionForm,
    SettingsForm,
    choice_rows,
    condition_rows,
    condition_words,
)
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.policy import Action
from app.domain.questionnaires import MOST_QUESTIONS
from app.domain.surveys import Question
from app.queries.surveys import SurveyDetail, VersionDetail, read_survey, read_version
from app.services import survey_questions, surveys
from app.web.access import requires
from app.web.clock import now
from app.web.forms import EditForm
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing

STEPS = {"up": -1, "down": 1}


@screen.get("/surveys/<id:survey_id>/edit")
@requires(Action.SURVEY_EDIT)
def edit_survey(survey_id: int) -> Response:
    """Show the draft's questions; without a draft, the survey's own page says how to begin one."""
    survey = _survey(survey_id)
    if survey.draft is None:
        return redirect(url_for(".show_survey", survey_id=survey_id), 303)
    return make_response(_builder(survey))


@screen.post("/surveys/<id:survey_id>/draft")
@requires(Action.SURVEY_EDIT)
def start_draft(survey_id: int) -> Response:
    """Begin the next version."""
    with writing() as session:
        surveys.start_draft(session, the_actor(), survey_id, now=now())
    flash(_("已按最新版本建立草稿。发布前，客户看到的仍是原来的版本。"), "ok")
    return redirect(url_for(".edit_survey", survey_id=survey_id), 303)


@screen.post("/surveys/<id:survey_id>/drop")
@requires(Action.SURVEY_EDIT)
def drop_draft(survey_id: int) -> Response:
    """Throw the draft of a next version away."""

    def step(session: Session, version: int) -> None:
        surveys.drop_draft(session, the_actor(), survey_id, version=version, now=now())

    return _take(survey_id, step, _("草稿已放弃。"), ".show_survey")


@screen.post("/surveys/<id:survey_id>/publish")
@requires(Action.SURVEY_EDIT)
def publish_survey(survey_id: int) -> Response:
    """Put the draft to use."""

    def step(session: Session, version: int) -> None:
        surveys.publish(session, the_actor(), survey_id, version=version, now=now())

    return _take(survey_id, step, _("已发布。今后的邀请都用这个版本，已发出的仍用原来的版本。"), ".show_survey")


@screen.post("/surveys/<id:survey_id>/retire")
@requires(Action.SURVEY_EDIT)
def retire_survey(survey_id: int) -> Response:
    """Ask nobody with it any more."""
    form = EditForm.from_request()
    with writing() as session:
        surveys.retire(session, the_actor(), survey_id, version=form.seen_version(), now=now())
    flash(_("问卷已停用，已有的结果保留。"), "ok")
    return redirect(url_for(".show_survey", survey_id=survey_id), 303)


@screen.route("/surveys/<id:survey_id>/settings", methods=("GET", "POST"))
@requires(Action.SURVEY_EDIT)
def edit_settings(survey_id: int) -> Response:
    """Change the words around the questions, and what is followed up."""
    survey = _survey(survey_id)
    if survey.draft is None:
        return _without_draft(survey)
    draft = read_version(reading(), survey, survey.draft.ordinal)
    if request.method != "POST":
        form = SettingsForm(obj=draft, title=survey.title)
        form.show_version(draft.version)
        return make_response(_settings_page(survey, form))
    form, status, trouble = SettingsForm.from_request(), 422, ""
    if form.validate():
        try:
            with writing() as session:
                surveys.change_settings(
                    session, the_actor(), survey_id, form.settings(), version=form.seen_version(), now=now()
                )
            flash(_("已保存。"), "ok")
            return redirect(url_for(".edit_survey", survey_id=survey_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            trouble, status = trouble_of(wrong), 409
            form.show_version(_draft(survey_id)[1].version)
    return make_response(_settings_page(survey, form, trouble), status)


@screen.route("/surveys/<id:survey_id>/questions/new", methods=("GET", "POST"))
@requires(Action.SURVEY_EDIT)
def new_question(survey_id: int) -> Response:
    """Add a question."""
    survey = _survey(survey_id)
    if survey.draft is None:
        return _without_draft(survey)
    draft = read_version(reading(), survey, survey.draft.ordinal)
    if request.method == "POST":
        return _put_question(survey, draft, None)
    form = QuestionForm(required=True, kind=request.args.get("kind", "scale"))
    form.show_version(draft.version)
    return make_response(_question_page(survey, draft, None, form))


@screen.route("/surveys/<id:survey_id>/questions/<string:key>", methods=("GET", "POST"))
@requires(Action.SURVEY_EDIT)
def edit_question(survey_id: int, key: str) -> Response:
    """Change a question."""
    survey = _survey(survey_id)
    if survey.draft is None:
        return _without_draft(survey)
    draft = read_version(reading(), survey, survey.draft.ordinal)
    question = next((each for each in draft.questions if each.key == key), None)
    if question is None:
        raise NotFound
    if request.method == "POST":
        return _put_question(survey, draft, question)
    form = QuestionForm(obj=question)
    form.show_version(draft.version)
    return make_response(_question_page(survey, draft, question, form))


@screen.post("/surveys/<id:survey_id>/questions/<string:key>/move")
@requires(Action.SURVEY_EDIT)
def move_question(survey_id: int, key: str) -> Response:
    """Move a question up or down."""
    places = STEPS.get(request.form.get("way", ""), 0)

    def step(session: Session, version: int) -> None:
        survey_questions.move_question(session, the_actor(), survey_id, key, places, version=version, now=now())

    return _take(survey_id, step, "", ".edit_survey")


@screen.post("/surveys/<id:survey_id>/questions/<string:key>/remove")
@requires(Action.SURVEY_EDIT)
def remove_question(survey_id: int, key: str) -> Response:
    """Take a question out of the draft."""

    def step(session: Session, version: int) -> None:
        survey_questions.remove_question(session, the_actor(), survey_id, key, version=version, now=now())

    return _take(survey_id, step, _("题目已移除。"), ".edit_survey")


def _survey(survey_id: int) -> SurveyDetail:
    """Return a survey that may be edited; raises `NotFound`, `NotAllowed`."""
    survey = read_survey(reading(), the_actor(), survey_id)
    if not survey.may_edit:
        raise NotAllowed(Action.SURVEY_EDIT)
    return survey


def _without_draft(survey: SurveyDetail) -> Response:
    flash(SENTENCES["survey.no_draft"], "warn")
    return redirect(url_for(".show_survey", survey_id=survey.id), 303)


def _draft(survey_id: int) -> tuple[SurveyDetail, VersionDetail]:
    """Return a survey and its draft; raises `WrongState` when there is none."""
    survey = _survey(survey_id)
    if survey.draft is None:
        raise WrongState("survey.no_draft")
    return survey, read_version(reading(), survey, survey.draft.ordinal)


def _builder(survey: SurveyDetail, trouble: Any = "") -> str:
    if survey.draft is None:
        raise WrongState("survey.no_draft")
    return render_template(
        "surveys/_questions.html" if is_fragment() else "surveys/edit_survey.html",
        survey=survey,
        draft=read_version(reading(), survey, survey.draft.ordinal),
        conditions=condition_words,
        most=MOST_QUESTIONS,
        trouble=trouble,
        labels=LABELS,
    )


def _take(survey_id: int, step: Callable[[Session, int], None], done: str, onward: str) -> Response:
    """Do something to the draft and go on, or show the builder with what is wrong; htmx gets the questions alone."""
    form, trouble, status = EditForm.from_request(), None, 422
    try:
        with writing() as session:
            step(session, form.seen_version())
    except (Invalid, WrongState) as refused:
        trouble, status = trouble_of(refused), 409 if isinstance(refused, WrongState) else 422
    if trouble is None and not is_fragment():
        if done:
            flash(done, "ok")
        return redirect(url_for(onward, survey_id=survey_id), 303)
    survey = _survey(survey_id)
    if survey.draft is None:
        return redirect(url_for(".show_survey", survey_id=survey_id), 303)
    return make_response(_builder(survey, trouble or ""), status if trouble and not is_fragment() else 200)


def _settings_page(survey: SurveyDetail, form: SettingsForm, trouble: Any = "") -> str:
    return render_template("surveys/edit_settings.html", survey=survey, form=form, trouble=trouble)


def _question_page(
    survey: SurveyDetail,
    draft: VersionDetail,
    question: Question | None,
    form: QuestionForm,
    *,
    trouble: Any = "",
    wrong: Mapping[str, Sequence[str]] | None = None,
) -> str:
    key, condition = (question.key, question.only_if) if question else ("", None)
    return render_template(
        "surveys/edit_question.html",
        survey=survey,
        question=question,
        form=form,
        choices=choice_rows(question),
        earlier=condition_rows(draft.questions, key, condition),
        trouble=trouble,
        wrong={name: [SENTENCES[code] for code in codes] for name, codes in (wrong or {}).items()},
    )


def _put_question(survey: SurveyDetail, draft: VersionDetail, question: Question | None) -> Response:
    form, status, trouble, wrong = QuestionForm.from_request(), 422, "", {}
    if form.validate():
        try:
            typed = form.question(question.key if question else "")
            with writing() as session:
                survey_questions.put_question(
                    session, the_actor(), survey.id, typed, version=form.seen_version(), now=now()
                )
            flash(_("题目已保存。"), "ok")
            return redirect(url_for(".edit_survey", survey_id=survey.id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            wrong = invalid.problems
        except WrongState as refused:
            trouble, status = trouble_of(refused), 409
            survey, draft = _draft(survey.id)
            form.show_version(draft.version)
    return make_response(_question_page(survey, draft, question, form, trouble=trouble, wrong=wrong), status)
