"""The certificates of an instance: made once, renewed in time, and good enough for a strict client."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.adapters.tls_local import ServerCertificate, ensure_certificates
from app.adapters.tls_own import BadCertificate

NOW = datetime.now(UTC).replace(microsecond=0)
OFFICE = ("archive.office", "192.168.1.5")


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def bring_own(folder: Path, made_in: Path) -> None:
    """Put the certificate that was made in one folder into another one as the office's own."""
    ensure_certificates(made_in, OFFICE, NOW)
    folder.mkdir(exist_ok=True)
    for suffix in ("crt", "key"):
        (folder / f"own.{suffix}").write_bytes((made_in / f"server.{suffix}").read_bytes())
        (folder / f"own.{suffix}").chmod(0o600)


def greet(found: ServerCertificate, name: str) -> str:
    """Return the TLS version that a strict client and a server with this certificate agree on."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(found.certificate, found.key)
    client = ssl.create_default_context(cafile=found.authority)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        # The client's refusal is told there.
        with suppress(ssl.SSLError), server.wrap_socket(theirs, server_side=True) as stream:
            stream.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as stream:
            stream.send(b"x")
            return stream.version() or ""
    finally:
        ours.close()
        thread.join()


def test_the_first_start_makes_an_authority_and_a_server_certificate(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path / "tls", OFFICE, NOW)

    names = read(found.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "archive.office"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ip_address("127.0.0.1"),
        ip_address("::1"),
        ip_address("192.168.1.5"),
    ]
    assert found.authority is not None
    read(found.certificate).verify_directly_issued_by(read(found.authority))


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "archive.office", "192.168.1.5"])
def test_a_strict_client_that_trusts_the_authority_accepts_each_name(tmp_path: Path, name: str) -> None:
    found = ensure_certificates(tmp_path / "tls", OFFICE, NOW)

    version = greet(found, name)

    assert version == "TLSv1.3"


def test_a_name_that_was_not_asked_for_is_refused(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path / "tls", OFFICE, NOW)

    with pytest.raises(ssl.SSLCertVerificationError):
        greet(found, "elsewhere.office")


def test_names_in_chinese_and_whole_domains_are_written_as_certificates_want_them(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path, ("档案.内网", ".branch.office", "[::1]", " LOCALHOST "), NOW)

    names = read(found.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "xn--dyv4b.xn--v6q792i", "*.branch.office"]


def test_keys_are_for_their_owner_only_and_in_pkcs8(tmp_path: Path) -> None:
    folder = tmp_path / "tls"

    ensure_certificates(folder, (), NOW)

    assert mode(folder) == 0o700
    for name in ("ca.key", "server.key"):
        assert mode(folder / name) == 0o600
        assert (folder / name).read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert mode(folder / "ca.crt") == 0o644


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, OFFICE, NOW)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    ensure_certificates(tmp_path, OFFICE[:1], NOW + timedelta(days=300))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("days", "is_renewed"), [(366, False), (368, True), (500, True)], ids=["31 days left", "29 days left", "expired"]
)
def test_a_server_certificate_is_renewed_in_its_last_thirty_days(tmp_path: Path, days: int, is_renewed: bool) -> None:
    found = ensure_certificates(tmp_path, (), NOW)
    before, authority = read(found.certificate), (tmp_path / "ca.crt").read_bytes()

    ensure_certificates(tmp_path, (), NOW + timedelta(days=days))

    assert (read(found.certificate) != before) is is_renewed
    assert (tmp_path / "ca.crt").read_bytes() == authority


def test_a_server_certificate_lives_no_longer_than_browsers_accept(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path, (), NOW)

    certificate = read(found.certificate)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=398)


def test_the_date_of_the_file_is_that_of_the_certificate_even_after_a_restore(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path, (), NOW)
    os.utime(found.certificate)

    ensure_certificates(tmp_path, (), NOW + timedelta(days=1))

    assert found.certificate.stat().st_mtime == read(found.certificate).not_valid_before_utc.timestamp()


def test_a_new_address_of_the_machine_gets_a_new_certificate(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, ("192.168.1.5",), NOW)

    found = ensure_certificates(tmp_path, ("192.168.1.77",), NOW)

    names = read(found.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ip_address("192.168.1.77") in names.get_values_for_type(x509.IPAddress)


def test_an_authority_near_its_end_is_replaced_together_with_what_it_signed(tmp_path: Path) -> None:
    found = ensure_certificates(tmp_path, (), NOW)
    before = read(tmp_path / "ca.crt")

    ensure_certificates(tmp_path, (), NOW + timedelta(days=3630))

    assert read(tmp_path / "ca.crt") != before
    read(found.certificate).verify_directly_issued_by(read(tmp_path / "ca.crt"))


@pytest.mark.parametrize("victim", ["server.key", "server.crt", "ca.key", "ca.crt"])
@pytest.mark.parametrize("damage", ["lost", "garbled"])
def test_a_lost_or_garbled_file_is_made_anew(tmp_path: Path, victim: str, damage: str) -> None:
    ensure_certificates(tmp_path, (), NOW)
    if damage == "lost":
        (tmp_path / victim).unlink()
    else:
        (tmp_path / victim).write_bytes(b"-----BEGIN garbled")

    found = ensure_certificates(tmp_path, (), NOW)

    assert greet(found, "localhost") == "TLSv1.3"


def test_own_certificates_are_used_when_they_are_there(tmp_path: Path) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")

    found = ensure_certificates(tmp_path / "tls", (), NOW)

    assert found == ServerCertificate(tmp_path / "tls" / "own.crt", tmp_path / "tls" / "own.key", authority=None)
    assert not (tmp_path / "tls" / "ca.key").exists()


def test_an_expired_own_certificate_is_served_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")

    ensure_certificates(tmp_path / "tls", (), NOW + timedelta(days=400))

    assert "own.crt is not valid today" in caplog.text


@pytest.mark.parametrize("missing", ["own.crt", "own.key"])
def test_half_of_an_own_certificate_is_refused(tmp_path: Path, missing: str) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")
    (tmp_path / "tls" / missing).unlink()

    with pytest.raises(BadCertificate, match=f"{missing} is missing"):
        ensure_certificates(tmp_path / "tls", (), NOW)


def test_an_own_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")
    (tmp_path / "tls" / "own.key").chmod(0o644)

    with pytest.raises(BadCertificate, match="chmod 600"):
        ensure_certificates(tmp_path / "tls", (), NOW)


def test_the_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")
    (tmp_path / "tls" / "own.key").write_bytes((tmp_path / "elsewhere" / "ca.key").read_bytes())

    with pytest.raises(BadCertificate, match="is not the key of"):
        ensure_certificates(tmp_path / "tls", (), NOW)


def test_an_own_key_in_another_format_is_refused_with_the_command_that_converts_it(tmp_path: Path) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")
    key = serialization.load_pem_private_key((tmp_path / "tls" / "own.key").read_bytes(), password=None)
    traditional = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (tmp_path / "tls" / "own.key").write_bytes(traditional)

    with pytest.raises(BadCertificate, match="openssl pkcs8 -topk8 -nocrypt"):
        ensure_certificates(tmp_path / "tls", (), NOW)


@pytest.mark.parametrize(
    ("victim", "content", "says"),
    [
        ("own.crt", b"garbled", "not a certificate"),
        ("own.key", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", "damaged key"),
    ],
)
def test_a_garbled_own_file_is_refused_by_name(tmp_path: Path, victim: str, content: bytes, says: str) -> None:
    bring_own(tmp_path / "tls", tmp_path / "elsewhere")
    (tmp_path / "tls" / victim).write_bytes(content)

    with pytest.raises(BadCertificate, match=f"{victim}: .*{says}"):
        ensure_certificates(tmp_path / "tls", (), NOW)
