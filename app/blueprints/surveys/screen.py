"""The blueprint that the routes of surveys share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("surveys", __name__)
