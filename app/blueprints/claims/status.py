"""Moving a claim from node to node."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.claims.forms import StatusForm
from app.blueprints.claims.screen import claim_page, screen
from app.domain.claims import ClaimStatus
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.queries.claims import read_claim
from app.services import claims as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.labels import CLAIM_STATUSES, choices
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.post("/claims/<id:claim_id>/status")
@requires(Action.CLAIM_EDIT)
def change_status(claim_id: int) -> Response:
    """Move a claim on to the node that was chosen."""
    claim = read_claim(reading(), the_actor(), claim_id)
    form = StatusForm.from_request()
    # Any node passes here: whether it may follow is the service's to say, after it has looked at the version.
    form.status.choices = choices(CLAIM_STATUSES)
    if form.validate():
        try:
            _change(form, claim_id)
            flash(_("赔案环节已变更。"), "ok")
            return redirect(url_for(".show_claim", claim_id=claim_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".show_claim", claim_id=claim_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(claim_page(claim, status_form=form), 422)


def _change(form: StatusForm, claim_id: int) -> None:
    with writing() as session:
        services.change_status(
            session,
            the_actor(),
            claim_id,
            ClaimStatus(form.status.data),
            closed_on=form.closed_on.data,
            version=form.seen_version(),
            now=now(),
            today=today(),
        )
