"""Closing a volume, checking it, opening it again."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.volumes.forms import CloseForm
from app.blueprints.volumes.screen import screen, take
from app.domain.policy import Action
from app.services import volume_steps as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import EditForm, stripped
from app.web.identity import the_actor


@screen.post("/volumes/<id:volume_id>/close")
@requires(Action.VOLUME_BIND)
def close_volume(volume_id: int) -> Response:
    """Close the volume with its 备考表."""
    form = CloseForm.from_request()

    def step(session: Session) -> None:
        note, see_also = form.condition_note.data or "", form.see_also.data or ""
        version = form.seen_version()
        services.close_volume(session, the_actor(), volume_id, note, see_also, version=version, now=now())

    return take(volume_id, form, step, _("已立卷，等待另一位同事检查。"))


@screen.post("/volumes/<id:volume_id>/check")
@requires(Action.VOLUME_CHECK)
def check_volume(volume_id: int) -> Response:
    """Note that the volume was checked."""
    form = EditForm.from_request()

    def step(session: Session) -> None:
        services.check_volume(session, the_actor(), volume_id, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("检查完毕，已记入备考表。"))


@screen.post("/volumes/<id:volume_id>/reopen")
@requires(Action.VOLUME_CHECK)
def reopen_volume(volume_id: int) -> Response:
    """Open the volume again, with the reason."""
    form = EditForm.from_request()

    def step(session: Session) -> None:
        reason = stripped(request.form.get("reason"))
        services.reopen_volume(session, the_actor(), volume_id, reason, version=form.seen_version(), now=now())

    return take(volume_id, form, step, _("案卷已拆开重新整理，原来的立卷和检查记录留在审计中。"))
