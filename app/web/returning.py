"""Where to go after signing in or giving a code: a place of our own, kept as endpoint and ids, never as an address."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, RequestRedirect

from app.web.cookies import drop_cookie, set_cookie

PLACE_COOKIE = "__Host-baodang-place"
LIFETIME = 3600


def remember_place(response: Response) -> None:
    """Note the page that was asked for; after a form it is the page that the form stood on."""
    if request.method in {"GET", "HEAD"} and request.endpoint and request.headers.get("HX-Request") != "true":
        place: tuple[str, dict[str, Any]] | None = (request.endpoint, dict(request.view_args or {}))
    else:
        place = _place_of_referrer()
    if place is not None:
        set_cookie(response, PLACE_COOKIE, _serializer().dumps(json.dumps(place)), max_age=LIFETIME)


def place_to_return(response_default: str = "/") -> str:
    """Return the address of the remembered place, or the home page."""
    sealed = request.cookies.get(PLACE_COOKIE)
    if not sealed:
        return response_default
    try:
        endpoint, values = json.loads(_serializer().loads(sealed, max_age=LIFETIME))
        return url_for(endpoint, **values)
    except (BadSignature, BuildError, ValueError, TypeError):
        return response_default


def page_of_form(default: str = "/") -> str:
    """Return the address of the page that the sent form stood on; `default` unless it is one of ours."""
    place = _place_of_referrer()
    return url_for(place[0], **place[1]) if place else default


def forget_place(response: Response) -> None:
    """Drop the remembered place."""
    drop_cookie(response, PLACE_COOKIE)


def _place_of_referrer() -> tuple[str, dict[str, Any]] | None:
    """Map the page of a form to an endpoint of ours; an address from elsewhere maps to nothing."""
    current = request.headers.get("HX-Current-URL") or request.referrer or ""
    prefix = f"https://{request.host}/"
    if not current.startswith(prefix):
        return None
    path = "/" + current.removeprefix(prefix).split("?", 1)[0].split("#", 1)[0]
    try:
        endpoint, values = current_app.url_map.bind(request.host, url_scheme="https").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint), dict(values)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="place")
