"""The steps of a repair order: start, finish, accept or send back, cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.repairs.forms import AcceptForm, FinishForm, StartForm
from app.blueprints.repairs.screen import repair_page, screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.repairs import read_repair
from app.services import repairs as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.forms import EditForm, stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/repairs/<id:repair_id>/start")
@requires(Action.REPAIR_RUN)
def start_repair(repair_id: int) -> Response:
    """Note who works on it."""
    form = StartForm.from_request()

    def step(session: Session) -> None:
        services.start_repair(
            session,
            the_actor(),
            repair_id,
            form.repairer.data or "",
            version=form.seen_version(),
            now=now(),
            today=today(),
        )

    return _take(repair_id, form, step, _("已开始修复。"))


@screen.post("/storage/repairs/<id:repair_id>/finish")
@requires(Action.REPAIR_RUN)
def finish_repair(repair_id: int) -> Response:
    """Note what was done."""
    form = FinishForm.from_request()

    def step(session: Session) -> None:
        version = form.seen_version()
        services.finish_repair(session, the_actor(), repair_id, form.work(), version=version, now=now(), today=today())

    return _take(repair_id, form, step, _("已登记完成，等待他人验收。"))


@screen.post("/storage/repairs/<id:repair_id>/accept")
@requires(Action.REPAIR_ACCEPT)
def accept_repair(repair_id: int) -> Response:
    """Accept the work or send it back."""
    form = AcceptForm.from_request()
    passed = form.verdict.data == "pass"

    def step(session: Session) -> None:
        services.accept_repair(
            session,
            the_actor(),
            repair_id,
            passed=passed,
            remark=form.remark.data or "",
            version=form.seen_version(),
            now=now(),
        )

    return _take(repair_id, form, step, _("验收合格，材料已放回原位。") if passed else _("已退回重修。"))


@screen.post("/storage/repairs/<id:repair_id>/cancel")
@requires(Action.REPAIR_RUN)
def cancel_repair(repair_id: int) -> Response:
    """Call the order off."""
    form = EditForm.from_request()

    def step(session: Session) -> None:
        reason = stripped(request.form.get("reason"))
        version = form.seen_version()
        services.cancel_repair(session, the_actor(), repair_id, reason, version=version, now=now())

    return _take(repair_id, form, step, _("修复单已撤销，材料已放回原位。"))


def _take(repair_id: int, form: EditForm, step: Callable[[Session], None], done: str) -> Response:
    """Take a step and go to the order, or show the order again with what is wrong."""
    repair, trouble = read_repair(reading(), the_actor(), repair_id), ""
    if form.validate():
        try:
            with writing() as session:
                step(session)
            flash(done, "ok")
            return redirect(url_for(".show_repair", repair_id=repair_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            trouble = _loose(form, invalid)
        except WrongState as wrong:
            repair, trouble = read_repair(reading(), the_actor(), repair_id), trouble_of(wrong)
            return make_response(repair_page(repair, trouble=trouble), 409)
    kept = form if type(form) is not EditForm else None
    return make_response(repair_page(repair, form=kept, trouble=trouble), 422)


def _loose(form: EditForm, invalid: Invalid) -> Any:
    """Return the sentence of a problem whose field is not in the form, as the reason of a cancelling."""
    return "" if all(name in form for name in invalid.problems) else trouble_of(invalid)
