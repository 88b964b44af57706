"""The blueprint that the routes of borrowing share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("borrowing", __name__)
