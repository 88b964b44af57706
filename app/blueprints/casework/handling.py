"""The steps of handling a case: one route each, all answered by the page of the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.casework.handling_forms import FORMS
from app.blueprints.casework.page import case_page
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries.case_detail import read_case, require_seen
from app.services import case_handling as services
from app.services import case_merging, case_pauses
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

Step = Callable[[Session, Actor, Any], object]


@screen.post("/casework/<id:case_id>/accept")
@requires(Action.CASE_HANDLE)
def accept_case(case_id: int) -> Response:
    """受理."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        declares = "declares" in form and bool(form.declares.data)
        services.accept(session, actor, case_id, declares=declares, **_when(form))

    return take(case_id, "accept", step, _("已受理，请按期限办理。"))


@screen.post("/casework/<id:case_id>/declare")
@requires(Action.CASE_HANDLE)
def declare_case(case_id: int) -> Response:
    """回避声明."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.declare(
            session, actor, case_id, declares=bool(form.declares.data), version=form.seen_version(), now=now()
        )

    return take(case_id, "declare", step, _("回避声明已记录。"))


@screen.post("/casework/<id:case_id>/decline")
@requires(Action.CASE_HANDLE)
def decline_case(case_id: int) -> Response:
    """不予办理."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        exception, reason = form.exception.data or "", form.reason.data or ""
        services.decline(session, actor, case_id, exception=exception, reason=reason, **_when(form))

    return take(case_id, "decline", step, _("已决定不予办理，请告知投诉人。"))


@screen.post("/casework/<id:case_id>/withdraw")
@requires(Action.CASE_HANDLE)
def withdraw_case(case_id: int) -> Response:
    """撤回."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.withdraw(
            session,
            actor,
            case_id,
            by=form.by.data or "",
            proof=form.proof.data or "",
            reason=form.reason.data or "",
            **_when(form),
        )

    return take(case_id, "withdraw", step, _("投诉已撤回，程序当日终止。"))


@screen.post("/casework/<id:case_id>/transfer")
@requires(Action.CASE_HANDLE)
def transfer_case(case_id: int) -> Response:
    """内部移送."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        branch_id = form.branch_id.data or 0
        services.transfer(session, actor, case_id, branch_id=branch_id, reason=form.reason.data or "", **_when(form))

    return take(case_id, "transfer", step, _("已移送，对方负责人收到通知；期限照常计算。"))


@screen.post("/casework/<id:case_id>/classify")
@requires(Action.CASE_HANDLE)
def classify_case(case_id: int) -> Response:
    """情况复杂."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.classify(session, actor, case_id, reason=form.reason.data or "", **_when(form))

    return take(case_id, "classify", step, _("已认定情况复杂。"))


@screen.post("/casework/<id:case_id>/pause")
@requires(Action.CASE_HANDLE)
def pause_case(case_id: int) -> Response:
    """中止."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        case_pauses.pause(
            session,
            actor,
            case_id,
            ground=form.ground.data or "",
            about=form.about.data or "",
            proof=form.proof.data or "",
            telling=form.telling(),
            **_when(form),
        )

    return take(case_id, "pause", step, _("已中止计时。"))


@screen.post("/casework/<id:case_id>/resume")
@requires(Action.CASE_HANDLE)
def resume_case(case_id: int) -> Response:
    """恢复."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        case_pauses.resume(
            session, actor, case_id, pause=form.pause.data or "", proof=form.proof.data or "", **_when(form)
        )

    return take(case_id, "resume", step, _("已恢复计时。"))


@screen.post("/casework/<id:case_id>/new-facts")
@requires(Action.CASE_HANDLE)
def add_new_facts(case_id: int) -> Response:
    """新的事实和理由."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.add_new_facts(session, actor, case_id, reason=form.reason.data or "", **_when(form))

    return take(case_id, "new_facts", step, _("已记录新的事实和理由，请看期限如何变化。"))


@screen.post("/casework/<id:case_id>/agree-notice")
@requires(Action.CASE_HANDLE)
def agree_notice(case_id: int) -> Response:
    """约定告知日."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.agree_notice(
            session, actor, case_id, agreed_on=form.agreed_on.data, proof=form.proof.data or "", **_when(form)
        )

    return take(case_id, "agree_notice", step, _("已记录约定的告知日。"))


@screen.post("/casework/<id:case_id>/merge")
@requires(Action.CASE_HANDLE)
def merge_case(case_id: int) -> Response:
    """合并."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        case_merging.merge(
            session,
            actor,
            case_id,
            direction=form.direction.data or "",
            other=form.other.data or "",
            reason=form.reason.data or "",
            **_when(form),
        )

    return take(case_id, "merge", step, _("两件投诉已合并。"))


@screen.post("/casework/<id:case_id>/strike")
@requires(Action.CASE_HANDLE)
def strike_event(case_id: int) -> Response:
    """划去 of a line that was written down by mistake."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        try:
            event_id = decode_id(form.event.data or "")
        except ValueError:
            raise Invalid.field("event", "case.choice") from None
        case_pauses.strike_case_event(
            session,
            actor,
            case_id,
            event_id,
            reason=form.reason.data or "",
            version=form.seen_version(),
            now=now(),
        )

    return take(case_id, "strike", step, _("已划去，期限已重新计算。"))


def take(case_id: int, name: str, step: Step, done: str) -> Response:
    """Take a step with the form `name` and go to the case, or show the case again with what is wrong.

    Who can no longer see the case after the step, having handed it on, goes to the list.
    """
    actor = the_actor()
    case = read_case(reading(), actor, case_id, now=now())
    form = FORMS[name].from_request()
    form.offer(reading(), case)
    if not form.validate():
        return case_page(case_id, refused=(name, form), status=422)
    try:
        with writing() as session:
            step(session, actor, form)
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        return case_page(case_id, refused=(name, form), status=422)
    except WrongState as wrong:
        return case_page(case_id, refused=(name, form), trouble=trouble_of(wrong), status=409)
    flash(done, "ok")
    return make_response(redirect(_next(case_id), 303))


def _next(case_id: int) -> str:
    try:
        require_seen(reading(), the_actor(), case_id)
    except NotFound:
        return url_for(".list_cases")
    return url_for(".show_case", case_id=case_id)


def _when(form: Any) -> dict[str, Any]:
    """Return what every step takes: its moment, the version that was seen, and the time."""
    return {"at": form.moment.data, "version": form.seen_version(), "now": now()}
