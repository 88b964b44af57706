"""Refusals belong into the trail as well: who was turned away, where."""

from __future__ import annotations

from flask import request

from app.services import trail
from app.web.clock import now
from app.web.identity import client_address, current_actor
from app.web.transactions import writing


def note_refusal(error: Exception) -> None:
    """Write down that a signed-in person was refused; the address names the route, never its query."""
    actor = current_actor()
    if actor is None:
        return
    with writing() as session:
        trail.record(
            session,
            actor,
            "request_refused",
            trail.Subject("route", label=request.endpoint or ""),
            now=now(),
            reason=str(error),
            refused=True,
            address=client_address(),
        )
