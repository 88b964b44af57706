"""The page of a case, and showing a masked value of it for a reason."""

from __future__ import annotations

from flask import Response, render_template

from app.blueprints.casework.page import case_page
from app.blueprints.casework.reveal_words import REVEALED
from app.blueprints.casework.screen import screen
from app.blueprints.casework.step_forms import RevealForm
from app.domain.policy import Action
from app.queries.case_detail import require_seen
from app.services import case_handling as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.transactions import reading, writing


@screen.get("/casework/<id:case_id>")
@requires(Action.CASE_VIEW)
def show_case(case_id: int) -> Response:
    """Show a case; that it was opened goes into the trail."""
    require_seen(reading(), the_actor(), case_id)
    with writing() as session:
        services.note_view(session, the_actor(), case_id, now=now())
    return case_page(case_id)


@screen.post("/casework/<id:case_id>/reveal")
@requires(Action.CASE_HANDLE)
def reveal_case_field(case_id: int) -> Response | str | tuple[str, int]:
    """Show one masked value in clear, for a reason that the trail keeps."""
    form = RevealForm.from_request()
    if not form.validate():
        require_seen(reading(), the_actor(), case_id)
        return render_template("casework/reveal_refused.html", case_id=case_id), 422
    field = str(form.field.data)
    with writing() as session:
        value = services.reveal_case_field(session, the_actor(), case_id, field, str(form.reason.data), now=now())
    return render_template("casework/reveal_field.html", value=value, label=REVEALED[field], case_id=case_id)
