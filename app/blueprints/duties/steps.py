"""What happens to a duty: it is done, paused, begun again, given to somebody, made void."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.duties.forms import AssignForm, ProgressForm
from app.blueprints.duties.screen import duty_page, screen
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.policy import Action
from app.queries.duties import owners_of, read_duty
from app.services import duties as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import EditForm, stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/duties/<id:duty_id>/progress")
@requires(Action.POLICY_EDIT)
def note_progress(duty_id: int) -> Response:
    """Note what happened."""
    form = ProgressForm.from_request()
    form.offer_steps(read_duty(reading(), the_actor(), duty_id, now=now()).steps)

    def act(session: Session) -> None:
        version = form.seen_version()
        services.note_progress(session, the_actor(), duty_id, form.progress(), version=version, now=now())

    return _take(duty_id, form, act, _("已登记，期限已重新计算。"))


@screen.post("/duties/<id:duty_id>/assign")
@requires(Action.POLICY_EDIT)
def assign_duty(duty_id: int) -> Response:
    """Give it to somebody."""
    duty = read_duty(reading(), the_actor(), duty_id, now=now())
    form = AssignForm.from_request()
    form.offer_owners(owners_of(reading(), duty.branch_id, now=now()))

    def act(session: Session) -> None:
        version = form.seen_version()
        services.assign_duty(session, the_actor(), duty_id, form.owner_id(), version=version, now=now())

    return _take(duty_id, form, act, _("已变更经办人。"))


@screen.post("/duties/<id:duty_id>/void")
@requires(Action.POLICY_EDIT)
def void_duty(duty_id: int) -> Response:
    """Make it void."""
    form = EditForm.from_request()
    reason = stripped(request.form.get("reason"))

    def act(session: Session) -> None:
        services.void_duty(session, the_actor(), duty_id, reason, version=form.seen_version(), now=now())

    return _take(duty_id, form, act, _("已作废。"))


def _take(duty_id: int, form: EditForm, act: Callable[[Session], None], done: str) -> Response:
    """Take a step and go to the duty, or show the duty again with what is wrong."""
    duty, trouble, status = read_duty(reading(), the_actor(), duty_id, now=now()), "", 422
    is_valid = form.validate()
    if duty.steps and not is_valid and form.errors.keys() == {"happened"}:
        trouble = str(SENTENCES["duty.event"])
    if is_valid or not duty.steps:
        try:
            with writing() as session:
                act(session)
            flash(done, "ok")
            return redirect(url_for(".show_duty", duty_id=duty_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            trouble = "" if all(name in form for name in invalid.problems) else str(trouble_of(invalid))
        except WrongState as wrong:
            trouble, status = str(trouble_of(wrong)), 409
        except ChangedMeanwhile:
            trouble, status = _("这个事项刚被别人办理过，下面是最新的情况，请核对后再办。"), 409
    page = duty_page(
        read_duty(reading(), the_actor(), duty_id, now=now()),
        progress_form=form if isinstance(form, ProgressForm) and status == 422 else None,
        assign_form=form if isinstance(form, AssignForm) and status == 422 else None,
        trouble=trouble,
    )
    return make_response(page, status)
