"""The blueprint that the customers' routes share, and how their pages are answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from app.web.cookies import DOOR_COOKIE, DOOR_SECONDS, door_token, set_cookie

screen = Blueprint("answering", __name__)


def answer_page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page for a customer: kept nowhere, found by no search engine, its form good for another hour."""
    response = make_response(render_template(f"answering/{template}.html", **values), status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    known = door_token()
    if known:
        # A tablet stands for hours; the form on it must not run out.
        set_cookie(response, DOOR_COOKIE, known, max_age=DOOR_SECONDS)
    return response


def closed_page(*, minutes: int = 0) -> Response:
    """Return the one page for an address that leads nowhere, whyever it does not; with `minutes`, to wait so long."""
    return answer_page("closed", 429 if minutes else 404, minutes=minutes)
