"""The movement book 出入库: what went in and out and from place to place."""

from __future__ import annotations

from flask import render_template, request

from app.blueprints.storage.screen import screen
from app.blueprints.storage.words import WORDS
from app.domain.policy import Action
from app.queries import movements as queries
from app.queries.branches import branches_for
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.scanning import number_typed
from app.web.transactions import reading


@screen.get("/storage/movements")
@requires(Action.STORAGE_VIEW)
def list_movements() -> str:
    """Show the movement book."""
    actor, args = the_actor(), request.args
    wanted = queries.MoveFilter(
        branch_id=number_argument("branch"),
        direction=stripped(args.get("direction")),
        reason=stripped(args.get("reason")),
        from_day=day_argument("from"),
        to_day=day_argument("to"),
        number=number_typed(reading(), actor, stripped(args.get("number"))[:80]),
    )
    return render_template(
        "storage/_movement_rows.html" if is_fragment() else "storage/list_movements.html",
        page=queries.list_movements(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "storage.list_movements",
            sort="at",
            branch=wanted.branch_id,
            direction=wanted.direction,
            reason=wanted.reason,
            number=wanted.number,
            **{"from": wanted.from_day, "to": wanted.to_day},
        ),
        branches=branches_for(reading(), actor, Action.STORAGE_VIEW),
        words=WORDS,
    )
