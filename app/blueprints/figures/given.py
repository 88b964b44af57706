"""Typing in numbers of the business, a branch and a month at a time."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.figures.forms import GivenForm
from app.blueprints.figures.screen import screen
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.domain.registers import month_of
from app.queries.branches import branches_for
from app.queries.service_figures import given_of
from app.services.business_figures import enter_figures
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/figures/given")
@requires(Action.CASE_RULES)
def edit_given() -> str:
    """Show the numbers of a branch and month as a form."""
    branches = branches_for(reading(), the_actor(), Action.CASE_RULES)
    branch_id = number_argument("branch")
    chosen = branch_id if branch_id in dict(branches) else branches[0][0]
    form = GivenForm(data={"branch_id": chosen, "month": _month()})
    form.offer_branches(branches)
    form.show(given_of(reading(), chosen, form.first_day()))
    return render_template("figures/edit_given.html", form=form)


@screen.post("/figures/given")
@requires(Action.CASE_RULES)
def enter_given() -> Response:
    """Keep what was typed."""
    form = GivenForm.from_request()
    form.offer_branches(branches_for(reading(), the_actor(), Action.CASE_RULES))
    if form.validate():
        month, branch_id = form.first_day(), form.branch_id.data
        try:
            with writing() as session:
                enter_figures(session, the_actor(), branch_id, month, form.values(), now=now(), today=today())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".edit_given", branch=branch_id, month=form.month.data), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("figures/edit_given.html", form=form), 422)


def _month() -> str:
    text = request.args.get("month", "")
    try:
        return f"{month_of(text)[0]:%Y-%m}"
    except ValueError:
        return f"{today():%Y-%m}"
