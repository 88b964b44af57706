"""Answers on paper: typed in by somebody, with the day that the customer wrote."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.surveys.asking_forms import PaperForm, problems_of, typed_answers
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.domain.surveys import Answers
from app.queries.survey_invitations import InvitationDetail, read_invitation
from app.services import idempotency
from app.services.call_backs import enter_paper
from app.services.survey_answers import Given
from app.web.access import requires
from app.web.clock import CHINA, now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing

NOON = time(12)


@screen.get("/surveys/invitations/<id:invitation_id>/paper")
@requires(Action.SURVEY_SEND)
def new_paper(invitation_id: int) -> str:
    """Show the questions to type an answer from paper."""
    form = PaperForm()
    form.answered_on.data = today()
    return _page(read_invitation(reading(), the_actor(), invitation_id), form, {}, {})


@screen.post("/surveys/invitations/<id:invitation_id>/paper")
@requires(Action.SURVEY_SEND)
def create_paper(invitation_id: int) -> Response:
    """Keep what stands on the paper."""
    invitation = read_invitation(reading(), the_actor(), invitation_id)
    form, typed = PaperForm.from_request(), typed_answers(invitation.questions)
    problems: dict[str, list[Any]] = {}
    if form.validate():
        try:
            return _enter(form, invitation_id, typed)
        except Invalid as invalid:
            problems = problems_of(invalid.problems, invitation.questions, SENTENCES)
            form.blame(
                Invalid({key: codes for key, codes in invalid.problems.items() if key not in problems}), SENTENCES
            )
        except WrongState as wrong:
            return make_response(_page(invitation, form, typed, {}, trouble_of(wrong)), 409)
    return make_response(_page(invitation, form, typed, problems), 422)


def _enter(form: PaperForm, invitation_id: int, typed: Answers) -> Response:
    actor, key, day = the_actor(), str(form.idempotency_key.data), form.answered_on.data or today()
    given = Given(typed, answered_at=datetime.combine(day, NOON, CHINA))
    location = url_for(".show_invitation", invitation_id=invitation_id)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is None:
            enter_paper(session, actor, invitation_id, given, now=now())
            idempotency.settle(session, actor, key, location)
    flash(_("回答已录入。"), "ok")
    return redirect(location, 303)


def _page(
    invitation: InvitationDetail, form: PaperForm, typed: Answers, problems: dict[str, list[Any]], trouble: Any = ""
) -> str:
    return render_template(
        "surveys/new_paper.html",
        invitation=invitation,
        form=form,
        typed=typed,
        problems=problems,
        trouble=trouble,
        labels=LABELS,
    )
