"""The bytes of pages: re-drawn images for everybody who may look, originals for few and with a reason."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from flask import Response, request

from app.blueprints.documents.screen import screen
from app.domain.errors import Invalid
from app.domain.policy import STEP_UP_LEVEL, Action
from app.queries.documents import PageImages, page_images, was_viewed
from app.services import documents as services
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.errors import BY_STATUS, render_answer
from app.web.identity import the_actor
from app.web.transactions import reading, writing
from app.web.uploads import tools

# Leafing through an item is one look.
ONE_LOOK = timedelta(minutes=30)
# What `as` in the address of a page asks for; without it, people are shown the restored copy.
AS_IT_CAME, AS_IT_WAS_READ = "came", "read"
SANDBOX = "default-src 'none'; sandbox"


@screen.get("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/pages/<int(max=9999):number>.jpg")
@requires(Action.DOCUMENT_PAGES)
def send_page(document_id: int, ordinal: int, number: int) -> Response:
    """Send the image of a page; who looks at it without having opened the item stands in the trail as well."""
    actor, at = the_actor(), now()
    page = _allowed(document_id, ordinal, number)
    if not was_viewed(reading(), actor, document_id, page.customer_id, since=at - ONE_LOOK):
        with writing() as session:
            services.note_view(session, actor, document_id, page.archive_number or "", page.customer_id, now=at)
    return _image(page, request.args.get("as", ""))


@screen.get("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/pages/<int(max=9999):number>/thumbnail.jpg")
@requires(Action.DOCUMENT_PAGES)
def send_thumbnail(document_id: int, ordinal: int, number: int) -> Response:
    """Send the small image of a page."""
    return _jpeg(tools().files.read(_allowed(document_id, ordinal, number).thumbnail_digest))


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


def _allowed(document_id: int, ordinal: int, number: int) -> PageImages:
    page = page_images(reading(), the_actor(), document_id, ordinal, number)
    if page.level >= STEP_UP_LEVEL:
        need_step_up()
    return page


def _image(page: PageImages, wanted: str) -> Response:
    """Send the restored copy, or the page as it came (`came`), or that turned to how it was read (`read`)."""
    if wanted not in (AS_IT_CAME, AS_IT_WAS_READ):
        return _jpeg(tools().files.read(page.restored_digest or page.image_digest))
    image = tools().files.read(page.image_digest)
    turned = page.turned if wanted == AS_IT_WAS_READ else 0
    return _jpeg(tools().pages.turn(image, turned) if turned else image)


def _jpeg(image: bytes) -> Response:
    response = Response(image, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
