"""Importing tables: a template, the trial, what is wrong row by row, taking all of it."""

from __future__ import annotations

import io
from urllib.parse import quote

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.imports.forms import KINDS, STATES, TONES, ImportForm
from app.blueprints.imports.screen import screen
from app.domain.policy import Action
from app.domain.tables import COLUMNS, TableKind
from app.ports import FigureTable
from app.queries import table_imports as queries
from app.queries.branches import branches_for
from app.services import idempotency
from app.services import table_imports as services
from app.web.access import requires
from app.web.clock import now
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing
from app.web.uploads import refusal, sent_files, tools

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen.get("/imports")
@requires(Action.TABLE_IMPORT)
def list_imports() -> str:
    """Show the form and the imports so far."""
    return _list(_form())


@screen.post("/imports")
@requires(Action.TABLE_IMPORT)
def order_import() -> AnyResponse:
    """Keep a table and have it tried."""
    form = ImportForm.from_request()
    form.branch_id.choices = _branches()
    files = sent_files("files")
    if not files:
        form.form_errors.append(_("请选择填好的表格（xlsx 或 CSV）。"))
    limit = settings().upload.max_file_bytes
    data = files[0].stream.read(limit + 1) if files else b""
    if len(data) > limit:
        form.form_errors.append(refusal("too_large"))
    if form.form_errors or not form.validate():
        return make_response(_list(form), 422)
    return redirect(_order(form, data, files[0].filename or ""), 303)


@screen.get("/imports/templates/<kind>")
@requires(Action.TABLE_IMPORT)
def send_template(kind: str) -> Response:
    """Send the empty table of a kind with an example, and what its lists may say."""
    if kind not in {known.value for known in TableKind}:
        abort(404)
    columns = COLUMNS[TableKind(kind)]
    label = str(KINDS[TableKind(kind)])
    headings = [f"{column.heading}*" if column.needed else column.heading for column in columns]
    lists = [column for column in columns if column.choices]
    longest = max((len(column.choices) for column in lists), default=0)
    words = [[*column.choices, *[""] * (longest - len(column.choices))] for column in lists]
    tables = [FigureTable(label, headings, [[column.example for column in columns]])]
    if lists:
        tables.append(
            FigureTable(str(_("可选内容")), [column.heading for column in lists], list(zip(*words, strict=True)))
        )
    response = Response(tools().workbooks.write(label, tables), mimetype=WORKBOOK)
    name = quote(_("导入模板-%(what)s", what=label) + ".xlsx", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{kind}.xlsx\"; filename*=UTF-8''{name}"
    return response


@screen.get("/imports/<id:import_id>")
@requires(Action.TABLE_IMPORT, polled=True)
def show_import(import_id: int) -> str:
    """Show how the trial goes or went."""
    found = queries.read_import(reading(), the_actor(), import_id)
    page = "imports/_standing.html" if request.headers.get("HX-Request") else "imports/show_import.html"
    return render_template(page, found=found, kinds=KINDS, states=STATES, tones=TONES, sentences=SENTENCES)


@screen.post("/imports/<id:import_id>/take")
@requires(Action.TABLE_IMPORT)
def take_import(import_id: int) -> AnyResponse:
    """Take all of a table."""
    version = request.form.get("version", "")
    with writing() as session:
        seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        services.confirm_import(session, the_actor(), import_id, version=seen, now=now())
    return redirect(url_for(".show_import", import_id=import_id), 303)


@screen.post("/imports/<id:import_id>/drop")
@requires(Action.TABLE_IMPORT)
def drop_import(import_id: int) -> AnyResponse:
    """Give a table up."""
    with writing() as session:
        services.drop_import(session, the_actor(), import_id, now=now())
    flash(_("已放弃，没有导入任何内容。"), "info")
    return redirect(url_for(".list_imports"), 303)


def _order(form: ImportForm, data: bytes, name: str) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    blob = tools().files.put(io.BytesIO(data))
    with writing() as session:
        earlier = idempotency.claim(session, actor, key, now=now())
        if earlier is not None:
            return earlier or url_for(".list_imports")
        import_id = services.order_import(
            session, actor, TableKind(form.kind.data), form.branch_id.data, blob, name, now=now()
        )
        location = url_for(".show_import", import_id=import_id)
        idempotency.settle(session, actor, key, location)
    return location


def _form() -> ImportForm:
    form = ImportForm()
    form.branch_id.choices = _branches()
    return form


def _list(form: ImportForm) -> str:
    session, actor = reading(), the_actor()
    return render_template(
        "imports/list_imports.html",
        form=form,
        imports=queries.list_imports(session, actor),
        kinds=KINDS,
        states=STATES,
        tones=TONES,
    )


def _branches() -> list[tuple[int, str]]:
    return list(branches_for(reading(), the_actor(), Action.TABLE_IMPORT))
