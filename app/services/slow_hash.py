"""A hash that is slow on purpose (argon2id), and a check that takes its time even when there is nothing to check."""

from __future__ import annotations

import base64
import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

SALT_BYTES, DIGEST_BYTES = 16, 32


class SlowHash:
    """Hashes of one strength. Nothing here may be called while a transaction holds the write lock."""

    def __init__(self, *, memory_kib: int, passes: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes,
            memory_cost=memory_kib,
            parallelism=1,
            hash_len=DIGEST_BYTES,
            salt_len=SALT_BYTES,
            type=Type.ID,
        )
        salt, digest = (_base64(secrets.token_bytes(size)) for size in (SALT_BYTES, DIGEST_BYTES))
        # Well-formed, made from nothing: checking against it costs what a real check costs.
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${digest}"

    def make(self, secret: str) -> str:
        """Return what is kept of `secret`."""
        return self._hasher.hash(secret)

    def is_of(self, kept: str | None, secret: str) -> bool:
        """Say whether `kept` is the hash of `secret`; None takes as long as a wrong one."""
        try:
            return self._hasher.verify(kept or self._nobodys, secret)
        except VerifyMismatchError:
            return False

    def is_outdated(self, kept: str) -> bool:
        """Say whether a hash was made with another strength than this one."""
        return self._hasher.check_needs_rehash(kept)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
