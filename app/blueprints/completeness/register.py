"""欠件台账: what is owed, deciding on waivers, waiting longer."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.forms import DueForm
from app.blueprints.completeness.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.policy import Action
from app.queries import missing as queries
from app.queries.branches import branches_for
from app.services import missing as services
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now, today
from app.web.completeness_labels import LABELS
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.get("/completeness/missing")
@requires(Action.MISSING_VIEW)
def list_missing() -> Response:
    """Show what is owed, the earliest day first."""
    return _page()


@screen.post("/completeness/missing/<id:missing_id>/waiver")
@requires(Action.MISSING_WAIVE)
def decide_waiver(missing_id: int) -> Response:
    """Grant or refuse to do without a paper."""
    granted = request.form.get("verdict") == "granted"
    try:
        with writing() as session:
            services.decide_waiver(
                session,
                the_actor(),
                missing_id,
                granted=granted,
                reason=stripped(request.form.get("reason")),
                version=_version(),
                now=now(),
            )
    except (Invalid, WrongState) as wrong:
        return _page(trouble_of(wrong), 422)
    except ChangedMeanwhile:
        return _page(_("这份欠件刚刚有变化，请核对后再办理。"), 409)
    flash(_("已同意免附。") if granted else _("未同意免附，仍按欠件催缴。"), "ok")
    return redirect(url_for(".list_missing", state="waiver"), 303)


@screen.post("/completeness/missing/<id:missing_id>/due")
@requires(Action.MISSING_EDIT)
def move_due(missing_id: int) -> Response:
    """Wait until another day."""
    form = DueForm.from_request()
    if not form.validate() or form.due_on.data is None:
        return _page(next(error for field in form for error in field.errors), 422)
    try:
        with writing() as session:
            services.move_due(
                session,
                the_actor(),
                missing_id,
                form.due_on.data,
                form.reason.data or "",
                version=form.seen_version(),
                now=now(),
                today=today(),
            )
    except (Invalid, WrongState) as wrong:
        return _page(trouble_of(wrong), 422)
    except ChangedMeanwhile:
        return _page(_("这份欠件刚刚有变化，请核对后再办理。"), 409)
    flash(_("应补日期已改。"), "ok")
    return redirect(url_for(".list_missing"), 303)


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(trouble: Any = "", status: int = 200) -> Response:
    actor, args, session = the_actor(), request.args, reading()
    wanted = queries.MissingFilter(
        state=args.get("state") or queries.OWED,
        business=args.get("business", ""),
        branch_id=number_argument("branch"),
        due_before=day_argument("before"),
    )
    sort = args.get("sort", "due")
    page = render_template(
        "completeness/_missing_rows.html" if is_fragment() and not trouble else "completeness/list_missing.html",
        page=queries.list_missing(session, actor, wanted, today(), sort=sort, cursor=current_cursor()),
        counts=queries.count_missing(session, actor, today()),
        wanted=wanted,
        turn=listing(
            "completeness.list_missing",
            sort=sort,
            state=wanted.state,
            business=wanted.business,
            branch=wanted.branch_id,
            before=wanted.due_before,
        ),
        branches=branches_for(session, actor, Action.MISSING_VIEW),
        trouble=trouble,
        labels=LABELS,
        today=today(),
    )
    return make_response(page, status)
