"""Call-backs 回访 by phone: whom to call, and the page of one call with the questions to read aloud."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.surveys.asking_forms import CallForm, problems_of, typed_answers
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.domain.surveys import Answers, CallResult
from app.queries import survey_invitations as queries
from app.services import idempotency
from app.services.call_backs import REACHED, Call, note_call
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing


@screen.get("/surveys/calls")
@requires(Action.SURVEY_SEND)
def list_calls() -> str:
    """Show who is to be called, whose cooling-off period ends first at the top."""
    return render_template(
        "surveys/list_calls.html",
        page=queries.list_calls(reading(), the_actor(), now=now(), cursor=current_cursor()),
        turn=listing("surveys.list_calls", sort=""),
        today=today(),
        labels=LABELS,
    )


@screen.get("/surveys/calls/<id:invitation_id>")
@requires(Action.SURVEY_SEND)
def show_call(invitation_id: int) -> str:
    """Show the questions to read aloud, and the tries so far."""
    return _page(invitation_id, CallForm(), {})


@screen.post("/surveys/calls/<id:invitation_id>")
@requires(Action.SURVEY_SEND)
def note_call_back(invitation_id: int) -> Response:
    """Note what came of a call."""
    invitation = queries.read_invitation(reading(), the_actor(), invitation_id)
    form, typed = CallForm.from_request(), typed_answers(invitation.questions)
    problems: dict[str, list[Any]] = {}
    trouble: Any = ""
    if form.validate():
        try:
            return _note(form, invitation_id, typed)
        except Invalid as invalid:
            problems = problems_of(invalid.problems, invitation.questions, SENTENCES)
            form.blame(
                Invalid({key: codes for key, codes in invalid.problems.items() if key not in problems}), SENTENCES
            )
        except WrongState as wrong:
            return make_response(_page(invitation_id, form, typed, trouble=trouble_of(wrong)), 409)
    return make_response(_page(invitation_id, form, typed, problems=problems, trouble=trouble), 422)


def _note(form: CallForm, invitation_id: int, typed: Answers) -> Response:
    actor, result = the_actor(), CallResult(form.result.data)
    answered = typed if result in REACHED and any(typed.values()) else None
    call = Call(result, form.recording.data or "", form.note.data or "", answered)
    location = url_for(".show_call", invitation_id=invitation_id)
    with writing() as session:
        done = idempotency.claim(session, actor, str(form.idempotency_key.data), now=now())
        if done is None:
            result = note_call(session, actor, invitation_id, call, now=now())
            idempotency.settle(session, actor, str(form.idempotency_key.data), location)
    if result is CallResult.PROBLEM:
        flash(_("已登记为问题件，并产生跟进事项。"), "warn")
    else:
        flash(_("回访成功，回答已保存。") if result is CallResult.DONE else _("已登记这次回访。"), "ok")
    return redirect(location, 303)


def _page(
    invitation_id: int,
    form: CallForm,
    typed: Answers,
    *,
    problems: dict[str, list[Any]] | None = None,
    trouble: Any = "",
) -> str:
    return render_template(
        "surveys/show_call.html",
        invitation=queries.read_invitation(reading(), the_actor(), invitation_id),
        form=form,
        typed=typed,
        problems=problems or {},
        trouble=trouble,
        reasons=[_("电话回访")],
        today=today(),
        labels=LABELS,
    )
