"""Column types for what must not lie in clear in the database.

The cipher is handed in once by the composition root; tables know only that a value is sealed.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class FieldCipher(Protocol):
    """Seals single values; `purpose` keeps a value of one column from being read as another's."""

    def seal(self, plain: bytes, purpose: bytes) -> bytes:
        """Return the sealed bytes."""

    def unseal(self, sealed: bytes, purpose: bytes) -> bytes:
        """Return the plain bytes; raises `ValueError` when they were changed or belong elsewhere."""

    def blind(self, plain: str, purpose: bytes) -> str:
        """Return a keyed fingerprint (hex) for exact search."""


class NoCipher(RuntimeError):
    """A sealed column was used before the instance's keys were loaded."""


_installed: list[FieldCipher] = []


def install_cipher(cipher: FieldCipher) -> None:
    """Use `cipher` for all sealed columns of this process."""
    _installed[:] = [cipher]


def field_cipher() -> FieldCipher:
    """Return the cipher in use; raises `NoCipher`."""
    if not _installed:
        raise NoCipher
    return _installed[0]


class SealedText(TypeDecorator[str]):
    """Text that is sealed on its way into the database and opened on its way out."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else field_cipher().seal(value.encode(), self.purpose.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else field_cipher().unseal(bytes(value), self.purpose.encode()).decode()
