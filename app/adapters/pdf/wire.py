"""Messages between the parent and the press over one socket pair: a JSON head and any number of byte strings.

JSON, not pickle: the parent must be able to read an answer of a child that a hostile text has taken over.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

_LENGTH = struct.Struct(">Q")
_LONGEST = 512 * 2**20  # bytes of one frame; the press never has reason to send so much


class WireClosed(Exception):
    """The other side is gone, or talks nonsense."""


def _go_on_waiting() -> None:
    """Wait without end; only the parent has something better to do."""


class Wire:
    """One end of the line; `waiting` is called whenever the socket's time-out passes, and may raise."""

    def __init__(self, line: socket.socket, waiting: Callable[[], None] = _go_on_waiting) -> None:
        self._line = line
        self.waiting = waiting

    def send(self, head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Send one message; raises `WireClosed`."""
        self._send_frame(json.dumps({**head, "blobs": len(blobs)}, ensure_ascii=False).encode())
        for blob in blobs:
            self._send_frame(blob)

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Return the next message; raises `WireClosed`."""
        try:
            head = json.loads(self._receive_frame())
            blobs = [self._receive_frame() for _ in range(head["blobs"])]
        except (ValueError, KeyError, TypeError) as fault:
            raise WireClosed from fault
        return head, blobs

    def _send_frame(self, frame: bytes) -> None:
        self._send_all(_LENGTH.pack(len(frame)))
        self._send_all(frame)

    def _send_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._line.send(rest) :]
            except TimeoutError:
                self.waiting()
            except OSError as fault:
                raise WireClosed from fault

    def _receive_frame(self) -> bytes:
        (length,) = _LENGTH.unpack(self._receive_all(_LENGTH.size))
        if length > _LONGEST:
            raise WireClosed
        return self._receive_all(length)

    def _receive_all(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            data += self._receive_some(length - len(data))
        return bytes(data)

    def _receive_some(self, at_most: int) -> bytes:
        while True:
            try:
                piece = self._line.recv(min(at_most, 2**20))
            except TimeoutError:
                self.waiting()
                continue
            except OSError as fault:
                raise WireClosed from fault
            if not piece:
                raise WireClosed
            return piece
