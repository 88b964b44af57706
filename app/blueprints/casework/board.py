"""The board 看板 of open cases, by state or by handler."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from app.blueprints.casework.screen import screen
from app.blueprints.casework.team_words import team_tabs
from app.domain.cases import OPEN_STATES
from app.domain.policy import Action
from app.queries import case_board as queries
from app.queries.branches import branches_for
from app.queries.case_board import BoardColumn, BoardFilter
from app.queries.cases import NOBODY
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.case_labels import LABELS
from app.web.case_words import clock_words
from app.web.clock import today
from app.web.identity import the_actor
from app.web.transactions import reading

STATE, HANDLER = "state", "handler"


@screen.get("/casework/board")
@requires(Action.CASE_VIEW)
def show_board() -> str:
    """Show the open cases that the reader may see, the first due on top of each column."""
    actor, session = the_actor(), reading()
    wanted, by = _wanted(), HANDLER if request.args.get("by") == HANDLER else STATE
    columns = queries.board_by_handler if by == HANDLER else queries.board_by_state
    return render_template(
        "casework/show_board.html",
        columns=columns(session, actor, wanted),
        wanted=wanted,
        most=queries.MOST_HANDLERS,
        by=by,
        chosen_handler=request.args.get("handler", ""),
        handlers=[(str(found), name) for found, name in queries.handlers_of(session, actor)],
        branches=branches_for(session, actor, Action.CASE_VIEW),
        more_link=lambda column: _more(column, wanted),
        switch=lambda to: url_for(".show_board", **_kept(wanted), by=to),
        active=len(_kept(wanted)),
        tabs=team_tabs("casework.show_board"),
        clock_words=clock_words,
        open_states=OPEN_STATES,
        today=today(),
        labels=LABELS,
    )


def _wanted() -> BoardFilter:
    handler = request.args.get("handler", "")
    return BoardFilter(
        branch_id=number_argument("branch"),
        handler_id=queries.NOBODY if handler == NOBODY else number_argument("handler"),
        line=request.args.get("line", "")[:32],
        major=request.args.get("major") == "1",
    )


def _kept(wanted: BoardFilter) -> dict[str, Any]:
    handler = NOBODY if wanted.handler_id == queries.NOBODY else wanted.handler_id
    kept = {"branch": wanted.branch_id, "handler": handler, "line": wanted.line, "major": "1" if wanted.major else ""}
    return {name: value for name, value in kept.items() if value not in (None, "")}


def _more(column: BoardColumn, wanted: BoardFilter) -> str:
    """Return the list that shows everything of a column, the first due on top."""
    kept = _kept(wanted)
    if kept.pop("major", ""):
        kept["mark"] = "major"
    if column.state:
        kept["state"] = column.state
    else:
        kept |= {"state": "to_do", "handler": column.handler_id or NOBODY}
    return url_for(".list_cases", **kept, sort="due")
