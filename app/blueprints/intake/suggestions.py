"""Taking a suggestion of the machine at the desk."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.blueprints.intake.desk import overtaken, save_typed
from app.blueprints.intake.desk_page import desk_page, sent_form
from app.blueprints.intake.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.policy import Action
from app.services.suggestion_taking import item_of, take_suggestion
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.post("/intake/suggestions/<id:suggestion_id>/take")
@requires(Action.INTAKE_WORK)
def take_offer(suggestion_id: int) -> Response:
    """Put a suggestion into its field, beside all that was typed so far."""
    session, actor = reading(), the_actor()
    item_id = item_of(session, actor, suggestion_id)
    form = sent_form(session, actor)
    form.validate()
    try:
        with writing() as session:
            version = save_typed(session, item_id, form)
            take_suggestion(session, actor, suggestion_id, version=version, now=now())
    except (Invalid, WrongState) as wrong:
        return desk_page(item_id, form=form, trouble=trouble_of(wrong), status=409)
    except ChangedMeanwhile as conflict:
        return overtaken(item_id, form, conflict)
    return redirect(url_for(".show_item", item_id=item_id), 303)
