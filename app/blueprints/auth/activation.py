"""The first time: the activation code, a password, a phone, and the recovery codes to write down."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for

from app.blueprints.auth.forms import ActivationForm, CodeForm, typed
from app.blueprints.auth.phone_card import phone_card
from app.blueprints.auth.replies import (
    go,
    into_the_house,
    place_after,
    refuse,
    show_form,
    the_door,
    through_the_door,
    visit_with,
)
from app.domain.errors import Invalid, TooManyTries
from app.services import activation as services
from app.services import doors, enrolment
from app.web.access import public
from app.web.clock import now
from app.web.cookies import new_token
from app.web.identity import settings
from app.web.transactions import reading, writing


@public
def activate() -> Response:
    """Take the activation code and the first password, and go on to bind a phone."""
    form = ActivationForm.from_request()
    if request.method != "POST" or not form.validate():
        return show_form("auth/activate.html", form)
    token = new_token()
    try:
        services.redeem(
            writing, typed(form.code), typed(form.password), visit_with(token), rules=settings().sign_in, now=now()
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/activate.html", form, error)
    return through_the_door(go(url_for("auth.enrol")), token)


@public
def enrol() -> Response:
    """Show the secret of a phone to be bound; take its first code, sign in and show the recovery codes, this once."""
    door = the_door(doors.ENROL)
    form = CodeForm.from_request()
    card = phone_card(doors.pending_secret(reading(), door.id, now=now()), door.actor.username)
    if request.method != "POST" or not form.validate():
        return show_form("auth/enrol.html", form, door=door.actor, card=card)
    token = new_token()
    try:
        enrolled = enrolment.enrol(
            writing, door, typed(form.code), visit_with(token), rules=settings().sign_in, now=now()
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/enrol.html", form, error, door=door.actor, card=card)
    # The codes are in this answer and nowhere else: not in a cookie, not behind an address.
    page = render_template("auth/enrolled.html", codes=enrolled.codes, href=place_after("auth.enrol"))
    return into_the_house(make_response(page), token)
