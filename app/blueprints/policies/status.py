"""Changing the status of a policy, or putting a wrong one right."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.policies.forms import StatusForm
from app.blueprints.policies.screen import policy_page, screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policies import PolicyStatus
from app.domain.policy import Action
from app.queries.policies import read_policy
from app.services import policies as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.labels import POLICY_STATUSES, choices
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.post("/policies/<id:policy_id>/status")
@requires(Action.POLICY_EDIT)
def change_status(policy_id: int) -> Response:
    """Move a policy on to the status that was chosen."""
    policy = read_policy(reading(), the_actor(), policy_id)
    form = StatusForm.from_request()
    # Any status passes here: whether it may follow is the service's to say, after it has looked at the version.
    form.status.choices = choices(POLICY_STATUSES)
    if form.validate():
        try:
            _change(form, policy_id)
            flash(_("保单状态已变更。"), "ok")
            return redirect(url_for(".show_policy", policy_id=policy_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".show_policy", policy_id=policy_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(policy_page(policy, status_form=form), 422)


def _change(form: StatusForm, policy_id: int) -> None:
    target = PolicyStatus(form.status.data)
    verb = services.correct_status if form.correct.data else services.change_status
    with writing() as session:
        verb(
            session,
            the_actor(),
            policy_id,
            target,
            ended_on=form.terminated_on.data,
            reason=form.reason.data or "",
            version=form.seen_version(),
            now=now(),
            today=today(),
        )
