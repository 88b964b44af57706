"""The blueprint that the routes of complaints share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("casework", __name__)
