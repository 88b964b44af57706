"""The blueprint that the routes of duties share, and the page of one duty that several of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.blueprints.duties.forms import AssignForm, ProgressForm
from app.domain.ids import encode_id
from app.queries.duties import DutyDetail, owners_of
from app.web.clock import now
from app.web.clock_labels import LABELS
from app.web.transactions import reading

screen = Blueprint("duties", __name__)


def duty_page(
    duty: DutyDetail,
    *,
    progress_form: ProgressForm | None = None,
    assign_form: AssignForm | None = None,
    trouble: Any = "",
) -> str:
    """Return the page of a duty; a form that was refused stands in it with what was typed."""
    if duty.steps and progress_form is None:
        progress_form = ProgressForm()
        progress_form.show_version(duty.version)
    if duty.steps and assign_form is None:
        assign_form = AssignForm(data={"owner": encode_id(duty.owner_id) if duty.owner_id else ""})
        assign_form.show_version(duty.version)
    if progress_form is not None:
        progress_form.offer_steps(duty.steps)
    if assign_form is not None:
        assign_form.offer_owners(owners_of(reading(), duty.branch_id, now=now()))
    return render_template(
        "duties/show_duty.html",
        duty=duty,
        row=duty.row,
        progress_form=progress_form if duty.steps else None,
        assign_form=assign_form if duty.steps else None,
        trouble=trouble,
        labels=LABELS,
    )
