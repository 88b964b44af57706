"""Whether the portal serves."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text

from app.web.access import public
from app.web.transactions import reading

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def check() -> Response:
    """Answer 200 once the database answers."""
    reading().execute(text("select 1"))
    return Response("ok\n", mimetype="text/plain")
