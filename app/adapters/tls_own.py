"""Certificates that the office brings itself: `own.crt` (server certificate first, then its chain) and `own.key`."""

from __future__ import annotations

import logging
import stat
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

LOG = logging.getLogger("baodang.tls")


class BadCertificate(Exception):
    """The certificate that was brought can't be used; the message says what to do."""


def own_certificate(folder: Path, now: datetime) -> tuple[Path, Path] | None:
    """Return the files of the office's own certificate and key, checked; None where there are none.

    Raises `BadCertificate` when one of the two is missing, unreadable, readable by others, or not of the other. An
    expired one is used nevertheless, and logged: a portal with a warning helps more than none.
    """
    certificate, key = folder / "own.crt", folder / "own.key"
    if not certificate.exists() and not key.exists():
        return None
    _refuse_half(certificate, key)
    _refuse_world_readable(key)
    own = _read_certificate(certificate)
    if own.public_key() != _read_public_key(key):
        raise BadCertificate(f"{key} is not the key of {certificate}.")
    if not own.not_valid_before_utc <= now <= own.not_valid_after_utc:
        LOG.warning("%s is not valid today (%s to %s)", certificate, own.not_valid_before_utc, own.not_valid_after_utc)
    return certificate, key


def _refuse_half(certificate: Path, key: Path) -> None:
    for path, other in ((certificate, key), (key, certificate)):
        if not path.exists():
            raise BadCertificate(f"{other} is there, but {path} is missing: bring both, or remove both.")


def _refuse_world_readable(key: Path) -> None:
    if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadCertificate(f"{key}: others can read this key. Run: chmod 600 {key}")


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except ValueError as error:
        raise BadCertificate(f"{path}: not a certificate in PEM format.") from error


def _read_public_key(path: Path) -> object:
    content = path.read_bytes()
    if b"-----BEGIN PRIVATE KEY-----" not in content:
        # The server reads PKCS#8 only; openssl writes it from any other format, asking for a password where there is one.
        raise BadCertificate(
            f"{path}: not an open key in PKCS#8 format. Run: "
            f"openssl pkcs8 -topk8 -nocrypt -in {path} -out new.key, then put new.key in its place."
        )
    try:
        return serialization.load_pem_private_key(content, password=None).public_key()
    except ValueError as error:
        raise BadCertificate(f"{path}: a damaged key.") from error
