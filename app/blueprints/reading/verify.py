"""What anybody may ask of a certified copy: whether it is one of ours, and whether it still holds."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.blueprints.reading.screen import screen
from app.queries.copies import verified_copy
from app.services import attempts
from app.services.copies import note_check
from app.web.access import public
from app.web.clock import now
from app.web.identity import client_address, settings
from app.web.transactions import writing


@screen.get("/verify/<token>")
@public
def verify_copy(token: str) -> Response:
    """Tell number, pages, day, unit and state of the copy behind a QR code; raises `TooManyTries`."""
    guess = attempts.Guess(attempts.VERIFICATION, None, attempts.VERIFICATION, client_address())
    attempt = attempts.reserve(writing, guess, rules=settings().sign_in, now=now())
    with writing() as session:
        copy = verified_copy(session, token[:64].replace("\x00", ""))
        if copy is not None:
            attempts.succeed(session, attempt)
            note_check(session, copy.id)
    return make_response(render_template("reading/verify_copy.html", copy=copy), 200 if copy else 404)
