"""Paging by cursor: the sort values of the last row, so that page 2,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json

from app.queries.keyset import Cursor


def decode_cursor(text: str | None) -> Cursor | None:
    """Return the cursor in a query string; a spoilt one means the first page."""
    if not text:
        return None
    try:
        backward, values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Cursor(bool(backward), tuple(values))
    except (ValueError, TypeError):
        return None


def encode_cursor(cursor: Cursor | None) -> str | None:
    """Return a cursor as text for a link."""
    if cursor is None:
        return None
    raw = json.dumps([int(cursor.backward), list(cursor.values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")
