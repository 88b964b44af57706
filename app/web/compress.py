"""Compression of pages. The CSRF token in a page changes with every answer, so that its length tells nothing."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALLEST = 1024
LEVEL = 4  # 2 ms for a long list here; higher levels save 3 % and cost twice the time


def init_app(app: Flask) -> None:
    """Compress HTML for browsers that take it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Return `response` with a gzip body where that is worth it."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.mimetype != "text/html"
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
    ):
        return response
    body = response.get_data()
    if len(body) >= SMALLEST:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
