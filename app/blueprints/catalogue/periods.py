"""Adding, changing and removing retention periods 保管期限."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.catalogue.access import require_the_head_archivist
from app.blueprints.catalogue.forms import ChangePeriodForm, NewPeriodForm
from app.blueprints.catalogue.rules import rules_page
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.policy import Action
from app.queries.catalogue import read_period
from app.services import catalogue as services
from app.services import idempotency
from app.services.catalogue import PeriodData
from app.services.settings import RETENTION_FLOOR, in_force
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@requires(Action.CATALOGUE_RULES)
def new_period() -> AnyResponse:
    """Add a period."""
    require_the_head_archivist()
    form = NewPeriodForm.from_request()
    if request.method != "POST":
        form.effective_from.data = today()
    elif form.validate():
        try:
            typed = form.data_typed()
            if typed is None:
                raise Invalid.field("years", "period.years_missing")
            _add(form, typed)
            return redirect(url_for("catalogue.show_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    page = render_template("catalogue/new_period.html", form=form, floor=in_force(reading(), RETENTION_FLOOR))
    return make_response(page, 422 if form.errors else 200)


@requires(Action.CATALOGUE_RULES)
def edit_period(code: str) -> AnyResponse:
    """Change what a period rests on and since when."""
    require_the_head_archivist()
    period = read_period(reading(), code)
    form = ChangePeriodForm(obj=period) if request.method != "POST" else ChangePeriodForm.from_request()
    if request.method == "POST" and form.validate():
        try:
            with writing() as session:
                typed, version = form.data_typed(), form.seen_version()
                services.edit_period(session, the_actor(), code, typed, version=version, now=now(), today=today())
            flash(_("已保存。"), "ok")
            return redirect(url_for("catalogue.show_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for("catalogue.edit_period", code=code)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    page = render_template("catalogue/edit_period.html", form=form, period=period)
    return make_response(page, 422 if form.errors else 200)


@requires(Action.CATALOGUE_RULES)
def remove_period(code: str) -> AnyResponse:
    """Take out a period that nothing uses."""
    try:
        with writing() as session:
            services.remove_period(session, the_actor(), code, now=now())
    except WrongState as trouble:
        return rules_page(trouble)
    flash(_("已删除。"), "ok")
    return redirect(url_for("catalogue.show_rules"), 303)


def _add(form: NewPeriodForm, typed: PeriodData) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_period(session, actor, typed, now=now(), today=today())
            idempotency.settle(session, actor, key, url_for("catalogue.show_rules"))
    flash(_("已新增保管期限。"), "ok")
