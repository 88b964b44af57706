"""Figures of a period, by branch and by every dimension; ordering the report."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.figures.forms import ReportForm
from app.blueprints.figures.labels import DIMENSIONS, PERIODS, VALUES
from app.blueprints.figures.screen import screen
from app.blueprints.figures.tiles import service_lines, tiles_of
from app.domain.errors import NotFound, WrongState
from app.domain.figures import Period, PeriodKind
from app.domain.policy import Action
from app.queries.branches import branches_for
from app.queries.casework_report import Report, read_report
from app.services.reports import order_report
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.transactions import reading, writing


@screen.get("/figures")
@requires(Action.CASE_FIGURES)
def show_figures() -> str:
    """Show the figures of a month, quarter or year."""
    session, actor = reading(), the_actor()
    branches = branches_for(session, actor, Action.CASE_FIGURES)
    branch_id = number_argument("branch")
    if branch_id not in dict(branches):
        branch_id = None
    period = _period(request.args.get("kind", ""))
    report = read_report(session, actor, period, branch_id, today=today())
    page = "figures/_figures.html" if is_fragment() else "figures/show_figures.html"
    return render_template(
        page,
        report=report,
        period=period,
        branch_id=branch_id,
        branches=branches,
        periods=PERIODS,
        tiles=tiles_of(report),
        groups=[(name, label, _rows(report, name)) for name, label in DIMENSIONS.items()],
        months=_scaled([(month, tally) for month, tally in report.months.items()]),
        service=service_lines(report),
        form=ReportForm(data={"kind": period.kind.value, "first": period.first, "branch_id": branch_id}),
    )


@screen.post("/figures/reports")
@requires(Action.CASE_FIGURES)
def order() -> Response:
    """Order the report of a period; it is made in the background and fetched among one's registers."""
    form = ReportForm.from_request()
    if not form.validate():
        raise NotFound
    wanted = form.order()
    try:
        with writing() as session:
            order_report(
                session, the_actor(), wanted, str(form.register.data), lifetime=settings().export_lifetime, now=now()
            )
    except WrongState:
        flash(_("您已有 3 份台账正在生成，请等其中一份完成后再打印。"), "warn")
        back = url_for(".show_figures", kind=form.kind.data, day=form.first.data, branch=form.branch_id.data)
        return redirect(back, 303)
    flash(_("已开始生成，完成后在下方下载。"), "ok")
    return redirect(url_for("registers.list_registers"), 303)


def _period(kind: str) -> Period:
    try:
        known = PeriodKind(kind)
    except ValueError:
        known = PeriodKind.QUARTER
    day = day_argument("day") or today()
    # Years beyond these no office has, and a period beside them would leave the calendar.
    return Period.around(known, day if 1900 <= day.year <= 2999 else today())


def _rows(report: Report, name: str) -> list[dict[str, Any]]:
    """Return the groups of a dimension, largest first, with what they are called in the reader's language."""
    labels = VALUES.get(name) or report.names[name]
    groups = sorted(report.counted[name].items(), key=lambda item: (-item[1].received, item[0]))
    return [{**row, "label": labels.get(row["value"]) or _("未填")} for row in _scaled(groups)]


def _scaled(groups: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    longest = max((tally.received for _value, tally in groups), default=0)
    return [
        {"value": value, "tally": tally, "width": round(100 * tally.received / longest) if longest else 0}
        for value, tally in groups
    ]
