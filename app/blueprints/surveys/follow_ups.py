"""Follow-ups 跟进: the list, one with what was answered, taking it, closing it with a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.surveys.asking_forms import ResultForm
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.queries import follow_ups as queries
from app.queries.branches import branches_for
from app.services import follow_ups as services
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.forms import EditForm
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing


@screen.get("/surveys/follow-ups")
@requires(Action.FOLLOW_UP_DO)
def list_follow_ups() -> str:
    """Show what is to be done, the open ones unless something else is asked for."""
    actor, args = the_actor(), request.args
    wanted = queries.FollowUpFilter(
        state=args.get("state", "open")[:10],
        whose=args.get("whose", "")[:10],
        branch_id=number_argument("branch"),
        reason=args.get("reason", "")[:12],
    )
    return render_template(
        "surveys/_follow_up_rows.html" if is_fragment() else "surveys/list_follow_ups.html",
        page=queries.list_follow_ups(reading(), actor, wanted, today=today(), cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "surveys.list_follow_ups",
            sort="",
            state=wanted.state if wanted.state != "open" else "",
            whose=wanted.whose,
            branch=wanted.branch_id,
            reason=wanted.reason,
        ),
        branches=branches_for(reading(), actor, Action.FOLLOW_UP_DO),
        today=today(),
        labels=LABELS,
    )


@screen.get("/surveys/follow-ups/<id:follow_up_id>")
@requires(Action.FOLLOW_UP_DO)
def show_follow_up(follow_up_id: int) -> str:
    """Show one follow-up with the answer that asks for it."""
    return _page(follow_up_id)


@screen.post("/surveys/follow-ups/<id:follow_up_id>/take")
@requires(Action.FOLLOW_UP_DO)
def take_follow_up(follow_up_id: int) -> Response:
    """Put a follow-up on one's own list."""
    form = EditForm.from_request()

    def step(session: Session) -> None:
        services.take(session, the_actor(), follow_up_id, version=form.seen_version(), now=now())

    return _step(follow_up_id, form, step, _("已领取，请按期办结。"))


@screen.post("/surveys/follow-ups/<id:follow_up_id>/finish")
@requires(Action.FOLLOW_UP_DO)
def finish_follow_up(follow_up_id: int) -> Response:
    """Close a follow-up with its result."""
    form = ResultForm.from_request()

    def step(session: Session) -> None:
        result, version = form.result.data or "", form.seen_version()
        services.finish(session, the_actor(), follow_up_id, result, version=version, now=now())

    return _step(follow_up_id, form, step, _("已办结。"))


def _step(follow_up_id: int, form: EditForm, step: Callable[[Session], None], done: str) -> Response:
    if form.validate():
        try:
            with writing() as session:
                step(session)
            flash(done, "ok")
            return redirect(url_for(".show_follow_up", follow_up_id=follow_up_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            return make_response(_page(follow_up_id, _typed(form), trouble=trouble_of(wrong)), 409)
    return make_response(_page(follow_up_id, _typed(form)), 422)


def _typed(form: EditForm) -> ResultForm | None:
    """Return the form in which something was typed; a button has nothing to keep."""
    return form if isinstance(form, ResultForm) else None


def _page(follow_up_id: int, form: ResultForm | None = None, *, trouble: Any = "") -> str:
    follow_up = queries.read_follow_up(reading(), the_actor(), follow_up_id)
    form = form or ResultForm()
    form.show_version(follow_up.version)
    return render_template(
        "surveys/show_follow_up.html",
        follow_up=follow_up,
        form=form,
        trouble=trouble,
        is_mine=follow_up.owner_id == the_actor().account_id,
        is_seller=follow_up.agent_id == the_actor().account_id,
        further=_further(follow_up),
        today=today(),
        labels=LABELS,
    )


def _further(follow_up: queries.FollowUpDetail) -> list[tuple[str, str]]:
    """Return the screens on which a follow-up may become more, each with its address."""
    customer = {"customer": encode_id(follow_up.customer_id)} if follow_up.customer_id else {}
    screens: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("casework.new_case", _("登记投诉"), {"follow_up": encode_id(follow_up.id)}),
        ("consultations.new_consultation", _("登记咨询"), {}),
    )
    return [
        (label, url_for(endpoint, _external=None, **{**customer, **extra}))
        for endpoint, label, extra in screens
        if endpoint in current_app.view_functions
    ]
