"""Who else has a case open: asked for by its page every half minute."""

from __future__ import annotations

from flask import render_template

from app.blueprints.casework.screen import screen
from app.domain.policy import Action
from app.queries.case_visits import read_company
from app.services import case_visits as services
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now
from app.web.identity import the_actor
from app.web.transactions import reading, writing


@screen.get("/casework/<id:case_id>/visitors")
@requires(Action.CASE_VIEW, polled=True)
def show_visitors(case_id: int) -> str:
    """Note that the reader is here and name who else is; say so when the page has become old."""
    actor, at = the_actor(), now()
    company = read_company(reading(), actor, case_id, now=at)
    if services.needs_noting(reading(), actor, case_id, now=at):
        with writing() as session:
            services.note_visit(session, actor, case_id, now=at)
    seen = number_argument("version")
    return render_template(
        "casework/_company.html",
        case_id=case_id,
        others=company.others,
        is_old=seen is not None and seen != company.version,
    )
