"""Checking batches 审核校对: handing in, the sample and its verdicts, the rates."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.blueprints.intake.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action, Target, may
from app.queries.batch_checks import read_check
from app.services import batch_checks as services
from app.services.settings import CHECK_PASS, CHECK_RATE, in_force
from app.web import check_labels
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.forms import BaseForm, EditForm, stripped
from app.web.identity import the_actor
from app.web.labels import LEVELS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


class VerdictForm(BaseForm):
    """What the checker found of one item."""

    verdict = RadioField(_l("结论"), choices=[("good", _l("合格")), ("bad", _l("不合格"))])
    defects = SelectMultipleField(
        _l("缺陷"),
        choices=list(check_labels.DEFECTS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = StringField(_l("说明"), [Length(max=200)], filters=[stripped], description=_l("发回返工时给著录人看。"))


class RatesForm(EditForm):
    """How much of a batch is looked at, and how good it must be."""

    rate = IntegerField(_l("抽检比例（%）"), [InputRequired(_l("请填写抽检比例。"))])
    pass_rate = IntegerField(_l("合格率（%）"), [InputRequired(_l("请填写合格率。"))])
    basis = StringField(_l("依据"), [InputRequired(_l("请写明依据。")), Length(max=200)], filters=[stripped])
    pass_version = StringField()


@screen.post("/intake/batches/<id:batch_id>/hand-in")
@requires(Action.INTAKE_WORK)
def hand_in(batch_id: int) -> Response:
    """Hand a batch in for its check."""
    with writing() as session:
        services.hand_in(session, the_actor(), batch_id, now=now())
    flash(_("已送检，请另一位同事抽查。"), "ok")
    return redirect(url_for("intake.show_batch", batch_id=batch_id), 303)


@screen.post("/intake/batches/<id:batch_id>/take-back")
@requires(Action.INTAKE_WORK)
def take_back(batch_id: int) -> Response:
    """Take a batch back before its check has begun."""
    with writing() as session:
        services.take_back(session, the_actor(), batch_id, now=now())
    flash(_("已撤回送检，可以继续整理。"), "info")
    return redirect(url_for("intake.show_batch", batch_id=batch_id), 303)


@screen.post("/intake/batches/<id:batch_id>/check")
@requires(Action.INTAKE_CHECK)
def begin_check(batch_id: int) -> Response:
    """Draw the sample and begin."""
    with writing() as session:
        check_id = services.begin_check(session, the_actor(), batch_id, now=now())
    return redirect(url_for("intake.show_check", check_id=check_id), 303)


@screen.get("/intake/checks/<id:check_id>")
@requires(Action.INTAKE_CHECK)
def show_check(check_id: int) -> Response:
    """Show the sample of a check."""
    return _page(check_id)


@screen.post("/intake/checks/<id:check_id>/items/<id:item_id>")
@requires(Action.INTAKE_CHECK)
def judge_item(check_id: int, item_id: int) -> Response:
    """Write down what was found of one item, and go on to the next without a verdict."""
    form = VerdictForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                services.judge_item(
                    session,
                    the_actor(),
                    check_id,
                    item_id,
                    good=form.verdict.data == "good",
                    defects=form.defects.data or [],
                    note=form.note.data or "",
                    now=now(),
                )
            return redirect(url_for(".show_check", check_id=check_id, _anchor="next"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return _page(check_id, refused=(item_id, form), status=422)


@screen.post("/intake/checks/<id:check_id>/end")
@requires(Action.INTAKE_CHECK)
def end_check(check_id: int) -> Response:
    """End the check: accept the batch or send it back."""
    with writing() as session:
        good = services.end_check(session, the_actor(), check_id, note=request.form.get("note", ""), now=now())
    batch_id = read_check(reading(), the_actor(), check_id).batch_id
    flash(_("抽检合格，正在归档。") if good else _("抽检不合格，已退回返工。"), "ok" if good else "warn")
    return redirect(url_for("intake.show_batch", batch_id=batch_id), 303)


@screen.route("/intake/check-rates", methods=["GET", "POST"])
@requires(Action.INTAKE_RULES)
def edit_rates() -> Response:
    """Change how much is looked at, and how good it must be; the head office's archivist decides."""
    session = reading()
    services.require_may_change(session, the_actor())
    rate, good = in_force(session, CHECK_RATE), in_force(session, CHECK_PASS)
    form = RatesForm.from_request()
    if request.method != "POST":
        form = RatesForm(data={"rate": int(rate.value), "pass_rate": int(good.value), "basis": rate.basis})
        form.show_version(rate.version)
        form.pass_version.data = str(good.version)
    elif form.validate():
        try:
            _change(form)
            flash(_("已保存，今后开始的质检按新的比例。"), "ok")
            return redirect(url_for("intake.list_batches"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_rates")
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(render_template("intake/edit_rates.html", form=form), 422 if form.errors else 200)


def _change(form: RatesForm) -> None:
    seen = str(form.pass_version.data or "")
    versions = (form.seen_version(), int(seen) if seen.isdecimal() else 0)
    with writing() as session:
        services.change_rates(
            session,
            the_actor(),
            form.rate.data or 0,
            form.pass_rate.data or 0,
            form.basis.data or "",
            versions=versions,
            now=now(),
        )


def _page(check_id: int, *, refused: tuple[int, Any] | None = None, status: int = 200) -> Response:
    detail = read_check(reading(), the_actor(), check_id)
    mine = detail.check.is_mine and detail.check.ended_at is None
    forms = {item.item_id: _verdict_form(item) for item in detail.items if mine and not item.hidden}
    if refused is not None and refused[0] in forms:
        forms[refused[0]] = refused[1]
    page = render_template(
        "intake/show_check.html",
        detail=detail,
        forms=forms,
        mine=mine,
        next_id=next((item.item_id for item in detail.items if not item.result), 0),
        labels=check_labels,
        levels=LEVELS,
        may_work=may(the_actor(), Action.INTAKE_WORK, Target(detail.branch_id)),
    )
    return make_response(page, status)


def _verdict_form(item: Any) -> VerdictForm:
    return VerdictForm(data={"verdict": item.result or "good", "defects": list(item.defects), "note": item.note})
