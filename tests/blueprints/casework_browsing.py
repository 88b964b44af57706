"""Complaints for tests of screens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.ids import encode_id
from tests.cast import EAST_CITY, actor
from tests.client import Portal
from tests.services.casework import make_case

VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
OFFICE = timedelta(hours=8)


def arrange(portal: Portal, who: str = "clerk", *, handler_id: int | None = None, **fields: Any) -> tuple[str, int]:
    """Register a complaint two days ago, with a handler accept it; return its address and id."""
    now = datetime.now(UTC)
    with portal.session() as session:
        fields = {"received_at": now - timedelta(days=2), **fields}
        case = make_case(session, actor(session, who), now=now - timedelta(hours=1), handler_id=handler_id, **fields)
        session.commit()
        return f"/casework/{encode_id(case.id)}", case.id


def typed(page: str, *, before: timedelta = timedelta()) -> dict[str, str]:
    """Return what every step sends: the version of the page, and a moment in the office's time."""
    found = VERSION.search(page)
    moment = datetime.now(UTC) + OFFICE - before
    return {"version": found.group(1) if found else "", "moment": moment.strftime("%Y-%m-%dT%H:%M")}


__all__ = ["EAST_CITY", "arrange", "typed"]
