"""The blueprint that the routes of papers on their way in share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("intake", __name__)
