"""The knowledge base 知识库: finding answers, writing, changing and retiring them."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.consultations.forms import ChangeAnswerForm, NewAnswerForm
from app.blueprints.consultations.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed
from app.domain.policy import Action
from app.queries import ready_answers as queries
from app.services import idempotency
from app.services import ready_answers as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.consultation_labels import LABELS
from app.web.forms import EditForm
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

LARGEST_PAGE = 1_000


@screen.get("/consultations/answers")
@requires(Action.CONSULTATION_VIEW)
def list_answers() -> str:
    """Show the answers that fit, the most used first."""
    args = request.args
    sealed = args.get("find", "")
    wanted = queries.AnswerFilter(open_query(sealed), args.get("topic", ""), args.get("state", ""))
    number = min(max(args.get("page", 1, type=int), 1), LARGEST_PAGE)
    page = queries.list_answers(reading(), the_actor(), wanted, page=number, today=today())
    kept = {"find": sealed, "topic": wanted.topic, "state": wanted.state}
    return render_template(
        "consultations/_answer_rows.html" if is_fragment() else "consultations/list_answers.html",
        page=page,
        wanted=wanted,
        sealed=sealed,
        active=sum(map(bool, kept.values())),
        turn=lambda at: url_for(".list_answers", **_present(kept), page=at) if 1 <= at <= page.last else "",
        labels=LABELS,
    )


@screen.post("/consultations/answers")
@requires(Action.CONSULTATION_VIEW)
def find_answers() -> Response:
    """Take words out of the form and go to the answers that hold them: somebody's name may be among them."""
    return redirect(url_for(".list_answers", find=seal_query(request.form.get("text", "")) or None), 303)


@screen.get("/consultations/answers/<id:answer_id>")
@requires(Action.CONSULTATION_VIEW)
def show_answer(answer_id: int) -> str:
    """Show one answer whole."""
    answer = queries.read_answer(reading(), the_actor(), answer_id, today=today())
    writer = queries.writer_of(reading(), answer_id)
    return render_template("consultations/show_answer.html", answer=answer, writer=writer, labels=LABELS)


@screen.get("/consultations/answers/new")
@requires(Action.ANSWER_EDIT)
def new_answer() -> str:
    """Show the empty form."""
    form = NewAnswerForm()
    form.offer(reading(), the_actor())
    return render_template("consultations/edit_answer.html", form=form, answer=None)


@screen.post("/consultations/answers/new")
@requires(Action.ANSWER_EDIT)
def create_answer() -> Response:
    """Keep a new answer."""
    form = NewAnswerForm.from_request()
    form.offer(reading(), the_actor())
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("consultations/edit_answer.html", form=form, answer=None), 422)


@screen.get("/consultations/answers/<id:answer_id>/edit")
@requires(Action.ANSWER_EDIT)
def edit_answer(answer_id: int) -> str:
    """Show an answer as a form."""
    answer = _changeable(answer_id)
    form = ChangeAnswerForm(obj=answer)
    form.show_version(answer.version)
    return render_template("consultations/edit_answer.html", form=form, answer=answer)


@screen.post("/consultations/answers/<id:answer_id>/edit")
@requires(Action.ANSWER_EDIT)
def change_answer(answer_id: int) -> Response | tuple[str, int]:
    """Change an answer."""
    answer, form = _changeable(answer_id), ChangeAnswerForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                version = form.seen_version()
                services.change_answer(session, the_actor(), answer_id, form.typed(), version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_answer", answer_id=answer_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_answer", answer_id=answer_id)
            return conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path)
    return make_response(render_template("consultations/edit_answer.html", form=form, answer=answer), 422)


@screen.post("/consultations/answers/<id:answer_id>/retire")
@requires(Action.ANSWER_EDIT)
def retire_answer(answer_id: int) -> Response:
    """Take an answer out of use, or back into it."""
    active, version = request.form.get("active") == "1", EditForm.from_request().seen_version()
    with writing() as session:
        services.retire_answer(session, the_actor(), answer_id, active=active, version=version, now=now())
    flash(_("已恢复使用。") if active else _("已停用，以后登记咨询时不再推荐。"), "ok")
    return redirect(url_for(".show_answer", answer_id=answer_id), 303)


def _changeable(answer_id: int) -> queries.AnswerRow:
    answer = queries.read_answer(reading(), the_actor(), answer_id, today=today())
    if not answer.may_edit:
        raise NotAllowed(Action.ANSWER_EDIT)
    return answer


def _create(form: NewAnswerForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        answer_id = services.write_answer(session, actor, form.branch_id.data, form.typed(), now=now())
        location = url_for(".show_answer", answer_id=answer_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已存入知识库。"), "ok")
    return location


def _present(kept: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if value}
