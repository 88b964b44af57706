"""The ledger of archive numbers 档号台账: what was given out in each series, and the gaps 断号."""

from __future__ import annotations

from flask import render_template, request

from app.blueprints.documents.screen import screen
from app.domain.policy import Action
from app.queries.ledger import read_series
from app.web.access import requires
from app.web.identity import the_actor
from app.web.transactions import reading


@screen.get("/documents/numbers")
@requires(Action.LEDGER_VIEW)
def show_ledger() -> str:
    """Show every series that the reader's branches use, or those with a gap alone."""
    gaps_only = request.args.get("gaps") == "1"
    series = read_series(reading(), the_actor(), gaps_only=gaps_only)
    return render_template("documents/show_ledger.html", series=series, gaps_only=gaps_only)
