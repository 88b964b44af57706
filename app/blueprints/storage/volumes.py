"""Forming a volume of a box's items; what it holds and in which order is seen to on its own page."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.storage.boxes import box_page
from app.blueprints.storage.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries.boxes import read_box
from app.services.volumes import form_volume
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


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
    return redirect(url_for("volumes.show_volume", volume_id=volume_id), 303)


def _decoded(text: str) -> int:
    try:
        return decode_id(text)
    except ValueError as error:
        raise Invalid.field("items", "volume.no_items") from error
