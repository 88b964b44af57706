"""Tablets at counters: those that are open, opening one, closing it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.surveys.asking_forms import KioskForm
from app.blueprints.surveys.link import shown_link
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.queries.branches import branches_for
from app.queries.survey_kiosks import list_kiosks as find_kiosks
from app.queries.surveys import surveys_for_branch
from app.services import idempotency, survey_kiosks
from app.services.survey_kiosks import AT_COUNTERS
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/surveys/kiosks")
@requires(Action.SURVEY_SEND)
def list_kiosks() -> str:
    """Show the tablets, and the form to open one."""
    return _page(KioskForm())


@screen.post("/surveys/kiosks")
@requires(Action.SURVEY_SEND)
def create_kiosk() -> Response:
    """Open a tablet; its address is shown in the answer to this request and never again."""
    form = KioskForm.from_request()
    _offer(form)
    if form.validate():
        try:
            return _create(form)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_page(form), 422)


@screen.post("/surveys/kiosks/<id:kiosk_id>/close")
@requires(Action.SURVEY_SEND)
def close_kiosk(kiosk_id: int) -> Response:
    """Close a tablet."""
    try:
        with writing() as session:
            survey_kiosks.close_kiosk(session, the_actor(), kiosk_id, now=now())
    except WrongState as wrong:
        return make_response(_page(KioskForm(), str(trouble_of(wrong))), 409)
    flash(_("评价器已停用。"), "ok")
    return redirect(url_for(".list_kiosks"), 303)


def _create(form: KioskForm) -> Response:
    actor, key, token = the_actor(), str(form.idempotency_key.data), ""
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is None:
            survey_id, name = decode_id(form.survey.data), form.name.data or ""
            _id, token = survey_kiosks.open_kiosk(session, actor, form.branch.data, survey_id, name, now=now())
            idempotency.settle(session, actor, key, url_for(".list_kiosks"))
    if done is not None:
        flash(_("这张表已经提交过。地址只显示一次，遗失请停用后重开。"), "warn")
        return redirect(done, 303)
    page = render_template("surveys/made_kiosk.html", link=shown_link(token), name=form.name.data)
    return make_response(page)


def _offer(form: KioskForm) -> None:
    branches = branches_for(reading(), the_actor(), Action.SURVEY_SEND)
    form.branch.choices = list(branches)
    found = {
        survey.id: survey.title
        for branch_id, _name in branches
        for survey in surveys_for_branch(reading(), branch_id)
        if survey.purpose in AT_COUNTERS
    }
    form.survey.choices = [(encode_id(survey_id), title) for survey_id, title in found.items()]


def _page(form: KioskForm, trouble: str = "") -> str:
    _offer(form)
    kiosks = find_kiosks(reading(), the_actor(), now=now())
    return render_template("surveys/list_kiosks.html", form=form, kiosks=kiosks, trouble=trouble)
