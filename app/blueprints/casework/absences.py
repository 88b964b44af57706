"""Days away 外出 and who stands in 代理."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.casework.assigning_forms import account_or_none
from app.blueprints.casework.screen import screen
from app.blueprints.casework.team_words import team_tabs
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries import absences as queries
from app.services import absences as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.forms import CreateForm, stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


class AbsenceForm(CreateForm):
    """Days away and who stands in."""

    account_id = SelectField(_l("外出人"), coerce=account_or_none, validate_choice=False)
    first_on = DateField(_l("第一天"), [InputRequired(_l("请填写外出的第一天。"))])
    last_on = DateField(_l("最后一天"), [InputRequired(_l("请填写外出的最后一天。"))])
    deputy_id = SelectField(
        _l("代理人"),
        coerce=account_or_none,
        validate_choice=False,
        description=_l("同一机构或上下级机构的人员；期间可以看到并办理外出人的投诉，须回避的除外"),
    )
    note = StringField(
        _l("说明"), [Optional(), Length(max=120)], filters=[stripped], description=_l("如：年休假、出差")
    )


@screen.get("/casework/absences")
@requires(Action.CASE_HANDLE)
def list_absences() -> str:
    """Show who is away and who stands in, and the form for more."""
    form = AbsenceForm()
    form.account_id.data = number_argument("account") or the_actor().account_id
    return _page(form)


@screen.post("/casework/absences")
@requires(Action.CASE_HANDLE)
def add_absence() -> Response:
    """Write down days away."""
    form = AbsenceForm.from_request()
    _offer(form)
    if form.validate():
        try:
            return redirect(_add(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_page(form), 422)


@screen.post("/casework/absences/<id:absence_id>/cancel")
@requires(Action.CASE_HANDLE)
def cancel_absence(absence_id: int) -> Response:
    """Take days away back."""
    with writing() as session:
        services.cancel_absence(session, the_actor(), absence_id, now=now())
    flash(_("已取消，代理从现在起结束。"), "ok")
    return redirect(url_for(".list_absences"), 303)


def _add(form: AbsenceForm) -> str:
    first_on, last_on = form.first_on.data, form.last_on.data
    if first_on is None or last_on is None:
        raise Invalid.field("first_on", "absence.days")
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        services.add_absence(
            session,
            actor,
            form.account_id.data or actor.account_id,
            form.deputy_id.data,
            first_on,
            last_on,
            form.note.data or "",
            now=now(),
        )
        location = url_for(".list_absences")
        idempotency.settle(session, actor, key, location)
    flash(_("已登记外出，已通知代理人。"), "ok")
    return location


def _offer(form: AbsenceForm) -> None:
    """Offer whose days the reader may write down, and who may stand in for the one that is chosen."""
    session, actor = reading(), the_actor()
    people = [(person.id, person.name) for person in queries.people_looked_after(session, actor, now=now())]
    own = (actor.account_id, actor.full_name)
    form.account_id.choices = people if own in people else [own, *people]
    chosen = form.account_id.data if form.account_id.data in dict(form.account_id.choices) else actor.account_id
    deputies = queries.deputies_for(session, chosen, now=now())
    names = [(person.id, f"{person.name} · {person.username}") for person in deputies]
    form.deputy_id.choices = [("", _l("请选择")), *names]


def _page(form: AbsenceForm) -> str:
    _offer(form)
    return render_template(
        "casework/list_absences.html",
        form=form,
        rows=queries.list_absences(reading(), the_actor(), today=today()),
        asked=bool(request.args.get("account")),
        tabs=team_tabs("casework.list_absences"),
        today=today(),
    )
