"""Taking back at the desk: each paper counted and looked at, photos of damage, what came of the use, a signature."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.desk import desk_page
from app.blueprints.borrowing.desk_forms import CONDITIONS, DRAWN, Lines, ReturnForm
from app.blueprints.borrowing.desk_signatures import signed
from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.ids import encode_id
from app.domain.loan_terms import Inspection, check_inspection
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries.desk_cards import Card, read_card
from app.services import idempotency
from app.services.evidence import add_photo
from app.services.loan_desk import HOLDER, Use, give_back
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.photos import refusal, sent_photos
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/borrowing/desk/<id:item_id>/return")
@requires(Action.LOAN_DESK)
def show_return(item_id: int) -> Response:
    """Show what is out of a request, with the scanned paper ticked."""
    card = read_card(reading(), the_actor(), item_id)
    if card.item.state != "out":
        return desk_page(WrongState("desk.not_out"))
    form = ReturnForm(signer=card.borrower)
    return make_response(_page(card, form, Lines(card.together, item_id)))


@screen.post("/borrowing/desk/<id:item_id>/return")
@requires(Action.LOAN_DESK)
def take_back(item_id: int) -> Response:
    """Take back the papers that are ticked; the others stay out."""
    card = read_card(reading(), the_actor(), item_id)
    form, lines = ReturnForm.from_request(), Lines(card.together, item_id)
    if form.validate():
        try:
            return redirect(_give_back(form, lines, card), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except RefusedFile as refused:
            form.form_errors.append(refusal(refused))
        except WrongState as trouble:
            return desk_page(trouble)
    return make_response(_page(card, form, lines), 422)


def _page(card: Card, form: ReturnForm, lines: Lines) -> str:
    return render_template(
        "borrowing/desk/take_back.html",
        card=card,
        form=form,
        lines=lines,
        conditions=CONDITIONS,
        labels=LABELS,
        today=today(),
    )


def _give_back(form: ReturnForm, lines: Lines, card: Card) -> str:
    seen = lines.inspections()
    _check_each(seen, lines, card)
    drawing = request.form.get("signature", "") if form.means.data == DRAWN else ""
    if form.means.data == DRAWN and not drawing:
        raise Invalid.field("means", "desk.signature")
    photos = {item_id: sent_photos(f"photos-{encode_id(item_id)}") for item_id in seen}
    by, use = signed(form.signer.data or "", drawing), Use(form.effect.data, form.effect_note.data or "")
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        give_back(session, actor, seen, use, by, now=now(), today=today())
        for item_id, drawn in photos.items():
            for image, thumbnail in drawn:
                add_photo(session, actor, HOLDER, item_id, "damage", image, thumbnail, now=now())
        location = _onward(seen)
        idempotency.settle(session, actor, key, location)
    flash(_("已归还 %(n)s 件。", n=len(seen)), "ok")
    return location


def _check_each(seen: Mapping[int, Inspection], lines: Lines, card: Card) -> None:
    """Raise `Invalid` when any paper's line is wrong, each told beside its fields."""
    wrong = False
    for item in card.together:
        if item.id in seen:
            try:
                check_inspection(seen[item.id], item.pages_out)
            except Invalid as invalid:
                lines.blame(item.id, invalid)
                wrong = True
    if wrong:
        raise Invalid.field("", "desk.inspection")


def _onward(seen: Mapping[int, Inspection]) -> str:
    """Return where to go on: to a paper that came back hurt, else to the desk for the next scan."""
    hurt = next((item_id for item_id, one in seen.items() if one.condition != "intact"), None)
    return url_for(".show_desk") if hurt is None else url_for(".show_item", item_id=hurt)
