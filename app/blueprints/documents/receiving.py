"""Receiving 收件: files and their first description, one item a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.blueprints.documents.forms import ReceiveForm
from app.blueprints.documents.screen import screen
from app.domain.documents import Description, title_from_file_name
from app.domain.errors import Invalid, NotFound
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries.completeness_rules import find_type
from app.queries.customers import CustomerDetail, read_customer
from app.queries.documents import category_choices
from app.services import documents as services
from app.services import idempotency
from app.services.documents import ReceivedFile
from app.web.access import requires
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing
from app.web.uploads import refusal, sent_files, take_in


@screen.get("/documents/new")
@requires(Action.DOCUMENT_RECEIVE)
def new_document() -> str:
    """Show the form for receiving into one customer's file."""
    customer = _customer()
    form = ReceiveForm()
    form.offer_choices(reading(), the_actor(), customer.id)
    _start_with(form, request.args.get("class", ""))
    _start_for(form)
    return render_template(
        "documents/new_document.html", form=form, customer=customer, max_bytes=settings().upload.max_file_bytes
    )


@screen.post("/documents/new")
@requires(Action.DOCUMENT_RECEIVE)
def receive_document() -> Response:
    """Receive the files that were sent; nothing is kept of a form whose file is refused."""
    customer = _customer()
    form = ReceiveForm.from_request()
    form.offer_choices(reading(), the_actor(), customer.id)
    files = sent_files("files")
    _check_files(form, files)
    if form.validate() and not form.form_errors:
        try:
            location, titles = _receive(form, customer, files)
            return _received(location, titles)
        except RefusedFile as refused:
            form.form_errors.append(refusal(refused.reason))
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    template = "documents/_refused_file.html" if is_fragment() else "documents/new_document.html"
    return make_response(
        render_template(template, form=form, customer=customer, max_bytes=settings().upload.max_file_bytes), 422
    )


def _customer() -> CustomerDetail:
    try:
        return read_customer(reading(), the_actor(), decode_id(request.values.get("customer", "")))
    except ValueError as error:
        raise NotFound from error


def _start_with(form: ReceiveForm, code: str) -> None:
    """Open the form at a class: what the scheme says of it is filled in."""
    choices = category_choices(reading())
    wanted = next((row for row in choices if code and row.code.startswith(code)), choices[0] if choices else None)
    if wanted is not None:
        form.category_id.data = wanted.id
        form.level.data = wanted.default_level
        form.period.data = wanted.default_period


def _start_for(form: ReceiveForm) -> None:
    """Open the form for a paper that a checklist asks for: its kind with its class, the policy and claim it belongs to."""
    kind = find_type(reading(), request.args.get("paper", ""))
    if kind is not None:
        form.paper_type_id.data = kind.id
        _start_with(form, next((row.code for row in category_choices(reading()) if row.id == kind.category_id), ""))
    for name in ("policy", "claim"):
        try:
            form[f"{name}_id"].data = decode_id(request.args[name])
        except (KeyError, ValueError):
            continue


def _check_files(form: ReceiveForm, files: list[FileStorage]) -> None:
    if not files and not form.without_scan.data:
        form.form_errors.append(refusal("missing"))
    if len(files) > settings().upload.max_files:
        form.form_errors.append(refusal("too_many_files"))


def _receive(form: ReceiveForm, customer: CustomerDetail, files: list[FileStorage]) -> tuple[str, list[str]]:
    actor, key = the_actor(), str(form.idempotency_key.data)
    received: list[ReceivedFile | None] = [take_in(file) for file in files]
    described = form.description(form.paper_pages.data or 0)
    items = [(_titled(described, file), file) for file in received or [None]]
    titles = [typed.title for typed, _file in items]
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done, titles
        ids = [
            services.receive_document(session, actor, customer.id, typed, file, now=now(), today=today())
            for typed, file in items
        ]
        location = _after(form, customer, ids)
        idempotency.settle(session, actor, key, location)
    return location, titles


def _titled(described: Description, file: ReceivedFile | None) -> Description:
    """Return the description with what the file tells: its pages, and its name for want of a title."""
    if file is None:
        return described
    return replace(described, title=described.title or title_from_file_name(file.name), page_count=file.pages)


def _after(form: ReceiveForm, customer: CustomerDetail, ids: list[int]) -> str:
    """Return where to go: to the item, or to the class when there are several."""
    if len(ids) == 1:
        return url_for(".show_document", document_id=ids[0])
    values: dict[str, Any] = {"customer_id": customer.id, "class": _class_of(form)}
    return url_for("customers.show_customer", **values)


def _received(location: str, titles: list[str]) -> Response:
    if is_fragment():
        return make_response(render_template("documents/_received.html", location=location, titles=titles), 201)
    flash(_("已收到 %(n)s 件。", n=len(titles)), "ok")
    return redirect(location, 303)


def _class_of(form: ReceiveForm) -> str:
    return next((row.code for row in category_choices(reading()) if row.id == form.category_id.data), "")
