"""The blueprint that the routes of volumes share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("volumes", __name__)
