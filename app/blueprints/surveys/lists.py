"""The list of surveys, one survey with its versions, and the form for a new one."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.surveys.builder_forms import NewSurveyForm, condition_words
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, NotAllowed
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.queries import surveys as queries
from app.services import idempotency
from app.services import surveys as services
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing


@screen.get("/surveys")
@requires(Action.SURVEY_VIEW)
def list_surveys() -> str:
    """Show the surveys that the reader's branches use."""
    session, actor = reading(), the_actor()
    return render_template(
        "surveys/list_surveys.html",
        surveys=queries.list_surveys(session, actor, now=now()),
        may_make=bool(queries.keepers_for(session, actor)),
        labels=LABELS,
    )


@screen.get("/surveys/<id:survey_id>")
@requires(Action.SURVEY_VIEW)
def show_survey(survey_id: int) -> str:
    """Show one survey: its versions, and what the one asked for (or in use) asks."""
    session = reading()
    survey = queries.read_survey(session, the_actor(), survey_id)
    shown = queries.read_version(session, survey, number_argument("version")) if survey.versions else None
    return render_template(
        "surveys/show_survey.html", survey=survey, shown=shown, conditions=condition_words, labels=LABELS
    )


@screen.get("/surveys/<id:survey_id>/preview")
@requires(Action.SURVEY_VIEW)
def preview_survey(survey_id: int) -> str:
    """Show a version as the customer will see it; nothing can be sent from here."""
    survey = queries.read_survey(reading(), the_actor(), survey_id)
    shown = queries.read_version(reading(), survey, number_argument("version"))
    return render_template("surveys/preview_survey.html", survey=survey, shown=shown)


@screen.route("/surveys/new", methods=("GET", "POST"))
@requires(Action.SURVEY_EDIT)
def new_survey() -> Response:
    """Begin a survey."""
    session, actor = reading(), the_actor()
    keepers = queries.keepers_for(session, actor)
    if not keepers:
        raise NotAllowed(Action.SURVEY_EDIT)
    form = NewSurveyForm.from_request()
    there = [row for row in queries.list_surveys(session, actor, now=now()) if row.ordinal is not None]
    form.offer(keepers, [(encode_id(row.id), row.title) for row in there])
    if request.method != "POST":
        form.source.data = request.args.get("source", "")
    elif form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("surveys/new_survey.html", form=form), 422 if form.errors else 200)


def _create(form: NewSurveyForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        settings, questions = services.begin_with(session, actor, _source(form.source.data or ""))
        survey_id = services.create_survey(
            session,
            actor,
            form.branch_id.data,
            form.typed_purpose(),
            replace(settings, title=form.title.data or ""),
            questions,
            now=now(),
        )
        location = url_for(".edit_survey", survey_id=survey_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已建立草稿。改好题目后发布，客户才会看到。"), "ok")
    return location


def _source(chosen: str) -> str:
    """Return a ready set's code, or the id of the survey that is copied, in decimal."""
    try:
        return str(decode_id(chosen))
    except ValueError:
        return chosen
