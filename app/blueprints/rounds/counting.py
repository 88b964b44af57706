"""Counting: one field to scan into, the spot that goes along, what was scanned last."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.rounds.forms import ScanForm
from app.blueprints.rounds.labels import LABELS, SAID
from app.blueprints.rounds.review import review_page
from app.blueprints.rounds.screen import asked_spot, counting_address, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.domain.stocktaking import StocktakeState
from app.queries import stocktakes as queries
from app.services import stocktake_scans as services
from app.services.stocktake_scans import Outcome, Spot
from app.services.stocktakes import end_counting as end
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/rounds/<id:stocktake_id>")
@requires(Action.STORAGE_VIEW)
def show_stocktake(stocktake_id: int) -> str:
    """Show a stock-taking: the counting page while it is counted, the lines by result afterwards."""
    stocktake = queries.read_stocktake(reading(), the_actor(), stocktake_id)
    if stocktake.state == StocktakeState.COUNTING and stocktake.may_run:
        return _counting_page(stocktake, asked_spot())
    return review_page(stocktake)


@screen.post("/storage/rounds/<id:stocktake_id>/scan")
@requires(Action.ROUND_RUN)
def scan_item(stocktake_id: int) -> Response:
    """Take one scan and come back ready for the next."""
    actor, spot, form = the_actor(), asked_spot(), ScanForm.from_request()
    stocktake = queries.read_stocktake(reading(), actor, stocktake_id)
    if form.validate():
        try:
            with writing() as session:
                outcome = services.scan(
                    session,
                    actor,
                    stocktake_id,
                    form.code.data or "",
                    spot,
                    pages=form.pages.data,
                    damaged=bool(form.damaged.data),
                    remark=form.remark.data or "",
                    now=now(),
                )
            flash(*_said(outcome))
            return redirect(counting_address(stocktake_id, outcome.spot), 303)
        except (Invalid, WrongState) as problem:
            return _refused(stocktake, spot, trouble_of(problem))
    return _refused(stocktake, spot, next(text for field in form for text in field.errors))


@screen.post("/storage/rounds/<id:stocktake_id>/whole")
@requires(Action.ROUND_RUN)
def confirm_box(stocktake_id: int) -> Response:
    """Take everything in the box at hand as found."""
    actor, spot = the_actor(), asked_spot()
    stocktake = queries.read_stocktake(reading(), actor, stocktake_id)
    try:
        with writing() as session:
            count = services.confirm_box(session, actor, stocktake_id, spot, now=now())
    except (Invalid, WrongState) as problem:
        return _refused(stocktake, spot, trouble_of(problem))
    flash(_("整盒 %(n)s 件已记为清点过。", n=count), "ok")
    return redirect(counting_address(stocktake_id, spot), 303)


@screen.post("/storage/rounds/<id:stocktake_id>/undo")
@requires(Action.ROUND_RUN)
def undo_scan(stocktake_id: int) -> Response:
    """Take the last scan back."""
    actor, spot = the_actor(), asked_spot()
    stocktake = queries.read_stocktake(reading(), actor, stocktake_id)
    try:
        with writing() as session:
            count = services.undo_scan(session, actor, stocktake_id)
    except WrongState as problem:
        return _refused(stocktake, spot, trouble_of(problem))
    flash(_("已撤回上一次扫描（%(n)s 件）。", n=count) if count else _("没有可以撤回的扫描。"), "info")
    return redirect(counting_address(stocktake_id, spot), 303)


@screen.post("/storage/rounds/<id:stocktake_id>/end")
@requires(Action.ROUND_RUN)
def end_counting(stocktake_id: int) -> Response:
    """Go over to the review."""
    actor = the_actor()
    stocktake = queries.read_stocktake(reading(), actor, stocktake_id)
    try:
        with writing() as session:
            end(session, actor, stocktake_id, now=now())
    except WrongState as problem:
        return _refused(stocktake, asked_spot(), trouble_of(problem))
    flash(_("清点结束。请逐项核对差异，提出更正，由负责人审批。"), "ok")
    return redirect(counting_address(stocktake_id, Spot()), 303)


def _said(outcome: Outcome) -> tuple[str, str]:
    """Return what a scan came to, as a sentence with its tone."""
    hint = str(SENTENCES[outcome.hint]) if outcome.hint else ""
    if outcome.kind == "place":
        return _("现在在 %(place)s。请扫这里的盒或材料。", place=outcome.label), "info"
    if outcome.kind == "box":
        return _("现在在盒 %(box)s。%(hint)s", box=outcome.label, hint=hint), "warn" if hint else "info"
    said = hint or str(SAID[outcome.result])
    tone = LABELS["tone"][outcome.result]
    if outcome.kind == "volume":
        return _("案卷 %(label)s 共 %(n)s 件：%(said)s", label=outcome.label, n=outcome.count, said=said), tone
    return _("%(label)s：%(said)s", label=outcome.label, said=said), tone


def _counting_page(stocktake: queries.StocktakeDetail, spot: Spot, trouble: Any = "") -> str:
    actor = the_actor()
    return render_template(
        "rounds/count_stocktake.html",
        stocktake=stocktake,
        spot=queries.read_spot(reading(), stocktake, spot.place_id, spot.box_id),
        scans=queries.last_scans(reading(), actor, stocktake.id),
        form=ScanForm(),
        trouble=trouble,
        labels=LABELS,
    )


def _refused(stocktake: queries.StocktakeDetail, spot: Spot, trouble: Any) -> Response:
    """Show the page again with a sentence: nothing was written."""
    if stocktake.state == StocktakeState.COUNTING and stocktake.may_run:
        return make_response(_counting_page(stocktake, spot, trouble), 422)
    return make_response(review_page(stocktake, trouble), 409)
