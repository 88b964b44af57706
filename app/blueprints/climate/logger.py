"""Taking in a climate logger's file: choose, look, take."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.climate.labels import WORDS
from app.blueprints.climate.screen import screen
from app.domain.errors import Invalid
from app.domain.logger_files import MOST_BYTES
from app.domain.policy import Action
from app.queries.climate_rows import Room
from app.services.climate import require_room
from app.services.climate_import import Preview, preview_file, take_file
from app.web.access import requires
from app.web.clock import now
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

TAKE = "take"


@screen.get("/storage/climate/<id:place_id>/import")
@requires(Action.CLIMATE_RECORD)
def new_import(place_id: int) -> Response:
    """Show the form that takes a file."""
    return _page(require_room(reading(), the_actor(), place_id))


@screen.post("/storage/climate/<id:place_id>/import")
@requires(Action.CLIMATE_RECORD)
def take_import(place_id: int) -> Response:
    """Tell what a file would bring, or write it when it was looked at before."""
    room = require_room(reading(), the_actor(), place_id)
    try:
        data = _sent()
        if request.form.get("do") == TAKE:
            return _take(room, data)
        return _page(room, preview_file(reading(), the_actor(), place_id, data, now=now()))
    except Invalid as invalid:
        return _page(room, trouble=str(trouble_of(invalid)), status=422)


def _take(room: Room, data: bytes) -> Response:
    with writing() as session:
        done = take_file(session, the_actor(), room.id, data, request.form.get("digest", ""), now=now())
    if done.fresh:
        flash(_("已导入 %(n)s 条读数，其中 %(out)s 条超出限值。", n=done.fresh, out=done.exceeded), "ok")
    else:
        flash(_("这些读数以前已经导入过，没有改动。"), "ok")
    target = url_for(".show_room", place_id=room.id, month=f"{done.file.until:%Y-%m}")
    if not is_fragment():
        return redirect(target, 303)
    answer = make_response("", 200)
    answer.headers["HX-Redirect"] = target
    return answer


def _sent() -> bytes:
    file = request.files.get("file")
    data = file.read(MOST_BYTES + 1) if file else b""
    if not data and not (file and file.filename):
        raise Invalid.field("file", "logger.file_missing")
    return data


def _page(room: Room, preview: Preview | None = None, *, trouble: str = "", status: int = 200) -> Response:
    body = render_template(
        "climate/_preview.html" if is_fragment() and request.method == "POST" else "climate/new_import.html",
        room=room,
        preview=preview,
        trouble=trouble,
        sentences=SENTENCES,
        words=WORDS,
    )
    return make_response(body, status)
