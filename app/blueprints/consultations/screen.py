"""The blueprint that the routes of consultations share, and the page of one that several of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.blueprints.consultations.forms import FollowUpForm
from app.domain.consultations import Result
from app.queries.consultations import ConsultationDetail
from app.web.consultation_labels import LABELS, result_mark

screen = Blueprint("consultations", __name__)


def consultation_page(asked: ConsultationDetail, *, form: FollowUpForm | None = None, trouble: Any = "") -> str:
    """Return the page of a consultation; a form that was refused stands in it with what was typed."""
    return render_template(
        "consultations/show_consultation.html",
        asked=asked,
        form=form or _next_form(asked),
        trouble=trouble,
        mark=result_mark(asked.result, is_open=asked.closed_at is None),
        labels=LABELS,
    )


def _next_form(asked: ConsultationDetail) -> FollowUpForm | None:
    if not asked.may_edit or asked.result != Result.FOLLOW_UP or asked.closed_at is not None:
        return None
    form = FollowUpForm()
    form.show_version(asked.version)
    return form
