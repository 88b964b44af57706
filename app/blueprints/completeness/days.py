"""The days of what is owed: waited for, reminded."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.blueprints.completeness.forms import DaysForm
from app.blueprints.completeness.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound
from app.domain.policy import Action
from app.services.completeness_rules import require_may_change
from app.services.missing_settings import NAMES, change_missing_setting
from app.services.settings import MISSING_DUE_DAYS, MISSING_REMINDERS, in_force
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

TITLES: dict[str, Any] = {MISSING_DUE_DAYS: _l("欠件等待天数"), MISSING_REMINDERS: _l("催缴日程")}
HINTS: dict[str, Any] = {
    MISSING_DUE_DAYS: _l("缺件归档和补件通知默认的期限，从当天算起的自然日。"),
    MISSING_REMINDERS: _l(
        "以应补日期为 0，从小到大写，用空格分开：-7 -1 0 7 15 表示到期前 7 天、1 天、当天和逾期第 7、15 天各提醒一次。"
    ),
}


@screen.route("/completeness/rules/days/<name>", methods=("GET", "POST"))
@requires(Action.INTAKE_RULES)
def edit_days(name: str) -> Response:
    """Change how many days."""
    if name not in NAMES:
        raise NotFound
    require_may_change(reading(), the_actor())
    kept = in_force(reading(), name)
    if request.method != "POST":
        return _page(DaysForm(data={"value": kept.value, "basis": kept.basis, "version": kept.version}), name)
    form = DaysForm.from_request()
    if form.validate():
        try:
            _change(form, name)
            flash(_("已保存，今后按新的天数办理。"), "ok")
            return redirect(url_for(".list_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_days", name=name)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _page(form, name)


def _change(form: DaysForm, name: str) -> None:
    typed = str(form.value.data), form.basis.data or ""
    with writing() as session:
        change_missing_setting(session, the_actor(), name, *typed, version=form.seen_version(), now=now())


def _page(form: DaysForm, name: str) -> Response:
    page = render_template("completeness/edit_days.html", form=form, name=name, title=TITLES[name], hint=HINTS[name])
    return make_response(page, 422 if form.errors else 200)
