"""Photos before and after a repair."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.repairs.screen import repair_page, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries.repairs import photo_digests, read_repair
from app.services import repairs as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.photos import photo_response, refusal, sent_photos
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/repairs/<id:repair_id>/photos")
@requires(Action.REPAIR_RUN)
def add_photos(repair_id: int) -> AnyResponse:
    """Put photos to an order."""
    repair = read_repair(reading(), the_actor(), repair_id)
    moment = request.form.get("moment", "")
    try:
        photos = sent_photos("files")
        if photos:
            with writing() as session:
                services.add_photos(session, the_actor(), repair_id, moment, photos, now=now())
            flash(_("照片已保存。"), "ok")
            return redirect(url_for(".show_repair", repair_id=repair_id), 303)
        trouble = _("请先选择照片，或用手机拍照。")
    except RefusedFile as refused:
        trouble = refusal(refused)
    except (Invalid, WrongState) as problem:
        trouble = str(trouble_of(problem))
    return make_response(repair_page(repair, trouble=trouble), 422)


@screen.get("/storage/repairs/photos/<id:photo_id>.jpg")
@requires(Action.STORAGE_VIEW)
def send_photo(photo_id: int) -> Response:
    """Send a photo."""
    return photo_response(photo_digests(reading(), the_actor(), photo_id)[0])


@screen.get("/storage/repairs/photos/<id:photo_id>/thumbnail.jpg")
@requires(Action.STORAGE_VIEW)
def send_thumbnail(photo_id: int) -> Response:
    """Send a small photo."""
    return photo_response(photo_digests(reading(), the_actor(), photo_id)[1])
