"""A page over, what became of it back: a letter and the JPEG; a head as JSON, then image and thumbnail."""

from __future__ import annotations

import json
import struct
from typing import Any

RESTORE, KEEP_UPRIGHT, JUDGE = b"r", b"u", b"j"  # KEEP_UPRIGHT: restore, but a person said which way is up
_HEAD = struct.Struct("!II")


def pack(head: dict[str, Any], image: bytes = b"", thumbnail: bytes = b"") -> bytes:
    """Return an answer."""
    text = json.dumps(head).encode()
    return _HEAD.pack(len(text), len(image)) + text + image + thumbnail


def unpack(answer: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Return head, image and thumbnail; raises `ValueError`."""
    if len(answer) < _HEAD.size:
        raise ValueError("too short")
    first, second = _HEAD.unpack_from(answer)
    start = _HEAD.size
    head = json.loads(answer[start : start + first])
    if not isinstance(head, dict):
        raise ValueError("no head")  # noqa: TRY004 (what came is wrong, not its type here)
    image = answer[start + first : start + first + second]
    return head, image, answer[start + first + second :]
