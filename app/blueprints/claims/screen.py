"""The blueprint that the routes of claims share, and the page of one claim that several of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.blueprints.claims.forms import ClaimEventForm, StatusForm
from app.blueprints.claims.labels import LABELS
from app.queries import claims as queries
from app.queries.claim_clocks import read_claim_clocks
from app.queries.customer_file import papers_of_claim
from app.web.checklists import panel_of
from app.web.clock import now
from app.web.clock_labels import LABELS as CLOCK_LABELS
from app.web.identity import the_actor
from app.web.transactions import reading

screen = Blueprint("claims", __name__)


def claim_page(
    claim: queries.ClaimDetail,
    *,
    status_form: StatusForm | None = None,
    event_form: ClaimEventForm | None = None,
    trouble: Any = "",
) -> str:
    """Return the page of a claim; a form that was refused stands in it with what was typed."""
    if claim.may_edit and status_form is None:
        status_form = StatusForm()
        status_form.show_version(claim.version)
    if status_form is not None:
        status_form.offer_statuses(claim.status)
    clocks = read_claim_clocks(reading(), claim.id, now=now())
    if claim.may_edit and event_form is None and clocks.kinds:
        event_form = ClaimEventForm()
        event_form.offer_kinds(clocks.kinds)
    return render_template(
        "claims/show_claim.html",
        claim=claim,
        panel=panel_of(
            policy_id=claim.policy_id, claim_id=claim.id, customer_id=claim.customer_id, may_edit=claim.may_edit
        ),
        papers=papers_of_claim(reading(), the_actor(), claim.id),
        status_form=status_form,
        clocks=clocks,
        event_form=event_form,
        trouble=trouble,
        clock_labels=CLOCK_LABELS,
        labels=LABELS,
    )
