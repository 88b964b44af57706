"""Reading the trail: filtered by time, person, event, outcome, thing and branch, newest first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.audit.diff import changes_of
from app.blueprints.audit.words import KINDS, OUTCOMES, REASONS
from app.domain.policy import Action
from app.queries import audit as queries
from app.queries.branches import branches_for
from app.services import audit as services
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import CHINA, now
from app.web.context import ROLE_LABELS
from app.web.events import EVENTS
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading, writing

screen = Blueprint("audit", __name__)
YEARS = range(2000, 3000)


@screen.get("/audit")
@requires(Action.TRAIL_READ)
def list_trail() -> str:
    """Show the trail; that it was read goes into it as well."""
    actor, args = the_actor(), request.args
    since, until = known_day("since"), known_day("until")
    wanted = queries.TrailFilter(
        since=midnight(since) if since else None,
        until=midnight(until + timedelta(days=1)) if until else None,
        who=open_query(args.get("find")),
        event=args.get("event", ""),
        outcome=args.get("outcome", ""),
        object_kind=args.get("kind", ""),
        branch_id=number_argument("branch"),
    )
    _note_reading(wanted, since, until)
    page = queries.read_trail(reading(), actor, wanted, cursor=current_cursor())
    branch_names = queries.branch_names(reading())
    return render_template(
        "audit/_trail_rows.html" if is_fragment() else "audit/list_trail.html",
        page=page,
        exact=page.total <= queries.COUNT_TO,
        changes={entry.sequence: changes_of(entry, branch_names) for entry in page.items},
        wanted=wanted,
        since=since,
        until=until,
        turn=listing(
            "audit.list_trail",
            sort="",
            find=args.get("find"),
            since=since,
            until=until,
            event=wanted.event,
            outcome=wanted.outcome,
            kind=wanted.object_kind,
            branch=wanted.branch_id,
        ),
        branches=branches_for(reading(), actor, Action.TRAIL_READ),
        events=EVENTS,
        outcomes=OUTCOMES,
        kinds=KINDS,
        reasons=REASONS,
        roles=ROLE_LABELS,
    )


@screen.post("/audit")
@requires(Action.TRAIL_READ)
def find_in_trail() -> Response:
    """Take a name out of the form and go to the trail that is narrowed to it."""
    return redirect(url_for(".list_trail", find=seal_query(request.form.get("text", ""))), 303)


def known_day(name: str) -> date | None:
    """Return a day of the query that can lie in the trail; any other is as good as none."""
    day = day_argument(name)
    return day if day is not None and day.year in YEARS else None


def midnight(day: date) -> datetime:
    """Return when a day begins in the office."""
    return datetime.combine(day, time.min, CHINA)


def _note_reading(wanted: queries.TrailFilter, since: date | None, until: date | None) -> None:
    actor, at = the_actor(), now()
    # Looked up without the write lock first: turning pages must not wait for others' writing.
    if services.reading_is_noted(reading(), actor, now=at):
        return
    narrowed = {
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "who": wanted.who,
        "event": wanted.event,
        "outcome": wanted.outcome,
        "object_kind": wanted.object_kind,
        "branch_id": str(wanted.branch_id or ""),
    }
    with writing() as session:
        services.note_reading(session, actor, {name: text for name, text in narrowed.items() if text}, now=at)
