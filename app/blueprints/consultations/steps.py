"""What is done with a consultation afterwards: correcting it, keeping its promise, closing it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.consultations.forms import ChangeConsultationForm, FollowUpForm
from app.blueprints.consultations.screen import consultation_page, screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, WrongState
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.queries.askers import read_affairs
from app.queries.consultations import ConsultationDetail, read_consultation
from app.services import consultations as services
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.consultation_labels import LABELS
from app.web.forms import EditForm
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/consultations/<id:consultation_id>/edit")
@requires(Action.CONSULTATION_EDIT)
def edit_consultation(consultation_id: int) -> str:
    """Show the form with everything but name and phone, which are masked."""
    asked = _correctable(consultation_id)
    form = ChangeConsultationForm(data=_typed(asked))
    form.show_version(asked.version)
    _offer(form, asked)
    return render_template("consultations/edit_consultation.html", form=form, asked=asked, labels=LABELS)


@screen.post("/consultations/<id:consultation_id>/edit")
@requires(Action.CONSULTATION_EDIT)
def change_consultation(consultation_id: int) -> Response | tuple[str, int]:
    """Correct a consultation."""
    asked, form = _correctable(consultation_id), ChangeConsultationForm.from_request()
    _offer(form, asked)
    if form.validate():
        try:
            with writing() as session:
                services.edit_consultation(
                    session,
                    the_actor(),
                    consultation_id,
                    form.asked(asked.branch_id, asked.customer_id),
                    version=form.seen_version(),
                    now=now(),
                )
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_consultation", consultation_id=consultation_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_consultation", consultation_id=consultation_id)
            return conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path)
    page = render_template("consultations/edit_consultation.html", form=form, asked=asked, labels=LABELS)
    return make_response(page, 422)


@screen.post("/consultations/<id:consultation_id>/follow-up")
@requires(Action.CONSULTATION_EDIT)
def finish_follow_up(consultation_id: int) -> Response:
    """Note that the promised answer was given."""
    form = FollowUpForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                note, version = form.note.data or "", form.seen_version()
                services.finish_follow_up(session, the_actor(), consultation_id, note, version=version, now=now())
            flash(_("跟进已登记，咨询办结。"), "ok")
            return redirect(url_for(".show_consultation", consultation_id=consultation_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            return _refused(consultation_id, wrong)
    return make_response(consultation_page(_read(consultation_id), form=form), 422)


@screen.post("/consultations/<id:consultation_id>/close")
@requires(Action.CONSULTATION_EDIT)
def close_consultation(consultation_id: int) -> Response:
    """Close what was passed on."""
    form = EditForm.from_request()
    try:
        with writing() as session:
            services.close_consultation(session, the_actor(), consultation_id, version=form.seen_version(), now=now())
    except WrongState as wrong:
        return _refused(consultation_id, wrong)
    flash(_("咨询已办结。"), "ok")
    return redirect(url_for(".show_consultation", consultation_id=consultation_id), 303)


def _refused(consultation_id: int, wrong: WrongState) -> Response:
    return make_response(consultation_page(_read(consultation_id), trouble=trouble_of(wrong)), 409)


def _read(consultation_id: int) -> ConsultationDetail:
    return read_consultation(reading(), the_actor(), consultation_id, now=now())


def _correctable(consultation_id: int) -> ConsultationDetail:
    """Return a consultation that this actor may correct; raises `NotAllowed`, `WrongState`."""
    asked = _read(consultation_id)
    if not asked.may_edit:
        raise NotAllowed(Action.CONSULTATION_EDIT)
    if not asked.may_correct:
        raise WrongState("consultation.closed")
    return asked


def _offer(form: ChangeConsultationForm, asked: ConsultationDetail) -> None:
    session, actor = reading(), the_actor()
    form.offer_affairs(read_affairs(session, actor, asked.customer_id) if asked.customer_id else None)
    form.offer_colleagues(session, asked.branch_id)


def _typed(asked: ConsultationDetail) -> dict[str, object]:
    names = "channel about topic product question answer result follow_up_on policy_id claim_id asked_at"
    return {name: getattr(asked, name) for name in names.split()} | {
        "follow_up_by": asked.follow_up_by_id,
        "answer_id": encode_id(asked.answer_id) if asked.answer_id else "",
    }
