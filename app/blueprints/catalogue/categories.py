"""Adding and changing classes 类别."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.catalogue.access import require_the_head_archivist
from app.blueprints.catalogue.forms import ChangeCategoryForm, NewCategoryForm
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.queries.catalogue import CategoryRow, read_category
from app.services import catalogue as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@requires(Action.CATALOGUE_RULES)
def new_category(category_id: int) -> AnyResponse:
    """Add a sub-class under a class."""
    require_the_head_archivist()
    parent = read_category(reading(), category_id)
    form = NewCategoryForm.from_request()
    form.offer_periods(reading())
    if request.method != "POST":
        form.series.data = parent.series
        form.default_level.data, form.default_period.data = parent.default_level, parent.default_period
        form.basis.data = parent.basis
    elif form.validate():
        try:
            _add(form, category_id)
            return redirect(url_for("catalogue.show_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    page = render_template("catalogue/new_category.html", form=form, parent=parent)
    return make_response(page, 422 if form.errors else 200)


@requires(Action.CATALOGUE_RULES)
def edit_category(category_id: int) -> AnyResponse:
    """Change a class."""
    require_the_head_archivist()
    category = read_category(reading(), category_id)
    form = ChangeCategoryForm(obj=category) if request.method != "POST" else ChangeCategoryForm.from_request()
    form.offer_periods(reading())
    if request.method == "POST" and form.validate():
        try:
            with writing() as session:
                typed = form.data_typed(category.series, active=bool(form.active.data))
                services.edit_category(session, the_actor(), category_id, typed, version=form.seen_version(), now=now())
            flash(_("已保存，今后的新材料按新规则著录；已有的不变。"), "ok")
            return redirect(url_for("catalogue.show_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for("catalogue.edit_category", category_id=category_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _edit_page(form, category)


def _edit_page(form: ChangeCategoryForm, category: CategoryRow) -> Response:
    page = render_template("catalogue/edit_category.html", form=form, category=category)
    return make_response(page, 422 if form.errors else 200)


def _add(form: NewCategoryForm, parent_id: int) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            typed = form.data_typed(form.series.data or "", active=True)
            services.add_category(session, actor, parent_id, typed, now=now())
            idempotency.settle(session, actor, key, url_for("catalogue.show_rules"))
    flash(_("已新增子类。"), "ok")
