"""Papers that may have come before: what a person decides."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.intake.desk_page import desk_page, next_address
from app.blueprints.intake.screen import screen
from app.domain.errors import WrongState
from app.domain.policy import Action
from app.services.twins import Decision, decide_twin, item_of
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import trouble_of
from app.web.suggestion_words import DECISIONS
from app.web.transactions import reading, writing


@screen.post("/intake/twins/<id:twin_id>/decide")
@requires(Action.INTAKE_WORK)
def decide_on_twin(twin_id: int) -> Response:
    """Drop the paper, make it a new version of the other, or keep both."""
    try:
        decision = Decision(request.form.get("decision", ""))
    except ValueError:
        abort(400)
    item_id = item_of(reading(), the_actor(), twin_id)
    try:
        with writing() as session:
            decide_twin(session, the_actor(), twin_id, decision, now=now())
    except WrongState as wrong:
        return desk_page(item_id, trouble=trouble_of(wrong), status=409)
    flash(_("%(what)s。", what=DECISIONS[decision.value]), "ok")
    if decision is Decision.KEEP:
        return redirect(url_for(".show_item", item_id=item_id), 303)
    return redirect(next_address(item_id, now()), 303)
