"""Ordering a repair for one item, from its page, a return with damage, an inspection or a round."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.repairs.forms import OrderForm
from app.blueprints.repairs.labels import LABELS
from app.blueprints.repairs.screen import screen
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.domain.repairs import Grade, suggest_grade
from app.domain.whereabouts import Whereabouts
from app.ports import RefusedFile
from app.queries.repairs import Repairable, read_repairable
from app.services import idempotency
from app.services import repairs as services
from app.web.access import requires
from app.web.clock import now
from app.web.damage_labels import suggestion_words
from app.web.identity import settings, the_actor
from app.web.photos import refusal, sent_photos
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

SOURCES = ("loan", "inspection", "stocktake")


@screen.get("/storage/repairs/new")
@requires(Action.REPAIR_RUN)
def new_repair() -> str:
    """Show the form for one item, and at once why it would be refused."""
    item = _item()
    away = item.whereabouts != Whereabouts.SHELF
    return _page(OrderForm(), item, trouble_of(WrongState(f"paper.is_{item.whereabouts}")) if away else "")


@screen.post("/storage/repairs/new")
@requires(Action.REPAIR_RUN)
def create_repair() -> Response:
    """Order the repair; the photos are drawn before anything is written."""
    item, form, trouble = _item(), OrderForm.from_request(), ""
    if form.validate():
        try:
            return redirect(_create(form, item), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except RefusedFile as refused:
            form.form_errors.append(refusal(refused))
        except WrongState as wrong:
            trouble = trouble_of(wrong)
    return make_response(_page(form, item, trouble), 422)


def _item() -> Repairable:
    try:
        return read_repairable(reading(), the_actor(), decode_id(request.values.get("document", "")))
    except ValueError as error:
        raise NotFound from error


def _page(form: OrderForm, item: Repairable, trouble: str = "") -> str:
    return render_template(
        "repairs/new_repair.html",
        form=form,
        item=item,
        source={name: request.values.get(name, "") for name in SOURCES if request.values.get(name)},
        advice=suggestion_words(suggest_grade(form.findings())) if request.method == "POST" else "",
        trouble=trouble,
        max_bytes=settings().upload.max_file_bytes,
        labels=LABELS,
    )


def _create(form: OrderForm, item: Repairable) -> str:
    order = _order(form)
    photos = sent_photos("files")
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        repair_id = services.order_repair(session, actor, item.id, order, now=now())
        if photos:
            services.add_photos(session, actor, repair_id, "before", photos, now=now())
        location = url_for(".show_repair", repair_id=repair_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已开修复单，材料记为“修复中”，不再外借。"), "ok")
    return location


def _order(form: OrderForm) -> services.Order:
    findings = form.findings()
    suggested = suggest_grade(findings)
    if form.grade.data:
        grade = Grade(form.grade.data)
    elif suggested is not None:
        grade = suggested.grade
    else:
        raise Invalid.field("grade", "repair.grade_missing" if findings else "repair.damage_missing")
    source, source_id = _source()
    return services.Order(findings, grade, bool(form.affects_content.data), form.remark.data or "", source, source_id)


def _source() -> tuple[str, int | None]:
    """Return what the order comes from; a spoilt id is left out."""
    for name in SOURCES:
        try:
            return name, decode_id(request.values.get(name, ""))
        except ValueError:
            continue
    return "", None
