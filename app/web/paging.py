"""Paging by cursor: the sort values of the last row, so that page 2,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.models.fields import field_cipher
from app.queries.keyset import Cursor

PURPOSE = b"cursor"


def decode_cursor(text: str | None) -> Cursor | None:
    """Return the cursor in a query string; a spoilt one means the first page."""
    if not text:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        backward, values = json.loads(field_cipher().unseal(sealed, PURPOSE))
        return Cursor(bool(backward), tuple(values))
    except (ValueError, TypeError):
        return None


def encode_cursor(cursor: Cursor | None) -> str | None:
    """Return a cursor as text for a link: sealed, since it may hold a name."""
    if cursor is None:
        return None
    raw = json.dumps([int(cursor.backward), list(cursor.values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(field_cipher().seal(raw.encode(), PURPOSE)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Listing:
    """The query of a list page: what stays the same when one turns the page or sorts anew."""

    endpoint: str
    kept: Mapping[str, Any]
    sort: str

    def turn(self, cursor: Cursor | None) -> str:
        """Return the address of another page, nothing where there is none."""
        return url_for(self.endpoint, **self.kept, sort=self.sort, at=encode_cursor(cursor)) if cursor else ""

    def sort_by(self, ascending: str, descending: str) -> tuple[str, str]:
        """Return the address that sorts by a column, the other way round when it does so, and the aria-sort now."""
        order = {ascending: "ascending", descending: "descending"}.get(self.sort, "")
        wanted = descending if self.sort == ascending else ascending
        return url_for(self.endpoint, **self.kept, sort=wanted), order


def listing(endpoint: str, *, sort: str, **kept: Any) -> Listing:
    """Return the listing of this request; empty filters are left out of addresses."""
    return Listing(endpoint, {name: value for name, value in kept.items() if value not in (None, "")}, sort)


def current_cursor() -> Cursor | None:
    """Return the cursor that the request asks for."""
    return decode_cursor(request.args.get("at"))
