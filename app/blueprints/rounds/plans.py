"""Plans of inspection: making one, drawing the worklist of a year, its progress."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.rounds.forms import PlanForm
from app.blueprints.rounds.labels import LABELS, SHOWN
from app.blueprints.rounds.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import inspections as queries
from app.queries.branches import branches_for
from app.services import idempotency
from app.services import inspections as services
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/rounds/plans/new")
@requires(Action.STORAGE_RULES)
def new_plan() -> str:
    """Show the form for a plan."""
    form = _form(PlanForm())
    form.branch_id.data = the_actor().branch_id
    return render_template("rounds/new_plan.html", form=form)


@screen.post("/storage/rounds/plans/new")
@requires(Action.STORAGE_RULES)
def create_plan() -> Response:
    """Make a plan."""
    form = _form(PlanForm.from_request())
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("rounds/new_plan.html", form=form), 422)


@screen.get("/storage/rounds/plans/<id:plan_id>")
@requires(Action.STORAGE_VIEW)
def show_plan(plan_id: int) -> str:
    """Show a plan with its progress by year and its worklist."""
    return plan_page(plan_id)


@screen.post("/storage/rounds/plans/<id:plan_id>/worklist")
@requires(Action.ROUND_RUN)
def create_worklist(plan_id: int) -> Response:
    """Draw the worklist of this year or the next."""
    year = request.form.get("year", type=int) or 0
    try:
        with writing() as session:
            added = services.make_worklist(session, the_actor(), plan_id, year, now=now(), today=today())
    except (Invalid, WrongState) as problem:
        return make_response(plan_page(plan_id, trouble_of(problem)), 422)
    flash(_("%(year)s 年检查清单已更新，新增 %(n)s 件。", year=year, n=added), "ok")
    return redirect(url_for(".show_plan", plan_id=plan_id), 303)


@screen.post("/storage/rounds/plans/<id:plan_id>/end")
@requires(Action.STORAGE_RULES)
def end_plan(plan_id: int) -> Response:
    """Let a plan rest."""
    try:
        with writing() as session:
            services.end_plan(session, the_actor(), plan_id, now=now())
    except WrongState as problem:
        return make_response(plan_page(plan_id, trouble_of(problem)), 409)
    flash(_("计划已停用，检查记录保留。"), "ok")
    return redirect(url_for(".show_plan", plan_id=plan_id), 303)


def plan_page(plan_id: int, trouble: Any = "") -> str:
    """Return the page of a plan; a scan that was refused is told of on it."""
    actor, day = the_actor(), today()
    show = request.args.get("show", "open")
    show = show if show in SHOWN else "open"
    year = number_argument("year")
    plan = queries.read_plan(reading(), actor, plan_id, today=day)
    page = queries.list_inspections(reading(), actor, plan_id, show=show, year=year, today=day, cursor=current_cursor())
    return render_template(
        "rounds/_inspection_rows.html" if is_fragment() and not trouble else "rounds/show_plan.html",
        plan=plan,
        page=page,
        show=show,
        turn=listing("rounds.show_plan", sort="", plan_id=plan_id, show=show, year=year),
        this_year=day.year,
        today=day,
        trouble=trouble,
        labels=LABELS,
    )


def _form(form: PlanForm) -> PlanForm:
    form.branch_id.choices = list(branches_for(reading(), the_actor(), Action.STORAGE_RULES))
    return form


def _create(form: PlanForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        branch_id = int(form.branch_id.data)
        plan_id = services.create_plan(session, actor, branch_id, form.plan(), now=now(), today=today())
        location = url_for(".show_plan", plan_id=plan_id)
        idempotency.settle(session, actor, key, location)
    flash(_("计划已建立。下一步：生成今年的检查清单。"), "ok")
    return location
