"""The blueprint that the routes of rules, calendar and causes share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("clocks", __name__)
