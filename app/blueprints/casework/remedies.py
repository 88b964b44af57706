"""溯源整改: root cause and measures of a case, closing it, and the list of remedial actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.casework.outcome_steps import take_outcome
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import case_remedies as queries
from app.queries.branches import branches_for
from app.services import case_remedies as services
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.forms import BaseForm, stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

STATES: dict[str, Any] = {
    queries.OPEN: _l("整改中"),
    queries.OVERDUE: _l("整改逾期"),
    queries.TO_CHECK: _l("待复核"),
    queries.CHECKED: _l("已复核"),
}
TONES = {queries.OPEN: "info", queries.OVERDUE: "seal", queries.TO_CHECK: "warn", queries.CHECKED: "ok"}


class FinishForm(BaseForm):
    """A measure is done."""

    result = TextAreaField(
        _l("整改结果"), [InputRequired(_l("请写明整改结果。")), Length(max=2000)], filters=[stripped]
    )
    done_on = DateField(_l("完成日期"), [Optional()], description=_l("不填为今天"))


class CheckForm(BaseForm):
    """Somebody else looked at it."""

    verdict = RadioField(
        _l("复核结论"),
        [InputRequired(_l("请选择通过或退回。"))],
        choices=[("pass", _l("整改到位，复核通过")), ("back", _l("不到位，退回重做"))],
    )
    reason = TextAreaField(
        _l("复核意见"), [Optional(), Length(max=500)], filters=[stripped], description=_l("退回时必填")
    )


@screen.post("/casework/<id:case_id>/root-cause")
@requires(Action.CASE_HANDLE)
def record_root_cause(case_id: int) -> Response:
    """溯源."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.record_root_cause(session, actor, case_id, form.typed(), version=form.seen_version(), now=now())

    return take_outcome(case_id, "root_cause", step, _("溯源已保存。"))


@screen.post("/casework/<id:case_id>/remedies")
@requires(Action.CASE_HANDLE)
def add_remedy(case_id: int) -> Response:
    """Plan a remedial action."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        version = form.seen_version()
        services.add_remedy(session, actor, case_id, form.planned(), version=version, now=now(), today=today())

    return take_outcome(case_id, "remedy", step, _("整改措施已下达，责任人收到通知。"))


@screen.post("/casework/<id:case_id>/close")
@requires(Action.CASE_HANDLE)
def close_case(case_id: int) -> Response:
    """办结."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        why, version = form.why_no_remedy.data or "", form.seen_version()
        services.close_case(session, actor, case_id, why, version=version, now=now())

    return take_outcome(case_id, "close", step, _("已办结，正在自动归档。"))


@screen.get("/casework/remedies")
@requires(Action.CASE_VIEW)
def list_remedies() -> str:
    """Show remedial actions: one's own, and those one answers for."""
    actor, args = the_actor(), request.args
    wanted = queries.RemedyFilter(
        whose=args.get("whose", ""), state=args.get("state", ""), branch_id=number_argument("branch")
    )
    return render_template(
        "casework/_remedy_rows.html" if is_fragment() else "casework/list_remedies.html",
        page=queries.list_remedies(reading(), actor, wanted, today=today(), cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "casework.list_remedies", sort="", whose=wanted.whose, state=wanted.state, branch=wanted.branch_id
        ),
        branches=branches_for(reading(), actor, Action.CASE_VIEW),
        states=STATES,
        tones=TONES,
    )


@screen.get("/casework/remedies/<id:remedy_id>")
@requires(Action.CASE_VIEW)
def show_remedy(remedy_id: int) -> Response:
    """Show one remedial action with what is to be done with it now."""
    return _page(remedy_id)


@screen.post("/casework/remedies/<id:remedy_id>/finish")
@requires(Action.CASE_VIEW)
def finish_remedy(remedy_id: int) -> Response:
    """Say that it is done."""
    form = FinishForm.from_request()

    def step(session: Session) -> None:
        result, done_on = form.result.data or "", form.done_on.data
        services.finish_remedy(session, the_actor(), remedy_id, result, done_on, now=now(), today=today())

    return _take(remedy_id, form, step, _("已登记完成，等待负责人复核。"))


@screen.post("/casework/remedies/<id:remedy_id>/check")
@requires(Action.CASE_APPROVE)
def check_remedy(remedy_id: int) -> Response:
    """Confirm that it is done, or send it back."""
    form = CheckForm.from_request()
    passed = form.verdict.data == "pass"

    def step(session: Session) -> None:
        reason = form.reason.data or ""
        services.check_done(session, the_actor(), remedy_id, passed=passed, reason=reason, now=now())

    return _take(remedy_id, form, step, _("复核通过。") if passed else _("已退回责任人重做。"))


def _take(remedy_id: int, form: BaseForm, step: Callable[[Session], None], done: str) -> Response:
    queries.read_remedy(reading(), the_actor(), remedy_id, today=today())
    if not form.validate():
        return _page(remedy_id, form, status=422)
    try:
        with writing() as session:
            step(session)
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        return _page(remedy_id, form, status=422)
    except WrongState as wrong:
        return _page(remedy_id, trouble=trouble_of(wrong), status=409)
    flash(done, "ok")
    return redirect(url_for(".show_remedy", remedy_id=remedy_id), 303)


def _page(remedy_id: int, form: BaseForm | None = None, *, trouble: Any = "", status: int = 200) -> Response:
    remedy = queries.read_remedy(reading(), the_actor(), remedy_id, today=today())
    finish = form if isinstance(form, FinishForm) else FinishForm()
    check = form if isinstance(form, CheckForm) else CheckForm()
    page = render_template(
        "casework/show_remedy.html",
        remedy=remedy,
        form=form,
        finish=finish if remedy.may_finish else None,
        check=check if remedy.may_check else None,
        trouble=trouble,
        states=STATES,
        tones=TONES,
    )
    return make_response(page, status)
