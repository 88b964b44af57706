"""The blueprint that the routes of completeness share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("completeness", __name__)
