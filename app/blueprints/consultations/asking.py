"""Logging a consultation: one form that finds the customer, offers phrases and answers, and works by keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.consultations.forms import NewConsultationForm, id_or_none
from app.blueprints.consultations.screen import screen
from app.domain.consultations import PHRASES, About, Result, Topic
from app.domain.errors import Invalid, NotFound
from app.domain.ids import encode_id
from app.domain.policy import Action, may_ever
from app.queries.askers import Affairs, Asker, customer_of_claim, customer_of_policy, find_askers
from app.queries.ready_answers import offer_answers, read_answer
from app.services import consultations as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now, today
from app.web.consultation_labels import LABELS
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/consultations/new")
@requires(Action.CONSULTATION_EDIT)
def new_consultation() -> str:
    """Show the form, with the customer, policy or claim that the address names."""
    form = NewConsultationForm()
    _begin(form)
    affairs = form.offer(reading(), the_actor())
    form.follow_up_by.data = the_actor().account_id
    return _page(form, affairs)


@screen.post("/consultations/new/fill")
@requires(Action.CONSULTATION_EDIT)
def fill_consultation() -> str:
    """Show the form again with one thing done: customers found, one chosen, a phrase or a ready answer put in."""
    form = NewConsultationForm.from_request()
    step, _colon, value = request.form.get("do", "").partition(":")
    if step == "choose":
        form.choose(id_or_none(value))
    elif step == "phrase":
        _put_phrase(form, value)
    elif step == "answer":
        _put_answer(form, value)
    affairs = form.offer(reading(), the_actor())
    if step == "choose" and affairs is not None and affairs.policies:
        form.about.data = About.POLICY.value
    return _page(form, affairs, step=step)


@screen.post("/consultations/new")
@requires(Action.CONSULTATION_EDIT)
def create_consultation() -> Response:
    """Log the consultation; one that becomes a complaint goes on to its registration."""
    form = NewConsultationForm.from_request()
    affairs = form.offer(reading(), the_actor())
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            if "answer.not_in_use" in invalid.problems.get("answer", ()):
                form.answer_id.data = ""
    return make_response(_page(form, affairs), 422)


def _begin(form: NewConsultationForm) -> None:
    """Put what the address names into the empty form; raises `NotFound` for what the actor may not see."""
    session, actor = reading(), the_actor()
    claim_id, policy_id = id_or_none(request.args.get("claim")), id_or_none(request.args.get("policy"))
    customer_id = id_or_none(request.args.get("customer"))
    if claim_id is not None:
        customer_id, policy_id = customer_of_claim(session, actor, claim_id)
        form.about.data = About.CLAIM.value
    elif policy_id is not None:
        customer_id = customer_of_policy(session, actor, policy_id)
    if policy_id is not None and claim_id is None:
        form.about.data = About.POLICY.value
    form.customer.data = encode_id(customer_id) if customer_id is not None else ""
    form.policy_id.data, form.claim_id.data = policy_id, claim_id


def _put_phrase(form: NewConsultationForm, place: str) -> None:
    phrases = _phrases(form)
    if place.isascii() and place.isdigit() and int(place) < len(phrases):
        form.question.data = _joined(form.question.data, phrases[int(place)])


def _put_answer(form: NewConsultationForm, public_id: str) -> None:
    answer_id = id_or_none(public_id)
    if answer_id is None:
        raise NotFound
    answer = read_answer(reading(), the_actor(), answer_id, today=today())
    form.answer.data = _joined(form.answer.data, answer.answer)
    form.answer_id.data = public_id


def _joined(before: str | None, text: str) -> str:
    """Return a text put behind what stands there already, but not twice."""
    before = before or ""
    return before if text in before else "\n".join(part for part in (before, text) if part)


def _phrases(form: NewConsultationForm) -> Sequence[str]:
    return PHRASES[Topic(form.topic.data)] if form.topic.data in set(Topic) else ()


def _page(form: NewConsultationForm, affairs: Affairs | None, *, step: str = "") -> str:
    session, actor = reading(), the_actor()
    askers: Sequence[Asker] = find_askers(session, actor, form.who.data or "") if affairs is None else ()
    return render_template(
        "consultations/_ask.html" if is_fragment() else "consultations/new_consultation.html",
        form=form,
        affairs=affairs,
        askers=askers,
        phrases=_phrases(form),
        answers=offer_answers(session, actor, form.topic.data or "", form.find.data or "", today=today()),
        step=step,
        labels=LABELS,
    )


def _create(form: NewConsultationForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        consultation_id = services.log_consultation(session, actor, form.values(), now=now())
        location = _after(form.result.data, consultation_id)
        idempotency.settle(session, actor, key, location)
    flash(_("咨询已登记。"), "ok")
    return location


def _after(result: str, consultation_id: int) -> str:
    """Return where one goes on: to the complaint's registration, or to the consultation."""
    if result == Result.COMPLAINT and may_ever(the_actor(), Action.CASE_REGISTER):
        return url_for("casework.new_case", consultation=encode_id(consultation_id))
    return url_for(".show_consultation", consultation_id=consultation_id)
