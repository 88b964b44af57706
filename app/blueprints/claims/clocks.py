"""The clocks of a claim: noting what happened beside its dates, and striking it out."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.claims.forms import ClaimEventForm
from app.blueprints.claims.screen import claim_page, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.claim_clocks import read_claim_clocks
from app.queries.claims import read_claim
from app.services import claim_events as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/claims/<id:claim_id>/clock-events")
@requires(Action.CLAIM_EDIT)
def note_event(claim_id: int) -> Response:
    """Write down what happened."""
    claim = read_claim(reading(), the_actor(), claim_id)
    form = ClaimEventForm.from_request()
    form.offer_kinds(read_claim_clocks(reading(), claim_id, now=now()).kinds)
    if form.validate():
        try:
            _note(form, claim_id)
            flash(_("已登记，期限已重新计算。"), "ok")
            return redirect(url_for(".show_claim", claim_id=claim_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            form.form_errors.append(str(trouble_of(wrong)))
    return make_response(claim_page(claim, event_form=form), 422)


@screen.post("/claims/<id:claim_id>/clock-events/<id:event_id>/strike")
@requires(Action.CLAIM_EDIT)
def strike_event(claim_id: int, event_id: int) -> Response:
    """Strike out what was noted by mistake."""
    claim = read_claim(reading(), the_actor(), claim_id)
    try:
        with writing() as session:
            reason = stripped(request.form.get("reason"))
            services.strike_claim_event(session, the_actor(), claim_id, event_id, reason, now=now())
    except (Invalid, WrongState) as wrong:
        return make_response(claim_page(claim, trouble=trouble_of(wrong)), 422)
    flash(_("已划去，期限已重新计算。"), "ok")
    return redirect(url_for(".show_claim", claim_id=claim_id), 303)


def _note(form: ClaimEventForm, claim_id: int) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.note_claim_event(session, actor, claim_id, form.noted(), now=now())
            idempotency.settle(session, actor, key, url_for(".show_claim", claim_id=claim_id))
