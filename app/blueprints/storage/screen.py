"""The blueprint that the routes of the storeroom share."""

from __future__ import annotations

from flask import Blueprint

screen = Blueprint("storage", __name__)
