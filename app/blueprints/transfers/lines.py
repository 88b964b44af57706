"""The papers of a handing over: listing them by scanner or by a filter, taking them off, counting what came."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.transfers.forms import CountForm, PaperFilterForm
from app.blueprints.transfers.screen import screen, transfer_page
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries.transfers import read_transfer
from app.services import transfer_lines as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.scanning import resolve
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/transfers/<id:transfer_id>/papers")
@requires(Action.TRANSFER_RUN)
def add_papers(transfer_id: int) -> Response:
    """List the item that was scanned, or everything of a box, a volume or a customer's file."""
    read_transfer(reading(), the_actor(), transfer_id)

    def add(session: Session) -> str:
        found = resolve(session, the_actor(), stripped(request.form.get("code")))
        added = services.add_thing(session, the_actor(), transfer_id, found.kind, found.id, now=now())
        return _added(added)

    return _do(transfer_id, add)


@screen.post("/storage/transfers/<id:transfer_id>/matching")
@requires(Action.TRANSFER_RUN)
def add_matching(transfer_id: int) -> Response:
    """List every paper of the giving branch that fits a filter."""
    read_transfer(reading(), the_actor(), transfer_id)
    form = PaperFilterForm.from_request()
    form.offer_choices(reading())
    if not form.validate():
        return make_response(transfer_page(transfer_id, papers=form), 422)

    def add(session: Session) -> str:
        return _added(services.add_matching(session, the_actor(), transfer_id, form.wanted(), now=now()))

    return _do(transfer_id, add)


@screen.post("/storage/transfers/<id:transfer_id>/papers/<id:line_id>/drop")
@requires(Action.TRANSFER_RUN)
def drop_paper(transfer_id: int, line_id: int) -> Response:
    """Take one paper off the list."""

    def drop(session: Session) -> str:
        services.drop_line(session, the_actor(), transfer_id, line_id, now=now())
        return str(_("已移出清册。"))

    return _do(transfer_id, drop)


@screen.post("/storage/transfers/<id:transfer_id>/papers/drop-barred")
@requires(Action.TRANSFER_RUN)
def drop_barred(transfer_id: int) -> Response:
    """Take off the list what can no longer be sent."""

    def drop(session: Session) -> str:
        dropped = services.drop_barred(session, the_actor(), transfer_id, now=now())
        return str(ngettext("已移出 %(num)s 件不能移交的档案。", "已移出 %(num)s 件不能移交的档案。", dropped))

    return _do(transfer_id, drop)


@screen.post("/storage/transfers/<id:transfer_id>/count")
@requires(Action.TRANSFER_RUN)
def count_paper(transfer_id: int) -> Response:
    """Note that a paper came, with its pages."""
    read_transfer(reading(), the_actor(), transfer_id)
    form = CountForm.from_request()
    if not form.validate():
        return make_response(transfer_page(transfer_id, count=form), 422)

    def count(session: Session) -> str:
        line = services.count_paper(
            session, the_actor(), transfer_id, form.code.data or "", form.pages.data, remark=form.remark.data or ""
        )
        return str(_("第 %(n)s 号已收到，%(pages)s 页。", n=line.ordinal, pages=line.pages_received))

    return _do(transfer_id, count, count=form)


@screen.post("/storage/transfers/<id:transfer_id>/papers/<id:line_id>/absent")
@requires(Action.TRANSFER_RUN)
def mark_absent(transfer_id: int, line_id: int) -> Response:
    """Note that a paper did not come."""

    def mark(session: Session) -> str:
        services.mark_absent(session, the_actor(), transfer_id, line_id, stripped(request.form.get("reason")))
        return str(_("已记为未收到。"))

    return _do(transfer_id, mark)


def _added(number: int) -> str:
    return str(ngettext("已列入 %(num)s 件。", "已列入 %(num)s 件。", number))


def _do(transfer_id: int, act: Callable[[Session], str], *, count: CountForm | None = None) -> Response:
    """Do it and go back to the page, or show the page with what is wrong and what was typed."""
    try:
        with writing() as session:
            said = act(session)
    except Invalid as invalid:
        if count is not None:
            count.blame(invalid, SENTENCES)
            return make_response(transfer_page(transfer_id, count=count), 422)
        return make_response(transfer_page(transfer_id, trouble=trouble_of(invalid)), 422)
    except WrongState as wrong:
        return make_response(transfer_page(transfer_id, count=count, trouble=trouble_of(wrong)), 409)
    flash(said, "ok")
    return redirect(url_for(".show_transfer", transfer_id=transfer_id), 303)
