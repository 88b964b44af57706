"""Headers of every answer: what a browser may load, remember and tell others."""

from __future__ import annotations

from flask import Flask, Response, request

from app.web.cookies import DOOR_COOKIE, DOOR_SECONDS, set_cookie
from app.web.csrf import new_door_token

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000",
}


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Set what is always set; nothing is kept in a cache unless a route says so."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    # The same address answers with a page or with its fragment.
    response.vary.add("HX-Request")
    token = new_door_token()
    if token and not request.path.startswith("/static/"):
        set_cookie(response, DOOR_COOKIE, token, max_age=DOOR_SECONDS)
    return response
