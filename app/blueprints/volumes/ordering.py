"""What is in an open volume and in which order."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.volumes.forms import TitleForm
from app.blueprints.volumes.screen import screen, take, the_volume
from app.domain.errors import Invalid, NotFound
from app.domain.policy import Action
from app.services import volume_items as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import EditForm, stripped
from app.web.identity import the_actor
from app.web.scanning import resolve_one_of
from app.web.transactions import reading


@screen.post("/volumes/<id:volume_id>/title")
@requires(Action.VOLUME_BIND)
def rename_volume(volume_id: int) -> Response:
    """Change the title."""
    form = TitleForm.from_request()

    def step(session: Session) -> None:
        title = form.title.data or ""
        services.rename_volume(session, the_actor(), volume_id, title, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("题名已保存。"))


@screen.post("/volumes/<id:volume_id>/order")
@requires(Action.VOLUME_BIND)
def arrange_volume(volume_id: int) -> Response:
    """Put the items into the order of the rule, or number the pages of the order as it is."""
    form, by_rule = EditForm.from_request(), request.form.get("order") != "kept"

    def step(session: Session) -> None:
        arrange = services.arrange_by_rule if by_rule else services.renumber
        arrange(session, the_actor(), volume_id, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("已按规则排列并编页。") if by_rule else _("已重新编页。"))


@screen.post("/volumes/<id:volume_id>/items")
@requires(Action.VOLUME_BIND)
def add_item(volume_id: int) -> Response:
    """Bind one more paper, scanned or typed by its archive number."""
    form, code = EditForm.from_request(), stripped(request.form.get("code"))

    def step(session: Session) -> None:
        found = resolve_one_of(reading(), the_actor(), code, ("document",), "volume.not_a_paper")
        services.add_item(session, the_actor(), volume_id, found.id, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("已加入案卷末尾。"), code=code)


@screen.post("/volumes/<id:volume_id>/items/<id:document_id>/move")
@requires(Action.VOLUME_BIND)
def move_item(volume_id: int, document_id: int) -> Response:
    """Move an item up, down, or to the place that was typed."""
    form = EditForm.from_request()
    places = [item.id for item in the_volume(volume_id).items]
    if document_id not in places:
        raise NotFound
    at = places.index(document_id) + 1
    way, typed = request.form.get("way", ""), stripped(request.form.get("position"))

    def step(session: Session) -> None:
        if way in ("up", "down"):
            position = at + (1 if way == "down" else -1)
        elif typed.isascii() and typed.isdigit() and len(typed) < 5 and int(typed):
            position = int(typed)
        else:
            raise Invalid.field("position", "volume.position")
        version = form.seen_version()
        services.move_item(session, the_actor(), volume_id, document_id, position, version=version, now=now())

    return take(volume_id, form, step, item=document_id)


@screen.post("/volumes/<id:volume_id>/items/<id:document_id>/remove")
@requires(Action.VOLUME_BIND)
def remove_item(volume_id: int, document_id: int) -> Response:
    """Take an item out of the volume."""
    form = EditForm.from_request()

    def step(session: Session) -> None:
        services.remove_item(session, the_actor(), volume_id, document_id, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("已移出案卷，材料留在原盒中。"))
