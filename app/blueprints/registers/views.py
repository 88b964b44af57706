"""Ordering a register, watching it being printed, fetching it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.registers.forms import KINDS, RegisterOrderForm, controls_of, registers_of
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.domain.registers import BULK_ROWS, MOST_ROWS, RegisterFilter, RegisterKind, missing_field, title_of
from app.ports import Tools
from app.queries import registers as queries
from app.services import ordering_again
from app.services import registers as services
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.export_words import why_it_failed
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

screen = Blueprint("registers", __name__)
HOUR = timedelta(hours=1)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORTS = {"casework_pdf": _l("投诉与服务统计报告"), "casework_xlsx": _l("投诉与服务统计报告（Excel）")}


@screen.get("/registers")
@requires(Action.REGISTER_PRINT)
def list_registers() -> str:
    """Show the order form, begun by the address of a thing that has a register, and one's own registers."""
    form = RegisterOrderForm()
    form.prefer(*_asked(), month=request.args.get("month", "")[:7])
    form.offer_choices(reading(), the_actor())
    return _page(form)


@screen.post("/registers")
@requires(Action.REGISTER_PRINT)
def order_register() -> AnyResponse:
    """Order a register; a large one asks for a fresh code first."""
    actor = the_actor()
    form = RegisterOrderForm.from_request()
    form.offer_choices(reading(), actor)
    if form.validate() and _is_whole(form):
        too_long = _too_long(form.kind(), form.wanted())
        if not too_long:
            return _order(form)
        form.form_errors.append(too_long)
    return make_response(_page(form), 422)


@screen.get("/registers/exports")
@requires(Action.EXPORT_FETCH, polled=True)
def list_exports() -> str:
    """Show one's own registers alone, for the page that watches them."""
    return render_template("registers/_export_rows.html", **_exports())


@screen.post("/registers/<id:export_id>/again")
@requires(Action.EXPORT_FETCH)
def order_again(export_id: int) -> AnyResponse:
    """Order one's own register once more as it was narrowed then: it failed, was called off, or has run out."""
    actor = the_actor()
    register = ordering_again.register_of(ordering_again.own_export(reading(), actor, export_id))
    too_long = _too_long(*register) if register else ""
    if too_long:
        flash(too_long, "warn")
        return redirect(url_for(".list_registers"), 303)
    with writing() as session:
        ordering_again.order_again(session, actor, export_id, lifetime=settings().export_lifetime, now=now())
    flash(_("已开始生成，完成后在下方下载。"), "ok")
    return redirect(url_for(".list_registers"), 303)


@screen.get("/registers/<id:export_id>/file")
@requires(Action.EXPORT_FETCH)
def fetch_export(export_id: int) -> Response:
    """Send one's own register."""
    with writing() as session:
        export = services.fetch_export(session, the_actor(), export_id, now=now())
    tools: Tools = current_app.extensions["tools"]
    ending, media_type = ("xlsx", WORKBOOK) if export.register.endswith("_xlsx") else ("pdf", "application/pdf")
    response = Response(tools.files.read(export.blob_digest or ""), mimetype=media_type)
    name = quote(f"{title_of(export.register)}-{export.serial}.{ending}", safe="")
    plain = f"{export.serial}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@screen.post("/registers/<id:export_id>/cancel")
@requires(Action.EXPORT_FETCH)
def cancel_export(export_id: int) -> AnyResponse:
    """Stop the printing of one's own register."""
    with writing() as session:
        services.cancel_export(session, the_actor(), export_id, now=now())
    if is_fragment():
        return make_response(list_exports())
    flash(_("已取消。"), "info")
    return redirect(url_for(".list_registers"), 303)


def _asked() -> tuple[RegisterKind, int | None]:
    try:
        kind = RegisterKind(request.args.get("register", ""))
    except ValueError:
        kind = RegisterKind.FILED_ITEMS
    try:
        return kind, decode_id(request.args.get("thing", ""))
    except ValueError:
        return kind, None


def _too_long(kind: RegisterKind, wanted: RegisterFilter) -> str:
    """Return what to say of a register that is too long, '' otherwise; a long one asks for a fresh code first."""
    rows = queries.count_rows(reading(), the_actor(), kind, wanted)
    if rows > MOST_ROWS:
        words = _("共 %(n)s 行，超过一份台账的上限 %(most)s 行。请按机构或年度分开打印。", n=rows, most=MOST_ROWS)
        return str(words)
    if rows > BULK_ROWS:
        need_step_up()
    return ""


def _is_whole(form: RegisterOrderForm) -> bool:
    """Say whether nothing is missing that the register cannot be printed without; blame the field otherwise."""
    missing = missing_field(form.kind(), form.wanted())
    if missing:
        form.blame(Invalid.field(missing, f"register.{missing}"), SENTENCES)
    return not missing


def _order(form: RegisterOrderForm) -> AnyResponse:
    try:
        with writing() as session:
            services.order_register(
                session, the_actor(), form.kind(), form.wanted(), lifetime=settings().export_lifetime, now=now()
            )
    except WrongState as error:
        form.form_errors.append(SENTENCES[error.code])
        return make_response(_page(form), 409)
    flash(_("已开始生成，完成后在下方下载。"), "ok")
    return redirect(url_for(".list_registers"), 303)


def _page(form: RegisterOrderForm) -> str:
    shown = controls_of(form.kind())
    return render_template(
        "registers/list_registers.html",
        form=form,
        shown=shown,
        registers_of=registers_of,
        hours=f"{settings().export_lifetime / HOUR:g}",
        **_exports(),
    )


def _exports() -> dict[str, object]:
    exports = queries.exports_of(reading(), the_actor().account_id, now=now())
    busy = any(row.state in ("ready", "running") for row in exports)
    kinds: dict[str, Any] = {kind.value: label for kind, label in KINDS.items()}
    return {"exports": exports, "busy": busy, "kinds": kinds | REPORTS, "why": why_it_failed}
