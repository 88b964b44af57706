"""The bytes of pages at the desk: as people are shown them, as they were drawn, and small."""

from __future__ import annotations

from flask import Response

from app.blueprints.intake.screen import screen
from app.domain.policy import STEP_UP_LEVEL, Action
from app.queries.intake_desk import PageBytes, page_bytes
from app.web.access import need_step_up, requires
from app.web.identity import the_actor
from app.web.photos import photo_response
from app.web.transactions import reading


@screen.get("/intake/pages/<id:page_id>.jpg")
@requires(Action.INTAKE_VIEW)
def send_page(page_id: int) -> Response:
    """Send what people are shown of a page: the restored copy where there is one."""
    page = _allowed(page_id)
    return photo_response(page.restored_digest or page.image_digest)


@screen.get("/intake/pages/<id:page_id>/original.jpg")
@requires(Action.INTAKE_VIEW)
def send_original_page(page_id: int) -> Response:
    """Send a page as it was drawn, untouched."""
    return photo_response(_allowed(page_id).image_digest)


@screen.get("/intake/pages/<id:page_id>/thumbnail.jpg")
@requires(Action.INTAKE_VIEW)
def send_page_thumbnail(page_id: int) -> Response:
    """Send the small image of a page."""
    return photo_response(_allowed(page_id).thumbnail_digest)


def _allowed(page_id: int) -> PageBytes:
    page = page_bytes(reading(), the_actor(), page_id)
    if page.level >= STEP_UP_LEVEL:
        need_step_up()
    return page
