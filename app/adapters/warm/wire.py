"""How parent and child talk: a length of four bytes, then so many bytes."""

from __future__ import annotations

import struct

LENGTH = struct.Struct("!I")
LONGEST_REQUEST = 64 << 20
LONGEST_ANSWER = 64 << 20
READY = b"ready"


def framed(body: bytes) -> bytes:
    """Return a body with its length in front."""
    return LENGTH.pack(len(body)) + body
