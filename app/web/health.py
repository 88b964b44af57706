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
    if not offers_authority():
        abort(404)
    response = Response((settings().instance / "tls" / "ca.crt").read_bytes(), mimetype="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = 'attachment; filename="baodang-ca.crt"'
    return response


def offers_authority() -> bool:
    """Say whether PCs have to trust the local authority: not where the office brought a certificate of its own."""
    folder = settings().instance / "tls"
    return (folder / "ca.crt").is_file() and not (folder / "own.crt").exists()
