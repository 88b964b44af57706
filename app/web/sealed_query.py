"""What somebody looks for, sealed: names and numbers never stand in an address, a log or the browser's history."""

from __future__ import annotations

import base64
import binascii

from app.models.fields import field_cipher

PURPOSE = b"query"
LONGEST = 200


def seal_query(text: str) -> str:
    """Return `text` as it may stand in an address; nothing for nothing."""
    text = text.strip()[:LONGEST]
    return base64.urlsafe_b64encode(field_cipher().seal(text.encode(), PURPOSE)).decode().rstrip("=") if text else ""


def open_query(sealed: str | None) -> str:
    """Return the text behind a sealed query; nothing for one that we did not make."""
    if not sealed:
        return ""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return field_cipher().unseal(raw, PURPOSE).decode()
    except (binascii.Error, ValueError):
        return ""
