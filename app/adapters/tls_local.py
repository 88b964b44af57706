"""The certificates of one instance: a certificate authority of its own, and a server certificate that it signs.

An office without internet gets no certificate from outside. So the first start makes an authority; the office trusts it
once on each PC (`ca.crt` is offered for download) and every renewal after that goes unnoticed. Certificates of the
office's own replace all this when `own.crt` and `own.key` lie in the folder.

Files, all in PEM: `ca.crt ca.key server.crt server.key`, keys in PKCS#8 and readable by their owner only.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.adapters.tls_own import own_certificate

AUTHORITY_LIFE = timedelta(days=3652)
# Browsers refuse server certificates that live longer than 398 days.
SERVER_LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
# A PC whose clock is somewhat behind must not refuse a certificate that was made a moment ago.
CLOCK_SKEW = timedelta(hours=1)
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What to serve with: `certificate` and `key` are files; `authority` is what PCs must trust, None for own ones."""

    certificate: Path
    key: Path
    authority: Path | None


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure_certificates(folder: Path, hosts: Sequence[str], now: datetime) -> ServerCertificate:
    """Return the certificate to serve with, made or renewed where that is due.

    `hosts` are names and addresses that the portal answers to, besides this machine's own loopback. A server
    certificate is renewed when it lacks one of them, when fewer than 30 days remain, or when the authority has changed.
    Raises `tls_own.BadCertificate` when `own.crt` and `own.key` are there and can't be used.
    """
    own = own_certificate(folder, now)
    if own is not None:
        return ServerCertificate(*own, authority=None)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _ensure_authority(folder, now)
    names = _names((*ALWAYS, *hosts))
    server = _read_pair(folder, "server")
    if server is None or _is_due(server.certificate, now) or not _serves(server.certificate, authority, names):
        server = _make_server(authority, names, now)
        _write_pair(folder, "server", server)
    _date_like(folder / "server.crt", server.certificate)
    return ServerCertificate(folder / "server.crt", folder / "server.key", authority=folder / "ca.crt")


def _ensure_authority(folder: Path, now: datetime) -> _Pair:
    authority = _read_pair(folder, "ca")
    if authority is None or _is_due(authority.certificate, now):
        authority = _make_authority(now)
        _write_pair(folder, "ca", authority)
    return authority


def _is_due(certificate: x509.Certificate, now: datetime) -> bool:
    return not (certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE)


def _serves(certificate: x509.Certificate, authority: _Pair, names: Iterable[x509.GeneralName]) -> bool:
    """Return whether the certificate is of this authority and good for all of the names."""
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()).key_identifier
    signer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    covered = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return signer == key_id and set(names) <= set(covered)


def _names(hosts: Iterable[str]) -> tuple[x509.GeneralName, ...]:
    """Return each host once, as the kind of name that it is; `[::1]` and `::1` are the same address."""
    return tuple(dict.fromkeys(_name(host.strip().strip("[]").lower()) for host in hosts if host.strip()))


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        # A leading dot is how the settings say "and all names below it".
        return x509.DNSName(("*" * host.startswith(".") + host).encode("idna").decode("ascii"))


def _make_authority(now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    # The date tells two authorities apart in a list of trusted ones.
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "保档"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"保档 local authority {now:%Y-%m-%d} {os.urandom(3).hex()}"),
        ]
    )
    builder = (
        _builder(name, name, key, now, now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
    )
    return _Pair(builder.sign(key, hashes.SHA256()), key)


def _make_server(authority: _Pair, names: Sequence[x509.GeneralName], now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "保档")])
    until = min(now + SERVER_LIFE, authority.certificate.not_valid_after_utc)
    issuer_key = authority.key.public_key()
    builder = (
        _builder(subject, authority.certificate.subject, key, now, until)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return _Pair(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _read_pair(folder: Path, name: str) -> _Pair | None:
    """Return a certificate with its key; None where there is none or the two don't belong together."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        return None
    return _Pair(certificate, key)


def _write_pair(folder: Path, name: str, pair: _Pair) -> None:
    """Put key and certificate in place; a crash between the two leaves a pair that doesn't match and is made anew."""
    pem = serialization.Encoding.PEM
    key = pair.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(folder / f"{name}.key", key, mode=0o600)
    _write(folder / f"{name}.crt", pair.certificate.public_bytes(pem), mode=0o644)


def _date_like(path: Path, certificate: x509.Certificate) -> None:
    """Give the file the date of the certificate: the supervisor, which reads no certificates, tells its age by that.

    A copy that was brought back from a backup would look young.
    """
    made = certificate.not_valid_before_utc.timestamp()
    if path.stat().st_mtime != made:
        os.utime(path, (made, made))


def _write(path: Path, content: bytes, *, mode: int) -> None:
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
