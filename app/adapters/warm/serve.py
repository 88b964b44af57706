"""The child's side: bound itself, load, lock the doors, answer request after request until nobody asks."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from .wire import LENGTH, LONGEST_REQUEST, READY, framed

Answer = Callable[[bytes], bytes]


def serve(load: Callable[[], Answer]) -> None:
    """Answer requests on standard input until it closes, as it does when the parent dies.

    `sys.argv` tells memory in bytes, idle seconds, niceness.
    `load` returns what answers, after it has done everything once: behind locked doors nothing can be opened any more.
    """
    memory, idle, niceness = map(int, sys.argv[1:4])
    _bound(memory, niceness)
    pipe = os.dup(1)
    os.dup2(2, 1)
    answer = load()
    import_module("sandbox.lockdown").lock_down()
    _send(pipe, READY)
    while (request := _receive(idle)) is not None:
        _send(pipe, answer(request))
    os._exit(0)


def _bound(memory: int, niceness: int) -> None:
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for unwanted in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(unwanted, (0, 0))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 (as in the sandbox)
        file.write("1000")


def _receive(idle: int) -> bytes | None:
    head = _read(LENGTH.size, idle)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = _read(length, idle) if length <= LONGEST_REQUEST else b""
    return body if len(body) == length else None


def _read(size: int, idle: int) -> bytes:
    # Not poll: it takes no more descriptors than may be open, and none may.
    signal.alarm(idle)
    parts = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    signal.alarm(0)
    return b"".join(parts)


def _send(pipe: int, body: bytes) -> None:
    rest = memoryview(framed(body))
    while rest:
        rest = rest[os.write(pipe, rest) :]
