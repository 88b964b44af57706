"""How parent and child talk: a length of four bytes, then so many bytes; a page goes over, its lines come back as JSON."""

from __future__ import annotations

import struct

LENGTH = struct.Struct("!I")
LONGEST_PAGE = 64 << 20
LONGEST_ANSWER = 16 << 20
READY = b"ready"
EOT = 0


def framed(body: bytes) -> bytes:
    """Return a body with its length in front."""
    return LENGTH.pack(len(body)) + body
