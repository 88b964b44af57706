"""The review: lines by result, corrections proposed and decided, the end of a stock-taking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.rounds.labels import LABELS
from app.blueprints.rounds.screen import asked_id, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import stocktakes as queries
from app.services import stocktake_corrections as corrections
from app.services import stocktakes as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/rounds/<id:stocktake_id>/propose")
@requires(Action.ROUND_RUN)
def propose_corrections(stocktake_id: int) -> Response:
    """Propose the correction of one line, or of all that can be corrected."""

    def act(session: Session) -> str:
        count = corrections.propose_corrections(session, the_actor(), stocktake_id, asked_id("line"), now=now())
        return str(_("已提出 %(n)s 项更正，等待负责人审批。", n=count))

    return _act(stocktake_id, act)


@screen.post("/storage/rounds/<id:stocktake_id>/decide")
@requires(Action.ROUND_APPROVE)
def decide_corrections(stocktake_id: int) -> Response:
    """Decide on one proposal or on all that wait."""
    approved = request.form.get("approved") == "yes"

    def act(session: Session) -> str:
        line_id = asked_id("line")
        count, left = corrections.decide_corrections(
            session, the_actor(), stocktake_id, line_id, approved=approved, now=now()
        )
        if left:
            return str(_("已办理 %(n)s 项，还有未审批的，请继续。", n=count))
        return str(_("已办理 %(n)s 项，全部审批完毕。", n=count))

    return _act(stocktake_id, act)


@screen.post("/storage/rounds/<id:stocktake_id>/resume")
@requires(Action.ROUND_RUN)
def reopen_counting(stocktake_id: int) -> Response:
    """Go back to counting."""

    def act(session: Session) -> str:
        services.count_on(session, the_actor(), stocktake_id, now=now())
        return str(_("已恢复清点，可以继续扫。"))

    return _act(stocktake_id, act)


@screen.post("/storage/rounds/<id:stocktake_id>/close")
@requires(Action.ROUND_APPROVE)
def close_stocktake(stocktake_id: int) -> Response:
    """Close the stock-taking."""

    def act(session: Session) -> str:
        services.close_stocktake(session, the_actor(), stocktake_id, now=now())
        return str(_("盘点已结束，可以打印盘点清册。"))

    return _act(stocktake_id, act)


@screen.post("/storage/rounds/<id:stocktake_id>/cancel")
@requires(Action.ROUND_RUN)
def cancel_stocktake(stocktake_id: int) -> Response:
    """Call the stock-taking off."""

    def act(session: Session) -> str:
        reason = stripped(request.form.get("reason"))
        services.cancel_stocktake(session, the_actor(), stocktake_id, reason, now=now())
        return str(_("盘点已取消，账面没有改动。"))

    return _act(stocktake_id, act)


def review_page(stocktake: queries.StocktakeDetail, trouble: Any = "") -> str:
    """Return the page of a stock-taking that is not being counted by this reader."""
    result, correction = request.args.get("result", ""), request.args.get("correction", "")
    lines = queries.list_lines(
        reading(), the_actor(), stocktake.id, result=result, correction=correction, cursor=current_cursor()
    )
    turn = listing("rounds.show_stocktake", sort="", stocktake_id=stocktake.id, result=result, correction=correction)
    return render_template(
        "rounds/_line_rows.html" if is_fragment() and not trouble else "rounds/review_stocktake.html",
        stocktake=stocktake,
        page=lines,
        turn=turn,
        result=result,
        correction=correction,
        trouble=trouble,
        labels=LABELS,
    )


def _act(stocktake_id: int, act: Callable[[Session], str]) -> Response:
    """Do something with a stock-taking and show it, or show why not."""
    stocktake = queries.read_stocktake(reading(), the_actor(), stocktake_id)
    try:
        with writing() as session:
            said = act(session)
    except (Invalid, WrongState) as problem:
        return make_response(review_page(stocktake, trouble_of(problem)), 409)
    flash(said, "ok")
    kept: dict[str, Any] = {name: request.form.get(name) or None for name in ("result", "correction")}
    return redirect(url_for(".show_stocktake", stocktake_id=stocktake_id, **kept), 303)
