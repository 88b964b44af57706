"""A signature drawn on the screen: a PNG in a form field, re-drawn in the sandbox before it is kept."""

from __future__ import annotations

import base64
import binascii
import io

from flask import current_app

from app.domain.errors import Invalid
from app.ports import RefusedFile, StoredBlob, Tools
from app.services.loan_desk import Signed

PREFIX = "data:image/png;base64,"
LONGEST = 400_000  # characters; a signature has some thousands


def signed(signer: str, drawing: str) -> Signed:
    """Return the signature of a form; `drawing` is empty when the printed slip was signed.

    Raises `Invalid` on field `means` for what is no drawing, `StorageFull`.
    """
    return Signed(signer, _keep(drawing) if drawing else None)


def _keep(drawing: str) -> StoredBlob:
    found: Tools = current_app.extensions["tools"]
    try:
        page = next(iter(found.images.render(_decode(drawing))))
    except RefusedFile as refused:
        raise Invalid.field("means", "desk.signature") from refused
    return found.files.put(io.BytesIO(page.image))


def _decode(drawing: str) -> bytes:
    if not drawing.startswith(PREFIX) or len(drawing) > LONGEST:
        raise Invalid.field("means", "desk.signature")
    try:
        return base64.b64decode(drawing[len(PREFIX) :], validate=True)
    except binascii.Error as error:
        raise Invalid.field("means", "desk.signature") from error
