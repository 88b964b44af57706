"""A signature drawn on the screen: a PNG in a form field, re-drawn in the sandbox before it is kept."""

from __future__ import annotations

import base64
import binascii
import io

from flask import current_app

from app.domain.errors import Invalid
from app.ports import RefusedFile, StoredBlob, Tools

PREFIX = "data:image/png;base64,"
LONGEST = 400_000  # characters; a signature has some thousands


def keep_drawing(drawing: str) -> StoredBlob | None:
    """Return the drawing in the store, None when the printed sheet was signed instead.

    Raises `Invalid` on field `drawing` for what is no drawing, `StorageFull`.
    """
    if not drawing:
        return None
    tools: Tools = current_app.extensions["tools"]
    try:
        page = next(iter(tools.images.render(_decode(drawing))))
    except (RefusedFile, StopIteration) as refused:
        raise Invalid.field("drawing", "signature.unreadable") from refused
    return tools.files.put(io.BytesIO(page.image))


def _decode(drawing: str) -> bytes:
    if not drawing.startswith(PREFIX) or len(drawing) > LONGEST:
        raise Invalid.field("drawing", "signature.unreadable")
    try:
        return base64.b64decode(drawing[len(PREFIX) :], validate=True)
    except binascii.Error as error:
        raise Invalid.field("drawing", "signature.unreadable") from error
