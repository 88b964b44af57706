"""The blueprint that the routes of imports share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("imports", __name__)
