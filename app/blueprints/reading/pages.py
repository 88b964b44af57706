"""The images of pages on loan: read from the store and never sent without the reader's mark in their pixels."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from app.blueprints.reading.screen import screen, tools
from app.domain.errors import NotFound
from app.domain.policy import STEP_UP_LEVEL, Action
from app.domain.printed_words import mark_lines
from app.ports import PageMark
from app.queries.reading import ReadingPage, reading_page
from app.services import reading as services
from app.services.trail import Subject
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.transactions import reading, writing

SANDBOX = "default-src 'none'; sandbox"


@screen.get("/reading/<id:item_id>/pages/<int(max=9999):number>.jpg")
@requires(Action.READING_OPEN)
def send_page(item_id: int, number: int) -> Response:
    """Send the image of a page with the mark burnt in, and count it."""
    actor, at = the_actor(), now()
    with writing() as session:
        # Looked up where it is counted: a loan that is revoked this moment is either counted or gone.
        page = reading_page(session, actor, item_id, number, now=at)
        _ask_for_code(page)
        subject = Subject("loan_item", item_id, page.number, page.customer_id)
        services.note_page(session, actor, item_id, subject, number, now=at)
    return _marked(page, page.image_digest, number, at)


@screen.get("/reading/<id:item_id>/pages/<int(max=9999):number>/thumbnail.jpg")
@requires(Action.READING_OPEN)
def send_thumbnail(item_id: int, number: int) -> Response:
    """Send the small image of a page, marked as well."""
    at = now()
    page = reading_page(reading(), the_actor(), item_id, number, now=at)
    _ask_for_code(page)
    return _marked(page, page.thumbnail_digest, number, at)


@screen.post("/reading/<id:item_id>/save")
@requires(Action.READING_OPEN)
def save_page(item_id: int) -> Response:
    """Send a marked page as a file to keep, to those who may copy."""
    actor, at = the_actor(), now()
    number = request.form.get("page", 0, type=int)
    if not 0 < number < 10_000:
        raise NotFound
    with writing() as session:
        page = reading_page(session, actor, item_id, number, now=at)
        if not page.may_copy:
            raise NotFound
        _ask_for_code(page)
        subject = Subject("loan_item", item_id, page.number, page.customer_id)
        services.note_saved(session, actor, subject, number, now=at)
    response = _marked(page, page.image_digest, number, at)
    response.headers["Content-Disposition"] = f'attachment; filename="{page.number}-{number}.jpg"'
    return response


def mark_of(page: ReadingPage, number: int, at: datetime) -> PageMark:
    """Return what is burnt into a page: who reads it, when to the minute, under which loan."""
    known_as = page.employee_number or page.username
    return PageMark(*mark_lines(page.full_name, known_as, page.number, number, at))


def _ask_for_code(page: ReadingPage) -> None:
    if page.level >= STEP_UP_LEVEL:
        need_step_up()


def _marked(page: ReadingPage, digest: str, number: int, at: datetime) -> Response:
    image = tools().marker.burn(tools().files.read(digest), mark_of(page, number, at))
    response = Response(image, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
