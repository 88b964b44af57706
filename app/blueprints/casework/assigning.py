"""Giving a case to somebody 交办, handing it on 转办, handing over all that somebody has."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.casework.assigning_forms import AssignForm, HandOverForm
from app.blueprints.casework.screen import screen
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.models.cases import Case
from app.queries import case_candidates as queries
from app.queries.case_detail import require_seen
from app.services import case_assigning as services
from app.services.case_bars import interested_accounts
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.case_words import clock_words
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/casework/<id:case_id>/assign")
@requires(Action.CASE_HANDLE)
def show_assigning(case_id: int) -> str:
    """Show who may be given a case, with what he has to do already."""
    case = queries.case_to_give(reading(), the_actor(), case_id)
    form = AssignForm()
    form.show_version(case.version)
    return _page(case, form)


@screen.post("/casework/<id:case_id>/assign")
@requires(Action.CASE_HANDLE)
def assign_case(case_id: int) -> Response:
    """Give the case to who was chosen."""
    case = queries.case_to_give(reading(), the_actor(), case_id)
    form, trouble, status = AssignForm.from_request(), "", 422
    if form.validate():
        try:
            with writing() as session:
                services.assign(
                    session,
                    the_actor(),
                    case_id,
                    form.to_id.data,
                    word=form.word.data or "",
                    version=form.seen_version(),
                    now=now(),
                )
            flash(_("已交给新的主办人，已发通知；接手后须先作回避声明。"), "ok")
            return redirect(_next(case_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            trouble, status = str(trouble_of(wrong)), 409
            case = queries.case_to_give(reading(), the_actor(), case_id)
            form.show_version(case.version)
    return make_response(_page(case, form, trouble), status)


@screen.get("/casework/hand-over")
@requires(Action.CASE_HANDLE)
def show_hand_over() -> str:
    """Choose whose open cases go to whom, and look at them before anything happens."""
    form = HandOverForm(request.args)
    return _hand_over_page(form)


@screen.post("/casework/hand-over")
@requires(Action.CASE_HANDLE)
def hand_over_cases() -> Response:
    """Give the chosen cases to the other."""
    form, trouble = HandOverForm.from_request(), ""
    form.offer(queries.colleagues(reading(), the_actor(), now=now()))
    if form.validate():
        try:
            with writing() as session:
                done = services.hand_over_all(
                    session,
                    the_actor(),
                    form.from_id.data or 0,
                    form.to_id.data,
                    _chosen(),
                    word=form.word.data or "",
                    now=now(),
                )
            flash(_("已转交 %(n)s 件。", n=done.given), "ok")
            if done.left:
                flash(_("%(n)s 件没有转交：刚有变化，或接收人须回避、不在该机构。", n=done.left), "warn")
            return redirect(url_for(".show_board", by="handler"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            trouble = str(trouble_of(invalid)) if form.form_errors else ""
    return make_response(_hand_over_page(form, trouble), 422)


def _page(case: Case, form: AssignForm, trouble: str = "") -> str:
    session, actor = reading(), the_actor()
    people = queries.candidates(session, case, actor, now=now())
    form.offer([person for person in people if person.id != case.handler_id])
    return render_template(
        "casework/show_assigning.html",
        case=case,
        form=form,
        people=[person for person in people if person.id != case.handler_id],
        handler=queries.name_of(session, case.handler_id),
        why={found.account_id: found.why for found in interested_accounts(session, case)},
        actor_id=actor.account_id,
        trouble=trouble,
        labels=LABELS,
    )


def _hand_over_page(form: HandOverForm, trouble: str = "") -> str:
    session, actor = reading(), the_actor()
    form.offer(queries.colleagues(session, actor, now=now()))
    from_id, to_id = form.from_id.data, form.to_id.data
    ready = from_id is not None and to_id is not None and from_id != to_id
    found, more = queries.open_cases_of(session, actor, from_id, to_id, now=now()) if ready else ((), False)
    return render_template(
        "casework/hand_over_cases.html",
        form=form,
        ready=ready,
        found=found,
        more=more,
        same=from_id is not None and from_id == to_id,
        trouble=trouble,
        clock_words=clock_words,
        today=today(),
        labels=LABELS,
    )


def _chosen() -> list[int]:
    """Return the cases that were ticked; spoilt ids are left out."""
    ids = []
    for text in request.form.getlist("case"):
        try:
            ids.append(decode_id(text))
        except ValueError:
            continue
    return ids


def _next(case_id: int) -> str:
    """Return the page of the case, or one's inbox for who can no longer see it."""
    try:
        require_seen(reading(), the_actor(), case_id)
    except NotFound:
        return url_for(".show_inbox")
    return url_for(".show_case", case_id=case_id)
