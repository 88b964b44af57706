"""The routes of notices."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.domain.policy import Action
from app.queries import notices as queries
from app.services.notices import mark_read
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.notice_words import say
from app.web.transactions import reading, writing

screen = Blueprint("notices", __name__)


@screen.get("/notices")
@requires(Action.SELF)
def list_notices() -> str:
    """Show one's own notices."""
    rows = queries.list_notices(reading(), the_actor())
    return render_template("notices/list_notices.html", rows=[(row, say(row.kind, row.details)) for row in rows])


@screen.post("/notices/<id:notice_id>/open")
@requires(Action.SELF)
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and go where it leads."""
    with writing() as session:
        path = queries.path_of_notice(session, the_actor(), notice_id)
        mark_read(session, the_actor(), notice_id, now=now())
    # Only ways inside the portal are ever written into a notice; two slashes would lead out of it.
    inside = path.startswith("/") and not path.startswith("//")
    return redirect(path if inside else url_for(".list_notices"), 303)


@screen.post("/notices/read")
@requires(Action.SELF)
def mark_all_read() -> Response:
    """Mark all of one's notices as read."""
    with writing() as session:
        mark_read(session, the_actor(), None, now=now())
    return redirect(url_for(".list_notices"), 303)
