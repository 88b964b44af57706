"""What the sorter learnt 自动分类: its versions, learning at once, going back."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.completeness_rules import may_change_rules
from app.services import sorter_versions as services
from app.services.completeness_rules import require_may_change
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.get("/completeness/sorter")
@requires(Action.INTAKE_VIEW)
def list_versions() -> str:
    """Show the versions."""
    return _page()


@screen.post("/completeness/sorter/learn")
@requires(Action.INTAKE_RULES)
def learn_now() -> Response:
    """Ask for a lesson."""
    require_may_change(reading(), the_actor())
    try:
        with writing() as session:
            services.learn_now(session, the_actor(), now=now())
    except WrongState as wrong:
        return make_response(_page(trouble_of(wrong)), 422)
    flash(_("已安排学习，完成后在此显示新版本。"), "ok")
    return redirect(url_for(".list_versions"), 303)


@screen.post("/completeness/sorter/back")
@requires(Action.INTAKE_RULES)
def go_back() -> Response:
    """Take the version before into use."""
    require_may_change(reading(), the_actor())
    text = request.form.get("version", "")
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        with writing() as session:
            row = services.go_back(session, the_actor(), request.form.get("reason", ""), seen=seen, now=now())
            number = row.number
    except (Invalid, WrongState) as refused:
        return make_response(_page(trouble_of(refused)), 422)
    flash(_("已恢复使用第 %(n)s 版。", n=number), "ok")
    return redirect(url_for(".list_versions"), 303)


def _page(trouble: Any = "") -> str:
    session = reading()
    return render_template(
        "completeness/list_versions.html",
        found=services.versions_of(session),
        may_change=may_change_rules(session, the_actor()),
        trouble=trouble,
    )
