"""The bytes of an agent's own pages, turned as he sees them."""

from __future__ import annotations

from flask import Response

from app.blueprints.agent.screen import screen
from app.domain.policy import Action
from app.ports import PageFailed
from app.queries.submissions import read_page_image
from app.web.access import requires
from app.web.identity import the_actor
from app.web.photos import SANDBOX, photo_response
from app.web.transactions import reading
from app.web.uploads import tools


@screen.get("/agent/pages/<id:page_id>.jpg")
@requires(Action.SUBMISSION_MAKE)
def send_page(page_id: int) -> Response:
    """Send a page of one's own submission."""
    page = read_page_image(reading(), the_actor(), page_id)
    if not page.turned:
        return photo_response(page.image_digest)
    image = tools().files.read(page.image_digest)
    try:
        image = tools().pages.turn(image, page.turned)
    except PageFailed:
        return photo_response(page.image_digest)
    response = Response(image, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@screen.get("/agent/pages/<id:page_id>/thumbnail.jpg")
@requires(Action.SUBMISSION_MAKE)
def send_page_thumbnail(page_id: int) -> Response:
    """Send the small image of a page of one's own submission."""
    return photo_response(read_page_image(reading(), the_actor(), page_id).thumbnail_digest)
