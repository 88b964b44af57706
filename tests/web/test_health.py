"""What is asked before anybody signs in: whether the portal serves, and whom its certificate makes a PC trust."""

from __future__ import annotations

from tests.client import Portal

AUTHORITY = b"-----BEGIN CERTIFICATE-----"


def test_the_portal_says_that_it_serves(portal: Portal) -> None:
    assert portal.visitor().get("/healthz").text == "ok\n"


def test_the_local_authority_is_offered_at_the_sign_in(portal: Portal) -> None:
    folder = portal.app.extensions["baodang"].instance / "tls"
    folder.mkdir(exist_ok=True)
    (folder / "ca.crt").write_bytes(AUTHORITY)
    visitor = portal.visitor()

    assert 'href="/ca.crt"' in visitor.get("/login").text
    sent = visitor.get("/ca.crt")

    assert sent.data == AUTHORITY
    assert sent.headers["Content-Disposition"] == 'attachment; filename="baodang-ca.crt"'


def test_an_office_with_a_certificate_of_its_own_offers_no_authority(portal: Portal) -> None:
    folder = portal.app.extensions["baodang"].instance / "tls"
    folder.mkdir(exist_ok=True)
    (folder / "ca.crt").write_bytes(AUTHORITY)
    (folder / "own.crt").write_bytes(AUTHORITY)
    visitor = portal.visitor()

    assert "/ca.crt" not in visitor.get("/login").text
    visitor.get("/ca.crt", status=404)
