"""The blueprint that the routes of reading share, and the adapters of this process."""

from __future__ import annotations

from flask import Blueprint, current_app

from app.ports import Tools

screen = Blueprint("reading", __name__)


def tools() -> Tools:
    """Return the adapters of this process."""
    found: Tools = current_app.extensions["tools"]
    return found
