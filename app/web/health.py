"""Whether the portal serves, and the certificate authority that the office's PCs must trust."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from sqlalchemy import text

from app.web.access import public
from app.web.identity import settings
from app.web.transactions import reading

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def check() -> Response:
    """Answer 200 once the database answers."""
    reading().execute(text("select 1"))
    return Response("ok\n", mimetype="text/plain")


@health.get("/ca.crt")
@public
def send_authority() -> Response:
    """Send the certificate of the local authority, for installing it; none where the office brought its own."""
    file = settings().instance / "tls" / "ca.crt"
    if not file.is_file():
        abort(404)
    response = Response(file.read_bytes(), mimetype="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = 'attachment; filename="baodang-ca.crt"'
    return response
