"""The parent's hand on a press: starts the child, talks to it, kills it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.adapters.pdf.wire import Wire, WireClosed
from app.ports import PrintFailed

_ROOT = Path(__file__).resolve().parents[3]
_OUT_OF_MEMORY = 3
_HEARTBEAT = 1.0  # seconds between two questions to the caller while the press works

# The child sees `app` as a bare folder: the portal itself (Flask, the database, the secrets) stays outside.
_START = (
    "import sys, types; app = sys.modules['app'] = types.ModuleType('app'); app.__path__ = [sys.argv[1] + '/app']; "
    "from app.adapters.pdf.child import main; main()"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one press may use."""

    memory_bytes: int
    cpu_seconds: int  # of processor time for one request
    wall_seconds: float  # for one answer, on the clock


class Press:
    """One child process; a context, at whose end the child is dead."""

    def __init__(self, limits: Limits, still_wanted: Callable[[], None]) -> None:
        """Start the child; `still_wanted` is called about every second of waiting and may raise."""
        self._limits = limits
        self._still_wanted = still_wanted
        self._patience_ends = 0.0
        self._line, far_end = socket.socketpair()
        self._line.settimeout(_HEARTBEAT)
        self._wire = Wire(self._line, self._wait)
        with far_end:
            self._child = self._start(far_end)

    def send(self, head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Hand over a request; raises `PrintFailed`."""
        self._patience_ends = time.monotonic() + self._limits.wall_seconds
        try:
            self._wire.send(head, blobs)
        except WireClosed:
            raise self._failure() from None

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Return the next answer; raises `PrintFailed`, or what `still_wanted` raises."""
        self._patience_ends = time.monotonic() + self._limits.wall_seconds
        try:
            head, blobs = self._wire.receive()
        except WireClosed:
            raise self._failure() from None
        if "fault" in head:
            raise PrintFailed("died", str(head["fault"]))
        return head, blobs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()
        self._child.kill()
        self._child.wait()

    def _start(self, far_end: socket.socket) -> subprocess.Popen[bytes]:
        limits = (str(self._limits.memory_bytes), str(self._limits.cpu_seconds))
        passed_on = ("PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
        return subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, str(_ROOT), *limits],
            stdin=far_end.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in passed_on if name in os.environ},
            start_new_session=True,
        )

    def _wait(self) -> None:
        if time.monotonic() > self._patience_ends:
            raise PrintFailed("too_costly", "time")
        self._still_wanted()

    def _failure(self) -> PrintFailed:
        # The line closes a moment before the kernel knows how the child ended.
        try:
            status = self._child.wait(_HEARTBEAT)
        except subprocess.TimeoutExpired:
            return PrintFailed("died", "silent")
        if status == -signal.SIGXCPU:
            return PrintFailed("too_costly", "processor")
        if status == _OUT_OF_MEMORY:
            return PrintFailed("too_costly", "memory")
        return PrintFailed("died", str(status))
