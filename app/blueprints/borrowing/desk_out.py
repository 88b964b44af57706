"""Handing out at the desk: papers that lie ready, counted and signed for; the slip; what is seen of a loan later."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.desk import desk_page
from app.blueprints.borrowing.desk_forms import CONDITIONS, DRAWN, EFFECTS, HandOutForm, Lines
from app.blueprints.borrowing.desk_signatures import signed
from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.ids import encode_id
from app.domain.loan_terms import due_day
from app.domain.policy import Action
from app.queries.branches import branches_for
from app.queries.clocks import calendar_of
from app.queries.desk import count_waiting
from app.queries.desk_cards import Card, evidence_digest, photos_of, read_card, signatures_of
from app.services import idempotency
from app.services.loan_desk import hand_out
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.photos import photo_response
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

REPAIR = "repairs.new_repair"


@screen.get("/borrowing/desk/<id:item_id>/hand-out")
@requires(Action.LOAN_DESK)
def show_hand_out(item_id: int) -> Response:
    """Show what lies ready of a request, with the scanned paper ticked."""
    card = read_card(reading(), the_actor(), item_id)
    if card.item.state != "ready":
        return redirect(url_for(".show_item", item_id=item_id), 303)
    form = HandOutForm(signer=card.borrower)
    return make_response(_page(card, form, Lines(card.together, item_id)))


@screen.post("/borrowing/desk/<id:item_id>/hand-out")
@requires(Action.LOAN_DESK)
def take_out(item_id: int) -> Response:
    """Hand out the papers that are ticked."""
    card = read_card(reading(), the_actor(), item_id)
    form, lines = HandOutForm.from_request(), Lines(card.together, item_id)
    if form.validate():
        try:
            return redirect(_hand_out(form, lines), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as trouble:
            return desk_page(trouble)
    return make_response(_page(card, form, lines), 422)


@screen.get("/borrowing/desk/<id:item_id>")
@requires(Action.LOAN_DESK)
def show_item(item_id: int) -> str:
    """Show one lent paper: what was counted and signed, and what can be done."""
    session, actor = reading(), the_actor()
    card = read_card(session, actor, item_id)
    repair_href = ""
    if REPAIR in current_app.view_functions and card.item.condition in ("damaged", "short"):
        repair_href = url_for(REPAIR, document=encode_id(card.item.paper.id), loan=encode_id(item_id))
    return render_template(
        "borrowing/desk/show_item.html",
        card=card,
        waiting=count_waiting(session, card.item.paper.id),
        signatures=signatures_of(session, item_id),
        photos=photos_of(session, item_id),
        repair_href=repair_href,
        conditions=CONDITIONS,
        effects=EFFECTS,
        labels=LABELS,
        today=today(),
    )


@screen.get("/borrowing/desk/<id:item_id>/slip")
@requires(Action.LOAN_DESK)
def show_slip(item_id: int) -> str:
    """Show the slip 借阅交接单 to be printed and signed."""
    session, actor = reading(), the_actor()
    card = read_card(session, actor, item_id)
    day = card.item.due_on or _due(card)
    branches = branches_for(session, actor, Action.LOAN_DESK)
    return render_template(
        "print/loan_slip.html", card=card, due_on=day, branches=branches, labels=LABELS, today=today()
    )


@screen.get("/borrowing/desk/photos/<id:photo_id>.jpg")
@requires(Action.LOAN_DESK)
def send_return_photo(photo_id: int) -> Response:
    """Send a photo of a return."""
    return photo_response(evidence_digest(reading(), the_actor(), "photo", photo_id))


@screen.get("/borrowing/desk/signatures/<id:signature_id>.jpg")
@requires(Action.LOAN_DESK)
def send_signature(signature_id: int) -> Response:
    """Send a signature that was drawn."""
    return photo_response(evidence_digest(reading(), the_actor(), "signature", signature_id))


def _page(card: Card, form: HandOutForm, lines: Lines) -> str:
    return render_template(
        "borrowing/desk/hand_out.html",
        card=card,
        form=form,
        lines=lines,
        due_on=_due(card),
        labels=LABELS,
        today=today(),
    )


def _due(card: Card) -> object:
    return due_day(today(), card.days, on_site_only=card.on_site_only, way=card.way, exceptions=calendar_of(reading()))


def _hand_out(form: HandOutForm, lines: Lines) -> str:
    pages = lines.pages()
    drawing = request.form.get("signature", "") if form.means.data == DRAWN else ""
    if form.means.data == DRAWN and not drawing:
        raise Invalid.field("means", "desk.signature")
    by = signed(form.signer.data or "", drawing)
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        hand_out(session, actor, pages, by, now=now(), today=today())
        location = url_for(".show_desk")
        idempotency.settle(session, actor, key, location)
    flash(_("已借出 %(n)s 件。", n=len(pages)), "ok")
    return location
