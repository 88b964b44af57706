"""A checklist and what is done with it: answering a condition, filing without, asking to do without."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.forms import WithoutForm
from app.blueprints.completeness.page import checklist_page, sent_id, wanted_business
from app.blueprints.completeness.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.completeness import checklist, find_thing
from app.services import idempotency, missing
from app.services.conditions import answer_condition
from app.web.access import requires
from app.web.clock import now, today
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/completeness/policies/<id:policy_id>")
@screen.get("/completeness/claims/<id:claim_id>")
@requires(Action.MISSING_VIEW)
def show_checklist(policy_id: int | None = None, claim_id: int | None = None) -> Response:
    """Show everything that a policy or claim needs."""
    return checklist_page(policy_id, claim_id)


@screen.post("/completeness/policies/<id:policy_id>/answers")
@screen.post("/completeness/claims/<id:claim_id>/answers")
@requires(Action.MISSING_EDIT)
def answer(policy_id: int | None = None, claim_id: int | None = None) -> Response:
    """Say whether a condition holds."""
    rule_id, holds = sent_id("rule"), request.form.get("holds", "")
    if holds not in ("yes", "no"):
        return checklist_page(policy_id, claim_id, trouble=_("请回答“是”或“否”。"), status=422)
    try:
        with writing() as session:
            answer_condition(
                session,
                the_actor(),
                rule_id,
                policy_id=policy_id,
                claim_id=claim_id,
                holds=holds == "yes",
                now=now(),
                today=today(),
            )
    except WrongState as wrong:
        return checklist_page(policy_id, claim_id, trouble=trouble_of(wrong), status=422)
    return _back(policy_id, claim_id)


@screen.post("/completeness/policies/<id:policy_id>/without")
@screen.post("/completeness/claims/<id:claim_id>/without")
@requires(Action.MISSING_EDIT)
def file_without(policy_id: int | None = None, claim_id: int | None = None) -> Response:
    """Take papers into the register of what is owed."""
    business, form = wanted_business(claim_id), WithoutForm.from_request()
    find_thing(reading(), the_actor(), Action.MISSING_EDIT, policy_id=policy_id, claim_id=claim_id)
    found = checklist(reading(), business=business, policy_id=policy_id, claim_id=claim_id, today=today())
    # Any line of the list passes here: what is no longer missing the service refuses, with its reason.
    form.offer_papers(found.lines)
    if form.validate():
        try:
            _file_without(form, policy_id, claim_id, business)
            return _back(policy_id, claim_id)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return checklist_page(policy_id, claim_id, without=form, status=422)


@screen.post("/completeness/policies/<id:policy_id>/waivers")
@screen.post("/completeness/claims/<id:claim_id>/waivers")
@requires(Action.MISSING_EDIT)
def ask_waiver(policy_id: int | None = None, claim_id: int | None = None) -> Response:
    """Ask to do without a paper."""
    paper_type_id, business = sent_id("paper"), wanted_business(claim_id)
    try:
        with writing() as session:
            missing.ask_waiver(
                session,
                the_actor(),
                policy_id=policy_id,
                claim_id=claim_id,
                business=business,
                paper_type_id=paper_type_id,
                reason=stripped(request.form.get("reason")),
                now=now(),
                today=today(),
            )
    except (Invalid, WrongState) as wrong:
        return checklist_page(policy_id, claim_id, trouble=trouble_of(wrong), status=422)
    flash(_("已提交免附申请，等待负责人审批。"), "ok")
    return _back(policy_id, claim_id)


def _file_without(form: WithoutForm, policy_id: int | None, claim_id: int | None, business: str) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is not None:
            return
        missing.file_without(
            session,
            actor,
            policy_id=policy_id,
            claim_id=claim_id,
            business=business,
            paper_type_ids=[key for key in form.papers.data or () if key is not None],
            reason=form.reason.data or "",
            due_on=form.due_on.data,
            now=now(),
            today=today(),
        )
        idempotency.settle(session, actor, key, request.path)
    flash(_("已登记欠件，到期前会提醒催缴。"), "ok")


def _back(policy_id: int | None, claim_id: int | None) -> Response:
    """Go back to the page that the form stood on."""
    if request.form.get("from") == "page":
        place = (
            url_for("claims.show_claim", claim_id=claim_id)
            if claim_id is not None
            else url_for("policies.show_policy", policy_id=policy_id)
        )
        return redirect(f"{place}#papers", 303)
    target = {"claim_id": claim_id} if claim_id is not None else {"policy_id": policy_id}
    return redirect(url_for(".show_checklist", business=wanted_business(claim_id), **target), 303)
