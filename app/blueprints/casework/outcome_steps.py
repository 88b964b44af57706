"""Taking a step of deciding: read the form, do it, and answer with the page of the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.casework.outcome_forms import FORMS
from app.blueprints.casework.page import case_page
from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.queries.case_detail import require_seen
from app.queries.case_outcome import read_outcome
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

Step = Callable[[Session, Actor, Any], object]


def sent_form(case_id: int, name: str) -> Any:
    """Return the form `name` as it was sent, its lists filled; raises `NotFound` for who may not see the case."""
    outcome = read_outcome(reading(), the_actor(), case_id, now=now())
    form = FORMS[name].from_request()
    form.offer(outcome)
    return form


def take_outcome(case_id: int, name: str, step: Step, done: str) -> Response:
    """Take a step with the form `name` and go to the case, or show the case again with what is wrong."""
    form = sent_form(case_id, name)
    if not form.validate():
        return case_page(case_id, refused=(name, form), status=422)
    return take_with(case_id, name, form, step, done)


def take_with(case_id: int, name: str, form: Any, step: Step, done: str) -> Response:
    """Take a step with a form that was looked at already."""
    actor = the_actor()
    try:
        with writing() as session:
            step(session, actor, form)
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        trouble = "" if all(field in form for field in invalid.problems) else trouble_of(invalid)
        return case_page(case_id, refused=(name, form), trouble=trouble, status=422)
    except WrongState as wrong:
        return case_page(case_id, refused=(name, form), trouble=trouble_of(wrong), status=409)
    flash(done, "ok")
    return redirect(_next(case_id), 303)


def _next(case_id: int) -> str:
    try:
        require_seen(reading(), the_actor(), case_id)
    except NotFound:
        return url_for(".list_cases")
    return url_for(".show_case", case_id=case_id)
