"""AES-256-GCM for single fields, HMAC-SHA256 for blind indexes, HKDF for keys with one purpose each."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
BLIND_HEX = 40  # 160 bit: far beyond accidental collision, short enough for an index


def derive_key(master: bytes, purpose: str) -> bytes:
    """Return the 32-byte key that `master` gives for `purpose`."""
    return HKDF(hashes.SHA256(), 32, salt=b"baodang", info=purpose.encode()).derive(master)


class AesGcmCipher:
    """The field cipher of an instance."""

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(derive_key(master, "field"))
        self._blind_key = derive_key(master, "blind-index")

    def seal(self, plain: bytes, purpose: bytes) -> bytes:
        """Return nonce and ciphertext, bound to `purpose`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, purpose)

    def unseal(self, sealed: bytes, purpose: bytes) -> bytes:
        """Return the plain bytes; raises `ValueError` when they do not authenticate."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose)
        except InvalidTag as error:
            raise ValueError("a sealed value does not authenticate") from error

    def blind(self, plain: str, purpose: bytes) -> str:
        """Return the keyed fingerprint of `plain` for `purpose`, 40 hex digits."""
        return hmac.new(self._blind_key, purpose + b"\0" + plain.encode(), hashlib.sha256).hexdigest()[:BLIND_HEX]
