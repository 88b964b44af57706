"""Recusal 回避: who may not touch a case, barring somebody, declaring oneself, letting somebody back."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.blueprints.casework.screen import screen
from app.domain.case_terms import BarRelation
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.case_bars import read_bars
from app.services import case_bars as services
from app.web.access import requires
from app.web.case_labels import BAR_RELATIONS, LABELS
from app.web.clock import now
from app.web.forms import BaseForm, stripped
from app.web.identity import the_actor
from app.web.labels import choices
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

WHY = {
    "policy": _l("登记涉及保单的人"),
    "claim": _l("登记涉及赔案的人"),
    "agent": _l("该客户的代理人"),
    "consultation": _l("答复原咨询的人"),
}


def _reason(label: str) -> TextAreaField:
    words = [InputRequired(_l("请写明理由。")), Length(max=services.LONGEST_REASON)]
    return TextAreaField(label, words, filters=[stripped], render_kw={"rows": 2})


class BarForm(BaseForm):
    """Barring somebody."""

    person = StringField(
        _l("回避的人"),
        [InputRequired(_l("请填写要回避的人：姓名、用户名或工号。")), Length(max=60)],
        filters=[stripped],
        description=_l("姓名、用户名或工号；同名的人填用户名或工号"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    relation = SelectField(
        _l("缘由"),
        choices=choices(BAR_RELATIONS, BarRelation.RELATIVE, BarRelation.INTEREST, BarRelation.ACCUSED),
    )
    reason = _reason(_l("理由"))


class DeclareForm(BaseForm):
    """Declaring that one may not handle a case."""

    own_reason = _reason(_l("自行回避的理由"))


@screen.get("/casework/<id:case_id>/bars")
@requires(Action.CASE_VIEW)
def list_bars(case_id: int) -> str:
    """Show who is barred from a case."""
    return _page(case_id)


@screen.post("/casework/<id:case_id>/bars")
@requires(Action.CASE_ASSIGN)
def add_bar(case_id: int) -> Response:
    """Bar somebody from a case."""
    form = BarForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                person, relation, reason = str(form.person.data), str(form.relation.data), str(form.reason.data)
                services.add_bar(session, the_actor(), case_id, person, relation, reason, now=now())
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        else:
            flash(_("已回避，此人不能再看到这件投诉。"), "ok")
            return redirect(url_for(".list_bars", case_id=case_id), 303)
    return make_response(_page(case_id, bar=form), 422)


@screen.post("/casework/<id:case_id>/bars/declare")
@requires(Action.CASE_HANDLE)
def declare_bar(case_id: int) -> Response:
    """Bar oneself; afterwards there is nothing left to see."""
    form = DeclareForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                services.declare_bar(session, the_actor(), case_id, str(form.own_reason.data), now=now())
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        else:
            flash(_("已回避，这件投诉交回重新指派。"), "ok")
            return redirect(url_for(".list_cases"), 303)
    return make_response(_page(case_id, declare=form), 422)


@screen.post("/casework/<id:case_id>/bars/<id:account_id>/lift")
@requires(Action.CASE_ASSIGN)
def lift_bar(case_id: int, account_id: int) -> Response:
    """Let somebody back to a case."""
    try:
        with writing() as session:
            reason = stripped(request.form.get("reason"))
            services.lift_bar(session, the_actor(), case_id, account_id, reason, now=now())
    except Invalid as invalid:
        return make_response(_page(case_id, trouble=trouble_of(invalid)), 422)
    except WrongState as wrong:
        return make_response(_page(case_id, trouble=trouble_of(wrong)), 409)
    flash(_("已解除回避。"), "ok")
    return redirect(url_for(".list_bars", case_id=case_id), 303)


def _page(case_id: int, *, bar: BarForm | None = None, declare: DeclareForm | None = None, trouble: str = "") -> str:
    session, actor = reading(), the_actor()
    bars = read_bars(session, actor, case_id)
    interested = services.interested_in(session, case_id) if bars.may_assign else ()
    return render_template(
        "casework/list_bars.html",
        bars=bars,
        interested=interested,
        bar=(bar or BarForm()) if bars.may_assign else None,
        declare=(declare or DeclareForm()) if bars.may_declare else None,
        trouble=trouble,
        why=WHY,
        labels=LABELS,
    )
