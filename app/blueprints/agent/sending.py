"""Handing a submission in, or giving it up."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.agent.forms import SendForm
from app.blueprints.agent.screen import screen
from app.blueprints.agent.submission_page import submission_page
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.services import submissions as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import writing

REASON = "reason-"


@screen.post("/agent/submissions/<id:submission_id>/send")
@requires(Action.SUBMISSION_MAKE)
def send_submission(submission_id: int) -> Response:
    """Hand the submission in; what is missing needs a reason."""
    version, reasons = SendForm.from_request().seen_version(), _reasons()
    try:
        with writing() as session:
            sent = services.submit(
                session, the_actor(), submission_id, reasons, version=version, now=now(), today=today()
            )
            number = sent.number
    except Invalid as invalid:
        said = {name: str(SENTENCES[codes[0]]) for name, codes in invalid.problems.items()}
        trouble = said.pop("", "") or _("还有 %(n)s 件没有拍：请补拍，或写明为什么缺。", n=len(said))
        problems = {name.removeprefix(REASON): text for name, text in said.items()}
        page = submission_page(submission_id, trouble=trouble, problems=problems, typed=reasons)
        return make_response(page, 422)
    except ChangedMeanwhile:
        trouble = _("您在别的地方又改动了这次提交。请看一遍下面的页，再点提交。")
        return make_response(submission_page(submission_id, trouble=trouble, typed=reasons), 409)
    flash(_("已提交 %(number)s，接收或退回都会在这里通知您。", number=number), "ok")
    return redirect(url_for(".show_start"), 303)


@screen.post("/agent/submissions/<id:submission_id>/withdraw")
@requires(Action.SUBMISSION_MAKE)
def withdraw_submission(submission_id: int) -> Response:
    """Give the submission up."""
    version = SendForm.from_request().seen_version()
    try:
        with writing() as session:
            services.withdraw(session, the_actor(), submission_id, version=version, now=now())
    except ChangedMeanwhile:
        trouble = _("您在别的地方又改动了这次提交。请看一遍再决定。")
        return make_response(submission_page(submission_id, trouble=trouble), 409)
    flash(_("已放弃这次提交。"), "ok")
    return redirect(url_for(".show_start"), 303)


def _reasons() -> dict[str, str]:
    """Return by the key of a paper why it is missing, as typed."""
    return {name.removeprefix(REASON): stripped(text) for name, text in request.form.items() if name.startswith(REASON)}
