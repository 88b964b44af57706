"""The days of lending that are the same for every rule: kept ready, reminded."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.blueprints.borrowing.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound
from app.domain.loan_terms import reminder_days
from app.domain.policy import Action
from app.services.loan_rules import require_may_change
from app.services.loan_settings import NAMES, change_loan_setting
from app.services.settings import READY_DAYS, REMINDER_DAYS, in_force
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.forms import EditForm, stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

TITLES: dict[str, Any] = {READY_DAYS: _l("待领取保留天数"), REMINDER_DAYS: _l("催还日程")}
HINTS: dict[str, Any] = {
    READY_DAYS: _l("借阅人接到通知后，材料在出纳台保留几个工作日；过期轮到下一位。"),
    REMINDER_DAYS: _l("以应还日为 0，从小到大写，用空格分开：-1 1 7 15 表示到期前一天、逾期第 1、7、15 天各催一次。"),
}


class DaysForm(EditForm):
    """One of the settings."""

    value = StringField(
        _l("天数"),
        [InputRequired(_l("请填写天数。")), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    basis = TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )


@screen.route("/borrowing/rules/days/<name>", methods=("GET", "POST"))
@requires(Action.LOAN_RULES)
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


def in_words(name: str, value: str) -> str:
    """Return a setting as people say it: how many days, or before and after which day somebody is reminded."""
    if name != REMINDER_DAYS:
        return str(_("%(n)s 个工作日", n=value))
    days = reminder_days(value)
    early, late = ([str(abs(day)) for day in days if (day > 0) is is_late and day] for is_late in (False, True))
    said = [_("到期前 %(days)s 天", days=_("、").join(early))] if early else []
    said += [_("到期当天")] if 0 in days else []
    said += [_("逾期第 %(days)s 天", days=_("、").join(late))] if late else []
    return str(_("，").join(said))


def _change(form: DaysForm, name: str) -> None:
    typed = str(form.value.data), form.basis.data or ""
    with writing() as session:
        change_loan_setting(session, the_actor(), name, *typed, version=form.seen_version(), now=now())


def _page(form: DaysForm, name: str) -> Response:
    page = render_template("borrowing/edit_days.html", form=form, name=name, title=TITLES[name], hint=HINTS[name])
    return make_response(page, 422 if form.errors else 200)
