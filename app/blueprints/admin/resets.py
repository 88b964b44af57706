"""Resets of a sign-in by four eyes 登录重置: asking, and the list from which a second person confirms."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.admin.forms import ResetForm
from app.blueprints.admin.labels import RESET_STATES, RESET_TONES
from app.blueprints.admin.slip import activation_slip
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import sign_in_resets as queries
from app.queries.accounts import read_account
from app.services import sign_in_resets as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@requires(Action.SIGN_IN_RESET)
def ask_reset(account_id: int) -> AnyResponse:
    """Ask for the reset of somebody's sign-in."""
    form = ResetForm.from_request()
    trouble: WrongState | None = None
    if request.method == "POST" and form.validate():
        try:
            with writing() as session:
                services.ask_reset(
                    session, the_actor(), account_id, form.reason.data or "", now=now(), rules=settings().sign_in
                )
            flash(_("已提出申请，请另一位安全保密管理员或该机构负责人确认。"), "ok")
            return redirect(url_for("admin.list_resets"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as refused:
            trouble = refused
    account = read_account(reading(), the_actor(), account_id)
    page = render_template("admin/ask_reset.html", form=form, account=account, trouble=trouble_of(trouble))
    return make_response(page, 409 if trouble else 422 if form.errors else 200)


@requires(Action.SIGN_IN_RESET_CONFIRM)
def list_resets() -> Response:
    """Show what waits for a second person, and what was decided lately."""
    return _page()


@requires(Action.SIGN_IN_RESET_CONFIRM)
def confirm_reset(reset_id: int) -> AnyResponse:
    """Confirm as the second person; the answer shows the new activation code, this once."""
    try:
        with writing() as session:
            account_id, code = services.confirm_reset(
                session, the_actor(), reset_id, now=now(), rules=settings().sign_in
            )
    except WrongState as trouble:
        return _page(trouble)
    return activation_slip(account_id, code, url_for("admin.list_resets"))


@requires(Action.SIGN_IN_RESET_CONFIRM)
def refuse_reset(reset_id: int) -> AnyResponse:
    """Turn a wish down."""
    reason = request.form.get("reason", "")
    return _decide(
        lambda session: services.refuse_reset(session, the_actor(), reset_id, reason, now=now()), _("已驳回。")
    )


@requires(Action.SIGN_IN_RESET)
def withdraw_reset(reset_id: int) -> AnyResponse:
    """Take one's own wish back."""
    return _decide(lambda session: services.withdraw_reset(session, the_actor(), reset_id, now=now()), _("已撤回。"))


def _decide(step: Callable[[Session], None], told: str) -> AnyResponse:
    try:
        with writing() as session:
            step(session)
    except (Invalid, WrongState) as trouble:
        return _page(trouble)
    flash(told, "ok")
    return redirect(url_for("admin.list_resets"), 303)


def _page(trouble: Invalid | WrongState | None = None) -> Response:
    actor, at = the_actor(), now()
    page = render_template(
        "admin/list_resets.html",
        waiting=queries.waiting_resets(reading(), actor, now=at),
        decided=queries.decided_resets(reading(), actor, now=at),
        states=RESET_STATES,
        tones=RESET_TONES,
        trouble=trouble_of(trouble),
    )
    return make_response(page, 200 if trouble is None else 422 if isinstance(trouble, Invalid) else 409)
