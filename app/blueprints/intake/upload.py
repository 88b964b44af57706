"""Uploading 上传: a batch with its scanning record, and files for it; pages are drawn and read in the background."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.blueprints.intake.screen import screen
from app.blueprints.intake.upload_forms import NewBatchForm, ScanningForm, UploadForm
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries.branches import branches_for
from app.queries.customers import CustomerDetail, read_customer
from app.queries.scanning import ReceivingBatch, read_receiving
from app.services import idempotency
from app.services import scanning as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing
from app.web.uploads import refusal, sent_files, take_in_packed


@screen.get("/intake/batches/new")
@requires(Action.INTAKE_RECEIVE)
def new_batch() -> str:
    """Show the form for a new batch, for one customer where the address says so."""
    form, customer = NewBatchForm(request.args), _customer()
    reached = _offer_branches(form)
    if customer is not None and customer.branch_id in reached:
        form.branch_id.data = customer.branch_id
    form.scanned_on.data = today()
    return _new_batch_page(form, customer)


@screen.post("/intake/batches/new")
@requires(Action.INTAKE_RECEIVE)
def create_batch() -> Response:
    """Open the batch and go on to its files."""
    form, customer = NewBatchForm.from_request(), _customer()
    _offer_branches(form)
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_new_batch_page(form, customer), 422)


@screen.get("/intake/batches/<id:batch_id>/upload")
@requires(Action.INTAKE_RECEIVE)
def upload(batch_id: int) -> str:
    """Show where files are dropped."""
    return _upload_page(UploadForm(request.args), read_receiving(reading(), the_actor(), batch_id), _customer())


@screen.post("/intake/batches/<id:batch_id>/upload")
@requires(Action.INTAKE_RECEIVE)
def receive_files(batch_id: int) -> Response:
    """Receive the files that were sent, all or none; the rest is done by the worker."""
    batch, customer = read_receiving(reading(), the_actor(), batch_id), _customer()
    form, files = UploadForm.from_request(), sent_files("files")
    trouble = _trouble_with(files)
    if form.validate() and not trouble:
        try:
            return _received(batch, _receive(form, batch, customer, files))
        except RefusedFile as refused:
            trouble = refusal(refused.reason)
    form.form_errors.extend([trouble] if trouble else [])
    if is_fragment():
        return make_response(render_template("documents/_refused_file.html", form=form), 422)
    return make_response(_upload_page(form, batch, customer), 422)


@screen.get("/intake/batches/<id:batch_id>/scanning")
@requires(Action.INTAKE_RECEIVE)
def edit_scanning(batch_id: int) -> str:
    """Show the scanning record of a batch."""
    batch = read_receiving(reading(), the_actor(), batch_id)
    form = ScanningForm(obj=batch.scanning)
    form.show_version(batch.version)
    return render_template("intake/edit_scanning.html", form=form, batch=batch)


@screen.post("/intake/batches/<id:batch_id>/scanning")
@requires(Action.INTAKE_RECEIVE)
def save_scanning(batch_id: int) -> Response:
    """Change the scanning record."""
    batch = read_receiving(reading(), the_actor(), batch_id)
    form = ScanningForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                services.describe_batch(
                    session,
                    the_actor(),
                    batch_id,
                    form.scanning(),
                    version=form.seen_version(),
                    now=now(),
                    today=today(),
                )
            return redirect(url_for("intake.show_batch", batch_id=batch_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            here = url_for(".edit_scanning", batch_id=batch_id)
            return make_response(*conflict_page(conflict, form, reload_href=here, keep_action=here))
    return make_response(render_template("intake/edit_scanning.html", form=form, batch=batch), 422)


def _customer() -> CustomerDetail | None:
    """Return the customer whose papers these are, where the form or the address names one; raises `NotFound`."""
    named = request.values.get("customer", "")
    if not named:
        return None
    try:
        return read_customer(reading(), the_actor(), decode_id(named))
    except ValueError as error:
        raise NotFound from error


def _offer_branches(form: NewBatchForm) -> set[int]:
    """Offer the branches where this actor receives papers, and return their ids."""
    branches = branches_for(reading(), the_actor(), Action.INTAKE_RECEIVE)
    form.branch_id.choices = list(branches)
    return {branch_id for branch_id, _name in branches}


def _new_batch_page(form: NewBatchForm, customer: CustomerDetail | None) -> str:
    return render_template("intake/new_batch.html", form=form, customer=customer)


def _upload_page(form: UploadForm, batch: ReceivingBatch, customer: CustomerDetail | None) -> str:
    return render_template(
        "intake/upload.html",
        form=form,
        batch=batch,
        customer=customer,
        max_bytes=settings().upload.max_file_bytes,
    )


def _create(form: NewBatchForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        typed, branch_id = form.scanning(), int(form.branch_id.data)
        batch_id = services.open_scanned(session, actor, branch_id, typed, now=now(), today=today())
        values: dict[str, Any] = {"customer": form.customer.data} if form.customer.data else {}
        location = url_for(".upload", batch_id=batch_id, **values)
        idempotency.settle(session, actor, key, location)
    return location


def _trouble_with(files: list[FileStorage]) -> str:
    if not files:
        return refusal("none_chosen")
    return refusal("too_many_files") if len(files) > settings().upload.max_files else ""


def _receive(form: UploadForm, batch: ReceivingBatch, customer: CustomerDetail | None, files: list[FileStorage]) -> int:
    """Take the files in and return how many there were; a form that is sent again takes nothing in again."""
    actor, key = the_actor(), str(form.idempotency_key.data)
    received = [take_in_packed(file) for file in files]
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            for file in received:
                services.receive_upload(session, actor, batch.id, file, customer.id if customer else None, now=now())
            idempotency.settle(session, actor, key, url_for("intake.show_batch", batch_id=batch.id))
    return len(received)


def _received(batch: ReceivingBatch, count: int) -> Response:
    if is_fragment():
        return make_response(render_template("intake/_uploaded.html", batch=batch), 201)
    flash(_("已收到 %(n)s 个文件，正在后台识别。", n=count), "ok")
    return redirect(url_for("intake.show_batch", batch_id=batch.id), 303)
