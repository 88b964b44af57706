"""The two cookies: the session's, and the door's for everything before it (visitor, password given, must enrol)."""

from __future__ import annotations

import hashlib
import secrets

from flask import Response, request

SESSION_COOKIE = "__Host-baodang"
DOOR_COOKIE = "__Host-baodang-door"
LANGUAGE_COOKIE = "__Host-baodang-language"
TOKEN_BYTES = 32
DOOR_SECONDS = 3600


def new_token() -> str:
    """Return a random token for a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_token() -> str | None:
    """Return the token of the session cookie, if one came."""
    return request.cookies.get(SESSION_COOKIE) or None


def door_token() -> str | None:
    """Return the token of the door cookie, if one came."""
    return request.cookies.get(DOOR_COOKIE) or None


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie that only this host gets, only over TLS, never from a script."""
    response.set_cookie(name, value, max_age=max_age, secure=True, httponly=True, samesite="Lax", path="/")


def drop_cookie(response: Response, name: str) -> None:
    """Make the browser forget a cookie."""
    response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")
