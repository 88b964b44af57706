"""The blueprint that the routes of policies share, and the page of one policy that several of them show."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.blueprints.policies.forms import PartyForm, StatusForm
from app.blueprints.policies.labels import LABELS
from app.domain.policies import TERMINAL
from app.queries import customer_file
from app.queries import policies as queries
from app.queries.duties import duties_of_policy
from app.web.checklists import panel_of
from app.web.clock import today
from app.web.clock_labels import LABELS as DUTY_LABELS
from app.web.identity import the_actor
from app.web.transactions import reading

screen = Blueprint("policies", __name__)


def policy_page(
    policy: queries.PolicyDetail, *, status_form: StatusForm | None = None, party_form: PartyForm | None = None
) -> str:
    """Return the page of a policy; a form that was refused stands in it with what was typed."""
    session, actor = reading(), the_actor()
    if policy.may_edit and status_form is None:
        status_form = StatusForm()
        status_form.show_version(policy.version)
    if status_form is not None:
        status_form.offer_statuses(policy.status, policy.terms.line)
    return render_template(
        "policies/show_policy.html",
        policy=policy,
        parties=queries.parties_of(session, actor, policy.id),
        claims=queries.claims_of_policy(session, actor, policy.id),
        panel=panel_of(policy_id=policy.id, customer_id=policy.customer_id, may_edit=policy.may_edit),
        papers=customer_file.papers_of_policy(session, actor, policy.id),
        duties=duties_of_policy(session, actor, policy.id),
        duty_labels=DUTY_LABELS,
        today=today(),
        status_form=status_form,
        is_over=policy.status in TERMINAL,
        party_form=party_form or PartyForm(),
        labels=LABELS,
    )
