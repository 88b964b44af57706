"""Writing comments 办理记录 into a case."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.casework.page import case_page
from app.blueprints.casework.screen import screen
from app.blueprints.casework.talk_forms import NoteForm
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries.case_detail import require_seen
from app.queries.case_talk import read_talk
from app.services import case_notes as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.post("/casework/<id:case_id>/notes")
@requires(Action.CASE_HANDLE)
def add_note(case_id: int) -> Response:
    """Write a comment and show all of them, the newest last; without script, the page of the case again."""
    require_seen(reading(), the_actor(), case_id)
    form = NoteForm.from_request()
    if form.validate():
        try:
            _add(case_id, form)
            return _answer(case_id, NoteForm()) if is_fragment() else redirect(_page_of(case_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    if is_fragment():
        return _answer(case_id, form, 422)
    return case_page(case_id, refused=("note", form), status=422)


def _add(case_id: int, form: NoteForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            _write(session, case_id, form)
            idempotency.settle(session, actor, key, _page_of(case_id))


def _write(session: Session, case_id: int, form: NoteForm) -> None:
    services.add_note(session, the_actor(), case_id, form.text.data or "", now=now())


def _answer(case_id: int, form: NoteForm, status: int = 200) -> Response:
    for field in form:  # as `case_page` does: several forms stand on the page
        field.id = field.label.field_id = f"note-{field.id}"
    talk = read_talk(reading(), the_actor(), case_id, now=now())
    return make_response(render_template("casework/_notes.html", talk=talk, forms={"note": form}), status)


def _page_of(case_id: int) -> str:
    return f"{url_for('casework.show_case', case_id=case_id)}#notes"
