"""When a page of questions was opened: sealed in the form, so that nobody sends another time."""

from __future__ import annotations

from datetime import UTC, datetime

from app.services.survey_invitations import token_hash
from app.web.sealed_query import open_query, seal_query

SHORT = 16


def opened_now(token: str, now: datetime) -> str:
    """Return `now` as the form of a token carries it."""
    return seal_query(f"{int(now.timestamp())} {token_hash(token)[:SHORT]}")


def opened_at(token: str, sealed: str, now: datetime) -> datetime | None:
    """Return when the form of a token was opened, None for a spoilt one and for that of another token."""
    seconds, _, mark = open_query(sealed[:400]).partition(" ")
    if mark != token_hash(token)[:SHORT] or not seconds.isdecimal():
        return None
    return min(datetime.fromtimestamp(int(seconds), UTC), now)
