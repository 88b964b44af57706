"""Drafting a handing over and changing its head."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.transfers.forms import ChangeTransferForm, NewTransferForm
from app.blueprints.transfers.screen import screen, transfer_page
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, WrongState
from app.domain.policy import Action
from app.domain.transfers import TransferKind, TransferState
from app.queries import transfers as queries
from app.services import idempotency
from app.services import transfers as services
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/transfers/new")
@requires(Action.TRANSFER_RUN)
def new_transfer() -> str:
    """Show the empty head."""
    form = NewTransferForm()
    form.offer_choices(reading(), the_actor())
    return render_template("transfers/new_transfer.html", form=form)


@screen.post("/storage/transfers/new")
@requires(Action.TRANSFER_RUN)
def create_transfer() -> Response:
    """Draft it."""
    form = NewTransferForm.from_request()
    form.offer_choices(reading(), the_actor())
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("transfers/new_transfer.html", form=form), 422)


@screen.get("/storage/transfers/<id:transfer_id>/edit")
@requires(Action.TRANSFER_RUN)
def edit_transfer(transfer_id: int) -> str:
    """Show the head of a draft as a form."""
    transfer = _changeable(transfer_id)
    form = ChangeTransferForm(obj=transfer)
    form.show_version(transfer.version)
    form.offer_choices(reading(), the_actor())
    return render_template("transfers/edit_transfer.html", form=form, transfer=transfer)


@screen.post("/storage/transfers/<id:transfer_id>/edit")
@requires(Action.TRANSFER_RUN)
def change_transfer(transfer_id: int) -> Response:
    """Change the head."""
    transfer = _changeable(transfer_id)
    form = ChangeTransferForm.from_request()
    form.kind.data, form.from_branch_id.data = transfer.kind, transfer.from_branch_id
    form.offer_choices(reading(), the_actor())
    if form.validate():
        try:
            with writing() as session:
                version = form.seen_version()
                services.edit_transfer(session, the_actor(), transfer_id, form.head(), version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_transfer", transfer_id=transfer_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            return make_response(transfer_page(transfer_id, trouble=trouble_of(wrong)), 409)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_transfer", transfer_id=transfer_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(render_template("transfers/edit_transfer.html", form=form, transfer=transfer), 422)


def _changeable(transfer_id: int) -> queries.TransferDetail:
    transfer = queries.read_transfer(reading(), the_actor(), transfer_id)
    if not transfer.runs_out:
        raise NotAllowed(Action.TRANSFER_RUN)
    if transfer.state != TransferState.DRAFT:
        raise WrongState(f"transfer.is_{transfer.state}")
    return transfer


def _create(form: NewTransferForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        transfer_id = services.create_transfer(session, actor, form.head(), now=now())
        location = url_for(".show_transfer", transfer_id=transfer_id)
        idempotency.settle(session, actor, key, location)
    is_post = form.kind.data == TransferKind.POST.value
    flash(_("已拟稿，请核对清册后移交。") if is_post else _("已拟稿，请把要移交的档案列入清册。"), "ok")
    return location
