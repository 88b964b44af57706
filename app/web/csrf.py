"""Cross-site request forgery: a token bound to the session on every unsafe method, and a look at where it came from."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import Flask, current_app, g, request

from app.web.cookies import door_token, new_token, session_token

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
DIGEST_BYTES = 32


class ForgedRequest(Exception):
    """The request does not prove that it comes from one of our pages."""


def init_app(app: Flask) -> None:
    """Check every unsafe request before anything else looks at it."""
    app.before_request(check_request)


def csrf_token() -> str:
    """Return a token for the page being made; each time another text, so that compression reveals nothing."""
    if "csrf_mask" not in g:
        g.csrf_mask = secrets.token_bytes(DIGEST_BYTES)
    masked = bytes(a ^ b for a, b in zip(_digest(_binding()), g.csrf_mask, strict=True))
    return base64.urlsafe_b64encode(g.csrf_mask + masked).decode()


def check_request() -> None:
    """Raise `ForgedRequest` unless an unsafe request carries the token of its cookie and names our own origin."""
    if request.method in SAFE:
        return
    _check_origin()
    secret = session_token() or door_token()
    # The header comes first: reading the form would take in the whole upload.
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not secret or not hmac.compare_digest(_unmask(sent), _digest(secret)):
        raise ForgedRequest


def new_door_token() -> str | None:
    """Return the token that this response must set as door cookie, if a form was made for a visitor without one."""
    token: str | None = g.get("new_door_token")
    return token


def _binding() -> str:
    known = session_token() or door_token()
    if known:
        return known
    if "new_door_token" not in g:
        g.new_door_token = new_token()
    return str(g.new_door_token)


def _check_origin() -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedRequest
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"https://{request.host}":
        raise ForgedRequest


def _digest(secret: str) -> bytes:
    key = current_app.config["SECRET_KEY"]
    return hmac.new(key, b"csrf\0" + secret.encode(), hashlib.sha256).digest()


def _unmask(sent: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(sent.encode("ascii", "ignore"))
    except ValueError:
        return b""
    mask, masked = raw[:DIGEST_BYTES], raw[DIGEST_BYTES:]
    if len(mask) != len(masked):
        return b""
    return bytes(a ^ b for a, b in zip(mask, masked, strict=True))
