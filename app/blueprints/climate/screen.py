"""The blueprint that the routes of climate share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("climate", __name__)
