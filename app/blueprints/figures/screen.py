"""The blueprint that the routes of figures share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("figures", __name__)
