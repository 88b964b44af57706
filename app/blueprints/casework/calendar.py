"""The calendar 日历: due days, reminders, days away and holidays of a month."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request, url_for

from app.blueprints.casework.screen import screen
from app.blueprints.casework.team_words import team_tabs
from app.domain.policy import Action, scopes
from app.queries.case_calendar import read_month
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.clock import today
from app.web.identity import the_actor
from app.web.transactions import reading

FIRST_YEAR, LAST_YEAR = 2000, 2099
TEAM, MINE = "team", "mine"


@screen.get("/casework/calendar")
@requires(Action.CASE_VIEW)
def show_calendar() -> str:
    """Show a month, of the reader's own cases or of all that he may see."""
    first, has_team = _month(), any(scope.agent_id is None for scope in scopes(the_actor(), Action.CASE_VIEW))
    whose = TEAM if has_team and request.args.get("whose") == TEAM else MINE
    return render_template(
        "casework/show_calendar.html",
        month=read_month(reading(), the_actor(), first, today=today(), team=whose == TEAM),
        first=first,
        whose=whose,
        has_team=has_team,
        go=lambda when, to=whose: url_for(".show_calendar", month=f"{when:%Y-%m}", whose=to),
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=32)).replace(day=1),
        tabs=team_tabs("casework.show_calendar"),
        today=today(),
        labels=LABELS,
    )


def _month() -> date:
    """Return the first day of the month that is asked for; this month for none and for what is none."""
    try:
        wanted = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return today().replace(day=1)
    return wanted if FIRST_YEAR <= wanted.year <= LAST_YEAR else today().replace(day=1)
