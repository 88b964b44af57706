"""What the processes say: passed on to our own output, and kept in files that don't grow for ever."""

from __future__ import annotations

import os
import select
import sys
import time

LIMIT_BYTES = 5 * 1024 * 1024
KEPT = 4
LINE_BYTES = 8192


class LogFile:
    """A file to append to; past `limit` bytes it becomes `.1`, and the oldest of `kept` goes."""

    def __init__(self, path: str, *, limit: int = LIMIT_BYTES, kept: int = KEPT) -> None:
        self.path = path
        self.limit = limit
        self.kept = kept
        self.descriptor = self._open()
        self.size = os.fstat(self.descriptor).st_size

    def write(self, line: bytes) -> None:
        """Append a line; a full disk loses the line, never the portal."""
        if self.size + len(line) > self.limit:
            self._rotate()
        try:
            self.size += os.write(self.descriptor, line)
        except OSError:
            return

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _rotate(self) -> None:
        os.close(self.descriptor)
        for age in range(self.kept, 0, -1):
            younger = f"{self.path}.{age - 1}" if age > 1 else self.path
            if os.path.exists(younger):
                os.replace(younger, f"{self.path}.{age}")
        self.descriptor = self._open()
        self.size = 0


class Voice:
    """The output of one process, cut into lines, each with its time and the name of who said it."""

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self.file = LogFile(f"{folder}/{name}.log")
        self.rest = b""

    def hear(self, piece: bytes) -> None:
        """Take a piece of output as it comes."""
        *lines, self.rest = (self.rest + piece).split(b"\n")
        if len(self.rest) > LINE_BYTES:
            lines, self.rest = [*lines, self.rest], b""
        for line in lines:
            self.say(line)

    def end(self) -> None:
        """Pass on what was said without an end of line."""
        if self.rest:
            self.say(self.rest)
            self.rest = b""

    def say(self, line: bytes) -> None:
        """Write one line to the file and to our output."""
        stamped = time.strftime("%Y-%m-%d %H:%M:%S ").encode() + line[:LINE_BYTES] + b"\n"
        self.file.write(stamped)
        tell(f"{self.name}: ".encode() + stamped)


def tell(line: bytes) -> None:
    """Write to our output unless its reader has stopped reading: the portal must not wait for it."""
    try:
        descriptor = sys.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT)
        # A pipe that is ready takes 4096 bytes without blocking.
        for begin in range(0, len(line), 4096):
            if not poll.poll(0):
                return
            os.write(descriptor, line[begin : begin + 4096])
    except (OSError, ValueError, AttributeError):
        return
