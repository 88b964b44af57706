"""Kinds of paper 单证类型: names, classes, titles."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.forms import ChangeTypeForm, NewTypeForm
from app.blueprints.completeness.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.queries import completeness_rules as queries
from app.services import idempotency
from app.services import paper_type_changes as services
from app.services.completeness_rules import require_may_change
from app.web.access import requires
from app.web.clock import now
from app.web.completeness_labels import LABELS
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/completeness/types")
@requires(Action.INTAKE_VIEW)
def list_types() -> str:
    """Show the kinds of paper."""
    session = reading()
    return render_template(
        "completeness/list_types.html",
        types=queries.list_types(session),
        may_change=queries.may_change_rules(session, the_actor()),
        labels=LABELS,
    )


@screen.route("/completeness/types/new", methods=("GET", "POST"))
@requires(Action.INTAKE_RULES)
def new_type() -> Response:
    """Add a kind."""
    require_may_change(reading(), the_actor())
    form = NewTypeForm.from_request()
    form.offer_classes(reading())
    if request.method != "POST":
        form.active.data = True
    elif form.validate():
        try:
            _add(form)
            return redirect(url_for(".list_types"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("completeness/new_type.html", form=form), 422 if form.errors else 200)


@screen.route("/completeness/types/<id:type_id>/edit", methods=("GET", "POST"))
@requires(Action.INTAKE_RULES)
def edit_type(type_id: int) -> Response:
    """Change a kind."""
    require_may_change(reading(), the_actor())
    row = queries.read_type(reading(), type_id)
    form = ChangeTypeForm.from_request() if request.method == "POST" else ChangeTypeForm(obj=row)
    form.offer_classes(reading())
    if request.method != "POST":
        form.show_version(row.version)
    elif form.validate():
        try:
            with writing() as session:
                services.edit_type(session, the_actor(), type_id, form.kind(), version=form.seen_version(), now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".list_types"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_type", type_id=type_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    page = render_template("completeness/edit_type.html", form=form, row=row)
    return make_response(page, 422 if form.errors else 200)


def _add(form: NewTypeForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_type(session, actor, form.code.data or "", form.kind(), now=now())
            idempotency.settle(session, actor, key, url_for(".list_types"))
    flash(_("已新增单证类型。"), "ok")
