"""Adding parties to a policy and taking them out."""

from __future__ import annotations

from flask import flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.policies.forms import PartyForm
from app.blueprints.policies.screen import policy_page, screen
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries.policies import read_policy
from app.services import idempotency
from app.services import policy_parties as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.post("/policies/<id:policy_id>/parties")
@requires(Action.POLICY_EDIT)
def add_party(policy_id: int) -> Response:
    """Make a customer a party of the policy."""
    policy = read_policy(reading(), the_actor(), policy_id)
    form = PartyForm.from_request()
    if form.validate():
        try:
            _add(form, policy_id)
            return redirect(url_for(".show_policy", policy_id=policy_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(policy_page(policy, party_form=form), 422)


@screen.post("/policies/<id:policy_id>/parties/<id:party_id>/remove")
@requires(Action.POLICY_EDIT)
def remove_party(policy_id: int, party_id: int) -> Response:
    """Take a party out of the policy."""
    with writing() as session:
        services.remove_party(session, the_actor(), policy_id, party_id, now=now())
    flash(_("已移除当事人。"), "ok")
    return redirect(url_for(".show_policy", policy_id=policy_id), 303)


def _add(form: PartyForm, policy_id: int) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is not None:
            return
        services.add_party(
            session, actor, policy_id, form.customer.data or "", form.role.data, form.share.data, now=now()
        )
        idempotency.settle(session, actor, key, url_for(".show_policy", policy_id=policy_id))
    flash(_("已添加当事人。"), "ok")
