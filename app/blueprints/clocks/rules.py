"""The rules of clocks: everybody who serves customers may read them, the head office's managers keep them."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.clocks.forms import NewTextForm
from app.blueprints.clocks.screen import screen
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries import clock_rules as queries
from app.queries.calendar import years_missing
from app.queries.clocks import rule_of
from app.services import clock_rules as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now, today
from app.web.clock_labels import LABELS
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/clocks")
@requires(Action.CONSULTATION_VIEW)
def list_rules() -> str:
    """Show all rules that hold or will hold, by kind, older texts folded."""
    session = reading()
    return render_template(
        "clocks/list_rules.html",
        rules=queries.list_rules(session, today()),
        may_change=queries.may_change_clock_rules(session, the_actor()),
        missing=years_missing(session, today()),
        today=today(),
        labels=LABELS,
    )


@screen.get("/clocks/<id:rule_id>")
@requires(Action.CONSULTATION_VIEW)
def show_rule(rule_id: int) -> str:
    """Show one text of a rule with its articles and the other texts."""
    session = reading()
    row = queries.read_rule(session, rule_id)
    texts = queries.texts_of(session, row.code)
    return render_template(
        "clocks/show_rule.html",
        row=row,
        rule=rule_of(row),
        texts=texts,
        is_last=texts[0].id == row.id,
        may_change=queries.may_change_clock_rules(session, the_actor()),
        today=today(),
        labels=LABELS,
    )


@screen.route("/clocks/<id:rule_id>/new-text", methods=("GET", "POST"))
@requires(Action.CASE_RULES)
def new_text(rule_id: int) -> Response:
    """Give a rule a new text from a day on."""
    services.require_may_change(reading(), the_actor())
    row = queries.read_rule(reading(), rule_id)
    form = NewTextForm.from_request()
    form.only_for(row)
    if request.method != "POST":
        form.show_rule(row, today() + timedelta(days=1))
    elif form.validate():
        try:
            return redirect(_add(form, rule_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    page = render_template("clocks/new_text.html", form=form, row=row, labels=LABELS)
    return make_response(page, 422 if form.errors else 200)


def _add(form: NewTextForm, rule_id: int) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        fresh = services.add_text(session, actor, rule_id, form.typed(), now=now(), today=today())
        location = url_for(".show_rule", rule_id=fresh)
        idempotency.settle(session, actor, key, location)
    flash(_("新文本已登记，自施行日起适用；已经起算的事项仍按原文本。"), "ok")
    return location
