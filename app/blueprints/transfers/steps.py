"""The steps of a handing over: send, end the counting, sign, finish, call off."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.transfers.forms import SignForm
from app.blueprints.transfers.screen import screen, sides_to_sign, transfer_page
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.domain.transfers import Side
from app.queries.transfers import read_transfer
from app.services import transfers as services
from app.web.access import requires
from app.web.clock import now
from app.web.drawn_signatures import keep_drawing
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/transfers/<id:transfer_id>/send")
@requires(Action.TRANSFER_RUN)
def send_transfer(transfer_id: int) -> Response:
    """Let the papers leave."""

    def step(session: Session) -> None:
        services.send_transfer(session, the_actor(), transfer_id, now=now())

    return _take(transfer_id, step, _("已移交，等待接收方清点。"))


@screen.post("/storage/transfers/<id:transfer_id>/counted")
@requires(Action.TRANSFER_RUN)
def finish_counting(transfer_id: int) -> Response:
    """Say that everything was counted; with a reason, that the rest did not come."""
    rest = stripped(request.form.get("reason"))

    def step(session: Session) -> None:
        services.finish_counting(session, the_actor(), transfer_id, rest_absent=rest, now=now())

    return _take(transfer_id, step, _("清点完毕，请双方签字。"))


@screen.post("/storage/transfers/<id:transfer_id>/recount")
@requires(Action.TRANSFER_RUN)
def recount(transfer_id: int) -> Response:
    """Go back to counting."""

    def step(session: Session) -> None:
        services.recount(session, the_actor(), transfer_id, now=now())

    return _take(transfer_id, step, _("已退回清点。"))


@screen.post("/storage/transfers/<id:transfer_id>/sign")
@requires(Action.TRANSFER_SIGN)
def sign_transfer(transfer_id: int) -> Response:
    """Take the signature of one side, drawn or on the printed sheet."""
    transfer = read_transfer(reading(), the_actor(), transfer_id)
    form = SignForm.from_request()
    form.offer_sides(*sides_to_sign(transfer))
    if not form.validate():
        return make_response(transfer_page(transfer_id, sign=form), 422)
    try:
        image = keep_drawing(str(form.drawing.data or ""))
        with writing() as session:
            side = Side(form.side.data)
            services.sign_transfer(session, the_actor(), transfer_id, side, form.signer.data or "", image, now=now())
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        return make_response(transfer_page(transfer_id, sign=form), 422)
    except WrongState as wrong:
        return make_response(transfer_page(transfer_id, sign=form, trouble=trouble_of(wrong)), 409)
    flash(_("已签字。"), "ok")
    return redirect(url_for(".show_transfer", transfer_id=transfer_id), 303)


@screen.post("/storage/transfers/<id:transfer_id>/finish")
@requires(Action.TRANSFER_SIGN)
def finish_transfer(transfer_id: int) -> Response:
    """End it: received papers change their branch."""
    back = _lines(request.form.getlist("back"))

    def step(session: Session) -> None:
        services.finish_transfer(session, the_actor(), transfer_id, back_on_shelf=back, now=now())

    return _take(transfer_id, step, _("移交已办结。"))


@screen.post("/storage/transfers/<id:transfer_id>/cancel")
@requires(Action.TRANSFER_RUN)
def cancel_transfer(transfer_id: int) -> Response:
    """Call it off: everything comes back."""
    reason = stripped(request.form.get("reason"))

    def step(session: Session) -> None:
        services.cancel_transfer(session, the_actor(), transfer_id, reason, now=now())

    return _take(transfer_id, step, _("已撤销，档案记为放回移交方原位。"))


def _lines(texts: list[str]) -> set[int]:
    found = set()
    for text in texts:
        try:
            found.add(decode_id(text))
        except ValueError:
            continue
    return found


def _take(transfer_id: int, step: Callable[[Session], None], said: str) -> Response:
    try:
        with writing() as session:
            step(session)
    except Invalid as invalid:
        return make_response(transfer_page(transfer_id, trouble=trouble_of(invalid)), 422)
    except WrongState as wrong:
        return make_response(transfer_page(transfer_id, trouble=trouble_of(wrong)), 409)
    flash(said, "ok")
    return redirect(url_for(".show_transfer", transfer_id=transfer_id), 303)
