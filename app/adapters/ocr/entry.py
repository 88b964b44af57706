"""Where a reading child begins: bound itself, load the models, lock the doors, read page after page until nobody asks."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from importlib import import_module

from .wire import LENGTH, LONGEST_PAGE, READY, framed

_BEHIND_THE_PORTAL = 10  # niceness: the screens come first
_PARENT_DIED = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Answer pages on standard input until it closes, or nobody asked for `idle` seconds."""
    memory, idle = int(sys.argv[1]), int(sys.argv[2])
    _bound(memory)
    pipe = os.dup(1)
    os.dup2(2, 1)
    from .engine import Engine

    engine = Engine()
    engine.warm_up()
    import_module("sandbox.lockdown").lock_down()
    _send(pipe, READY)
    while (page := _receive(idle)) is not None:
        _send(pipe, _answer(engine, page))
    os._exit(0)


def _answer(engine: object, page: bytes) -> bytes:
    from .engine import Engine, Unreadable

    assert isinstance(engine, Engine)  # noqa: S101 (for the type checker)
    try:
        return json.dumps({"lines": engine.read(page)}, ensure_ascii=False).encode()
    except Unreadable as error:
        return json.dumps({"failed": str(error)}).encode()
    except MemoryError:
        return b'{"failed": "too_costly"}'


def _bound(memory: int) -> None:
    os.nice(_BEHIND_THE_PORTAL)
    ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL, 0, 0, 0)
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
    body = _read(length, idle) if length <= LONGEST_PAGE else b""
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
