"""A second look before a form of the rules is shown: only the head office's archivist may change them."""

from __future__ import annotations

from app.services.catalogue import require_may_change
from app.web.identity import the_actor
from app.web.transactions import reading


def require_the_head_archivist() -> None:
    """Raise `NotAllowed` unless the reader may change the rules; the services look again."""
    require_may_change(reading(), the_actor())
