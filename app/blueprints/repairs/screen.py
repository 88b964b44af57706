"""The blueprint that the routes of repair share, and the page of one order that several of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.blueprints.repairs.forms import AcceptForm, FinishForm, StartForm
from app.blueprints.repairs.labels import LABELS
from app.queries.photos import photos_of
from app.queries.repairs import RepairDetail
from app.web.forms import EditForm
from app.web.identity import settings
from app.web.transactions import reading

screen = Blueprint("repairs", __name__)
FORMS: dict[str, type[EditForm]] = {"ordered": StartForm, "working": FinishForm, "finished": AcceptForm}


def repair_page(repair: RepairDetail, *, form: EditForm | None = None, trouble: Any = "") -> str:
    """Return the page of an order; a form that was refused stands in it with what was typed."""
    photos = photos_of(reading(), "repair", repair.id)
    return render_template(
        "repairs/show_repair.html",
        repair=repair,
        before=[photo for photo in photos if photo.moment != "after"],
        after=[photo for photo in photos if photo.moment == "after"],
        form=form if type(form) is FORMS.get(repair.state) else _next_form(repair),
        trouble=trouble,
        max_bytes=settings().upload.max_file_bytes,
        labels=LABELS,
    )


def _next_form(repair: RepairDetail) -> EditForm | None:
    """Return the form of the one step that comes next, None when there is none for this reader."""
    kind = FORMS.get(repair.state)
    allowed = repair.may_accept if repair.state == "finished" else repair.may_run
    if kind is None or not allowed:
        return None
    form = kind(obj=repair) if kind is FinishForm else kind()
    form.show_version(repair.version)
    return form
