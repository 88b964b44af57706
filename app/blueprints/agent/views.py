"""Where an agent begins: what waits for him, his customers, one submission."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.agent.labels import LABELS
from app.blueprints.agent.screen import screen
from app.blueprints.agent.submission_page import submission_page
from app.domain.policy import Action
from app.queries import submissions as queries
from app.queries.notices import list_notices
from app.web.access import requires
from app.web.clock import now
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.notice_words import say
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading

MOST_NOTICES = 5


@screen.get("/agent")
@requires(Action.SUBMISSION_MAKE)
def show_start() -> str:
    """Show what waits for the agent, and what became of the rest."""
    session, actor = reading(), the_actor()
    unread = [row for row in list_notices(session, actor) if row.read_at is None][:MOST_NOTICES]
    return render_template(
        "agent/show_start.html",
        start=queries.read_start(session, actor, now=now()),
        news=[(row, say(row.kind, row.details)) for row in unread],
        labels=LABELS,
    )


@screen.get("/agent/customers")
@requires(Action.SUBMISSION_MAKE)
def list_customers() -> str:
    """Show the agent's own customers."""
    sealed = request.args.get("find", "")
    text = open_query(sealed)
    page = queries.list_own_customers(reading(), the_actor(), text, cursor=current_cursor())
    turn = listing("agent.list_customers", sort="", find=sealed if text else "")
    return render_template("agent/list_customers.html", page=page, turn=turn, text=text)


@screen.post("/agent/customers")
@requires(Action.SUBMISSION_MAKE)
def find_customers() -> Response:
    """Look for a customer by name or number; neither stands in an address."""
    sealed = seal_query(request.form.get("text", ""))
    return redirect(url_for(".list_customers", find=sealed or None), 303)


@screen.get("/agent/submissions/<id:submission_id>")
@requires(Action.SUBMISSION_MAKE)
def show_submission(submission_id: int) -> str:
    """Show the checklist of a submission with its pages; only one paper of it where that is asked for."""
    paper = request.args.get("paper", "") if is_fragment() else ""
    return submission_page(submission_id, paper=paper)
