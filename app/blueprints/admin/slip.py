"""The slip with an activation code: in this answer and nowhere else, not in a cookie, not behind an address."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from app.queries.accounts import slip_facts
from app.web.transactions import reading


def activation_slip(account_id: int, code: str, back: str) -> Response:
    """Return the page to print, with the code and how the person goes on with it."""
    page = render_template(
        "admin/activation_slip.html",
        slip=slip_facts(reading(), account_id),
        code=code,
        address=url_for("auth.activate", _external=True, _scheme="https"),
        back=back,
    )
    return make_response(page)
