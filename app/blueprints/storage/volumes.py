"""The routes of volumes: one volume, forming one of a box's items."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.storage.boxes import box_page
from app.blueprints.storage.screen import screen
from app.blueprints.storage.words import WORDS
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries.boxes import items_of_volume, read_box, read_volume
from app.queries.periods import period_choices
from app.services.volumes import form_volume
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/volumes/<id:volume_id>")
@requires(Action.STORAGE_VIEW)
def show_volume(volume_id: int) -> str:
    """Show one volume with its items."""
    actor = the_actor()
    return render_template(
        "storage/show_volume.html",
        volume=read_volume(reading(), actor, volume_id),
        items=items_of_volume(reading(), actor, volume_id),
        periods=dict(period_choices(reading())),
        words=WORDS,
    )


@screen.post("/storage/boxes/<id:box_id>/volumes")
@requires(Action.STORAGE_EDIT)
def create_volume(box_id: int) -> Response:
    """Bind the items of a box that were ticked to a volume."""
    read_box(reading(), the_actor(), box_id)
    title = stripped(request.form.get("title"))
    try:
        ids = [_decoded(text) for text in request.form.getlist("item")]
        with writing() as session:
            volume_id = form_volume(session, the_actor(), ids, title, now=now())
    except (Invalid, WrongState) as refused:
        return make_response(box_page(box_id, trouble=trouble_of(refused), title=title), 422)
    flash(_("已组成案卷。"), "ok")
    return redirect(url_for(".show_volume", volume_id=volume_id), 303)


def _decoded(text: str) -> int:
    try:
        return decode_id(text)
    except ValueError as error:
        raise Invalid.field("items", "volume.no_items") from error
