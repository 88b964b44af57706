"""Whether a page or only its fragment is wanted. A hint of the client: it changes the wrapping, never the rights."""

from __future__ import annotations

from flask import request


def is_fragment() -> bool:
    """Say whether htmx asks, and not for the restoring of a page from its history."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"
