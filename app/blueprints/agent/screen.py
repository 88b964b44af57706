"""The blueprint that the routes of agents share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("agent", __name__)
