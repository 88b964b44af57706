"""Deciding a case: findings, proposal, approval, telling and arrival, and the letters of it as PDF."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app, make_response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.casework.outcome_steps import sent_form, take_outcome, take_with
from app.blueprints.casework.page import case_page
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.ids import encode_id
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.ports import PrintFailed, StoredBlob, Tools
from app.queries.case_detail import require_seen
from app.queries.case_letters import letter_of
from app.queries.case_sheets import sheet_of
from app.services import case_decisions as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.transactions import reading, writing

SHEET = "sheet"


@screen.post("/casework/<id:case_id>/findings")
@requires(Action.CASE_HANDLE)
def save_findings(case_id: int) -> Response:
    """Keep the draft of findings, opinion and mediation."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.save_findings(session, actor, case_id, form.findings(), version=form.seen_version(), now=now())

    return take_outcome(case_id, "findings", step, _("已保存。"))


@screen.post("/casework/<id:case_id>/propose")
@requires(Action.CASE_HANDLE)
def propose_decision(case_id: int) -> Response:
    """Put a decision before the manager."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.propose(session, actor, case_id, form.proposal(), version=form.seen_version(), now=now())

    return take_outcome(case_id, "propose", step, _("已提交审批，负责人收到通知。"))


@screen.post("/casework/<id:case_id>/decide")
@requires(Action.CASE_APPROVE)
def decide_case(case_id: int) -> Response:
    """Approve the proposal."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.decide(session, actor, case_id, form.answer.data or "", version=form.seen_version(), now=now())

    return take_outcome(case_id, "decide", step, _("已作出处理决定，请按期告知投诉人。"))


@screen.post("/casework/<id:case_id>/return-proposal")
@requires(Action.CASE_APPROVE)
def return_proposal(case_id: int) -> Response:
    """Send the proposal back."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        reason, version = form.reason.data or "", form.seen_version()
        services.return_proposal(session, actor, case_id, reason, version=version, now=now())

    return take_outcome(case_id, "return_proposal", step, _("已退回主办人修改。"))


@screen.post("/casework/<id:case_id>/notify")
@requires(Action.CASE_HANDLE)
def notify_outcome(case_id: int) -> Response:
    """Write down that the complainant was told; the letter as it stands is kept with the case."""
    name, form = "notify_outcome", sent_form(case_id, "notify_outcome")
    if not form.validate():
        return case_page(case_id, refused=(name, form), status=422)
    try:
        letter, pages = _printed_letter(case_id, form)
    except PrintFailed:
        return case_page(
            case_id, refused=(name, form), trouble=_("告知书没有印出来，什么都没有保存。请再试一次。"), status=503
        )

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.notify_outcome(
            session, actor, case_id, form.telling(), letter, pages=pages, version=form.seen_version(), now=now()
        )

    return take_with(case_id, name, form, step, _("告知记录已保存，告知书已存入附件。"))


@screen.post("/casework/<id:case_id>/deliver")
@requires(Action.CASE_HANDLE)
def deliver_outcome(case_id: int) -> Response:
    """Write down when the letter arrived."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        day, proof, version = form.delivered_on.data, form.proof.data or "", form.seen_version()
        services.deliver(session, actor, case_id, day, proof, version=version, now=now())

    return take_outcome(case_id, "deliver", step, _("送达日期已记录。"))


@screen.get("/casework/<id:case_id>/letter/<kind>.pdf")
@requires(Action.CASE_VIEW)
def print_letter(case_id: int, kind: str) -> Response:
    """Send a letter of the case, or its register sheet; nothing is drawn for who asks for the headers only."""
    session, actor = reading(), the_actor()
    require_seen(session, actor, case_id)
    if kind == SHEET:
        sheet = sheet_of(session, case_id, masked=True, now=now())
        name = sheet.number
    else:
        letter = letter_of(session, actor, case_id, kind, now=now())
        name = letter.number
    pdf = b""
    if request.method != "POST":
        printer = _tools().printer
        pdf = (printer.print_case(sheet) if kind == SHEET else printer.print_letter(letter))[0]
        with writing() as changing:
            services.note_letter(changing, actor, case_id, kind, now=now())
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    ascii_name = name if name.isascii() else f"{kind}-{encode_id(case_id)}"
    response.headers["Content-Disposition"] = f'inline; filename="{ascii_name}.pdf"'
    return response


def _printed_letter(case_id: int, form: Any) -> tuple[StoredBlob | None, int]:
    """Return the letter that is told of, in the store; None when the state allows none, which the service refuses."""
    session, actor, moment = reading(), the_actor(), now()
    told_on = office_day(form.told_at.data) if form.told_at.data else None
    for kind in ("decision", "declined"):
        try:
            letter = letter_of(session, actor, case_id, kind, now=moment, told_on=told_on)
        except NotFound:
            continue
        pdf, pages = _tools().printer.print_letter(letter)
        return _tools().files.put(io.BytesIO(pdf)), pages
    return None, 1


def _tools() -> Tools:
    tools: Tools = current_app.extensions["tools"]
    return tools
