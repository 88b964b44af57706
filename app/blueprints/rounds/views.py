"""The overview of rounds, and opening a stock-taking."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.rounds.forms import NewStocktakeForm
from app.blueprints.rounds.labels import LABELS
from app.blueprints.rounds.screen import asked_id, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action, may_ever
from app.domain.scan_codes import read_scan
from app.queries.inspections import list_plans
from app.queries.stocktakes import find_place, list_stocktakes, place_choices
from app.services import idempotency
from app.services import stocktakes as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/rounds")
@requires(Action.STORAGE_VIEW)
def list_rounds() -> str:
    """Show plans with this year's progress and the stock-takings."""
    actor, state = the_actor(), request.args.get("state", "")
    page = list_stocktakes(reading(), actor, state=state, cursor=current_cursor())
    turn = listing("rounds.list_rounds", sort="", state=state)
    if is_fragment():
        return render_template("rounds/_stocktake_rows.html", page=page, turn=turn, labels=LABELS)
    return render_template(
        "rounds/list_rounds.html",
        page=page,
        turn=turn,
        state=state,
        plans=list_plans(reading(), actor, today=today()),
        may_run=may_ever(actor, Action.ROUND_RUN),
        labels=LABELS,
    )


@screen.get("/storage/rounds/new")
@requires(Action.ROUND_RUN)
def new_stocktake() -> str:
    """Show the form for a stock-taking."""
    form = _form(NewStocktakeForm())
    form.place_id.data = asked_id("place")
    return render_template("rounds/new_stocktake.html", form=form, trouble="")


@screen.post("/storage/rounds/new")
@requires(Action.ROUND_RUN)
def create_stocktake() -> Response:
    """Open a stock-taking and go to its counting page."""
    form, trouble = _form(NewStocktakeForm.from_request()), ""
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            trouble = trouble_of(wrong)
    return make_response(render_template("rounds/new_stocktake.html", form=form, trouble=trouble), 422)


def _form(form: NewStocktakeForm) -> NewStocktakeForm:
    form.place_id.choices = [("", _("请选择")), *place_choices(reading(), the_actor())]
    return form


def _create(form: NewStocktakeForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    place_id = _place(form)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        stocktake_id = services.open_stocktake(
            session, actor, place_id, form.reason.data, remark=form.remark.data or "", now=now()
        )
        location = url_for(".show_stocktake", stocktake_id=stocktake_id)
        idempotency.settle(session, actor, key, location)
    flash(_("盘点已开始，账面已固定。请先扫架位或盒，再逐件扫。"), "ok")
    return location


def _place(form: NewStocktakeForm) -> int:
    """Return the place that was scanned, or else the one that was chosen."""
    if form.code.data:
        read = read_scan(form.code.data)
        if read.is_label and read.kind == "place":
            return read.id
        found = find_place(reading(), the_actor(), read.text)
        if found is None:
            raise Invalid.field("code", "stocktake.unknown_place")
        return found
    if form.place_id.data is None:
        raise Invalid.field("place_id", "stocktake.place_missing")
    return int(form.place_id.data)
