"""The bytes of pages: re-drawn images for everybody who may look, originals for few and with a reason."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request

from app.blueprints.documents.screen import screen
from app.blueprints.documents.uploads import tools
from app.domain.errors import Invalid
from app.domain.policy import STEP_UP_LEVEL, Action
from app.queries.documents import page_digests
from app.services import documents as services
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.errors import BY_STATUS, render_answer
from app.web.identity import the_actor
from app.web.transactions import reading, writing

SANDBOX = "default-src 'none'; sandbox"


@screen.get("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/pages/<int(max=9999):number>.jpg")
@requires(Action.DOCUMENT_PAGES)
def send_page(document_id: int, ordinal: int, number: int) -> Response:
    """Send the image of a page."""
    image, _, level = page_digests(reading(), the_actor(), document_id, ordinal, number)
    if level >= STEP_UP_LEVEL:
        need_step_up()
    return _image(image)


@screen.get("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/pages/<int(max=9999):number>/thumbnail.jpg")
@requires(Action.DOCUMENT_PAGES)
def send_thumbnail(document_id: int, ordinal: int, number: int) -> Response:
    """Send the small image of a page."""
    _, thumbnail, level = page_digests(reading(), the_actor(), document_id, ordinal, number)
    if level >= STEP_UP_LEVEL:
        need_step_up()
    return _image(thumbnail)


@screen.post("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/original")
@requires(Action.DOCUMENT_ORIGINAL)
def send_original(document_id: int, ordinal: int) -> Response:
    """Send the bytes as they came, always as a file to save, never to show."""
    try:
        with writing() as session:
            reason = request.form.get("reason", "")
            version = services.fetch_original(session, the_actor(), document_id, ordinal, reason, now=now())
    except Invalid:
        return render_answer(BY_STATUS[400])
    response = Response(tools().files.open(version.blob_digest), mimetype=version.media_type)
    response.headers["Content-Length"] = str(version.size)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(version.file_name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _image(digest: str) -> Response:
    response = Response(tools().files.read(digest), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
