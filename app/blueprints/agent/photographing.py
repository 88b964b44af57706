"""Photographing page by page: each goes up at once and is judged; it can be taken again, removed, or kept all the same."""

from __future__ import annotations

from flask import make_response, render_template
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.blueprints.agent.forms import PhotoForm
from app.blueprints.agent.labels import FLAWS, trouble_with_file
from app.blueprints.agent.photographs import take_photo, turned_upside_down
from app.blueprints.agent.screen import screen
from app.blueprints.agent.submission_page import back_to, submission_page
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.domain.submissions import needs_retake
from app.ports import RefusedFile
from app.queries.submissions import OTHER, paper_of_page, read_page_image, read_submission
from app.services import idempotency
from app.services import submission_pages as services
from app.services.submission_pages import Photo
from app.web.access import requires
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing
from app.web.uploads import sent_files


@screen.post("/agent/submissions/<id:submission_id>/pages")
@requires(Action.SUBMISSION_MAKE)
def add_pages(submission_id: int) -> Response | str:
    """Take photographs and files for a paper, all that were sent or none."""
    read_submission(reading(), the_actor(), submission_id, today=today())
    form = PhotoForm.from_request()
    paper = form.paper.data or OTHER
    try:
        photos = _sent_photos(most=settings().upload.max_files)
        _add(submission_id, form, paper, photos)
    except RefusedFile as refused:
        return _refused(submission_id, trouble_with_file(refused.reason))
    except Invalid as invalid:
        return _refused(submission_id, str(trouble_of(invalid)))
    return _taken(photos) if is_fragment() else back_to(submission_id, paper)


@screen.post("/agent/pages/<id:page_id>/replace")
@requires(Action.SUBMISSION_MAKE)
def replace_page(page_id: int) -> Response | str:
    """Take a photograph in the place of a page."""
    submission_id, paper = paper_of_page(reading(), the_actor(), page_id)
    form, actor = PhotoForm.from_request(), the_actor()
    try:
        photos = _sent_photos(most=1)
        with writing() as session:
            if idempotency.claim(session, actor, str(form.idempotency_key.data), now=now()) is None:
                services.replace_page(session, actor, page_id, photos[0], now=now())
    except RefusedFile as refused:
        return _refused(submission_id, trouble_with_file(refused.reason))
    except Invalid as invalid:
        return _refused(submission_id, str(trouble_of(invalid)))
    return _taken(photos) if is_fragment() else back_to(submission_id, paper)


@screen.post("/agent/pages/<id:page_id>/remove")
@requires(Action.SUBMISSION_MAKE)
def remove_page(page_id: int) -> Response | str:
    """Take a page out that was not handed in."""
    submission_id, paper = paper_of_page(reading(), the_actor(), page_id)
    with writing() as session:
        services.remove_page(session, the_actor(), page_id, now=now())
    return back_to(submission_id, paper)


@screen.post("/agent/pages/<id:page_id>/keep")
@requires(Action.SUBMISSION_MAKE)
def keep_page(page_id: int) -> Response | str:
    """Use a page although it is poor."""
    submission_id, paper = paper_of_page(reading(), the_actor(), page_id)
    with writing() as session:
        services.keep_page(session, the_actor(), page_id, now=now())
    return back_to(submission_id, paper)


@screen.post("/agent/pages/<id:page_id>/turn")
@requires(Action.SUBMISSION_MAKE)
def turn_page(page_id: int) -> Response | str:
    """Turn a page upside down: that it lies on its side is seen by itself, which side is up is not."""
    submission_id, paper = paper_of_page(reading(), the_actor(), page_id)
    page = read_page_image(reading(), the_actor(), page_id)
    small = turned_upside_down(page.thumbnail_digest)
    with writing() as session:
        services.turn_page(session, the_actor(), page_id, small, page.turned + 180, now=now())
    return back_to(submission_id, paper)


def _sent_photos(*, most: int) -> list[Photo]:
    files: list[FileStorage] = sent_files("files")
    if not files:
        raise RefusedFile("none_chosen")
    if len(files) > most:
        raise RefusedFile("too_many_files")
    return [take_photo(file) for file in files]


def _add(submission_id: int, form: PhotoForm, paper: str, photos: list[Photo]) -> None:
    """Put the photographs into the submission; a form that is sent again takes nothing in again."""
    actor = the_actor()
    with writing() as session:
        if idempotency.claim(session, actor, str(form.idempotency_key.data), now=now()) is not None:
            return
        for photo in photos:
            code = "" if paper == OTHER else paper
            services.add_page(session, actor, submission_id, code, photo, now=now())


def _refused(submission_id: int, trouble: str) -> Response:
    if is_fragment():
        return make_response(render_template("agent/_trouble.html", trouble=trouble), 422)
    return make_response(submission_page(submission_id, trouble=trouble), 422)


def _taken(photos: list[Photo]) -> Response:
    """Answer what the script shows beside the file: how the photograph is."""
    flaw = next(filter(None, (needs_retake(flaw.code for flaw in photo.flaws) for photo in photos)), "")
    return make_response(str(FLAWS[flaw]) if flaw else _("已收到"), 201)
