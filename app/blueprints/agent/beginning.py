"""Beginning a submission: the business, and the policy or claim that it is about."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.agent.forms import BeginForm
from app.blueprints.agent.labels import LABELS
from app.blueprints.agent.screen import screen
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries.submissions import Choices, about_of, read_choices, spell_about
from app.services import idempotency
from app.services import submissions as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.labels import CLAIM_KINDS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/agent/customers/<id:customer_id>/new")
@requires(Action.SUBMISSION_MAKE)
def new_submission(customer_id: int) -> str:
    """Ask for the business."""
    choices = read_choices(reading(), the_actor(), customer_id)
    return _page(_offer(BeginForm(), choices), choices)


@screen.post("/agent/customers/<id:customer_id>/new")
@requires(Action.SUBMISSION_MAKE)
def create_submission(customer_id: int) -> Response:
    """Begin and go on to the checklist."""
    choices = read_choices(reading(), the_actor(), customer_id)
    form = _offer(BeginForm.from_request(), choices)
    if form.validate():
        try:
            return redirect(_create(form, customer_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_page(form, choices), 422)


def _offer(form: BeginForm, found: Choices) -> BeginForm:
    policies = [(spell_about("policy", i), _("保单 %(number)s", number=f"{n} {w}")) for i, n, w in found.policies]
    claims = [
        (spell_about("claim", i), _("赔案 %(number)s", number=f"{n} {CLAIM_KINDS.get(w, w)}"))  # type: ignore[call-overload]
        for i, n, w in found.claims
    ]
    form.about.choices = [("", _("还没有保单或赔案")), *claims, *policies]
    return form


def _page(form: BeginForm, found: Choices) -> str:
    return render_template("agent/new_submission.html", form=form, customer=found.customer, labels=LABELS)


def _create(form: BeginForm, customer_id: int) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    kind, thing_id = about_of(form.about.data or "")
    typed = services.NewSubmission(
        form.business.data,
        policy_id=thing_id if kind == "policy" else None,
        claim_id=thing_id if kind == "claim" else None,
    )
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        submission_id = services.create_submission(session, actor, customer_id, typed, now=now())
        location = url_for(".show_submission", submission_id=submission_id)
        idempotency.settle(session, actor, key, location)
    return location
