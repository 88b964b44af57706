"""The self-test of the sandbox: lock the doors, then rattle at each."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable

from .bounds import Bounds
from .lockdown import lock_down

_NEEDED_BY_NOBODY_HERE = {"flask", "sqlalchemy", "app", "cryptography"}


def probe(bounds: Bounds) -> str:
    """Return what stands and what was tried, `name=answer` a line; a trial answers `denied` or `allowed`."""
    layers = lock_down()
    answers = {name: str(answer) for name, answer in layers._asdict().items()}
    for name, trial in _TRIALS.items():
        answers[name] = _try(trial)
    answers["more_memory"] = _try(lambda: bytearray(bounds.memory_bytes))
    answers["environment"] = " ".join(sorted(set(os.environ) - {"LC_CTYPE"}))  # Python sets this one itself
    answers["foreign_modules"] = " ".join(sorted(_NEEDED_BY_NOBODY_HERE & set(sys.modules)))
    return "\n".join(f"{name}={answer}" for name, answer in answers.items())


def _try(trial: Callable[[], object]) -> str:
    try:
        trial()
    except (OSError, MemoryError):
        return "denied"
    return "allowed"


def _open_socket() -> None:
    socket.socket(socket.AF_INET).close()


def _open_local_socket() -> None:
    socket.socket(socket.AF_UNIX).close()


def _read_file() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _write_file() -> None:
    os.close(os.open("/tmp/baodang-probe", os.O_WRONLY | os.O_CREAT))  # noqa: S108


def _make_folder() -> None:
    os.mkdir("/tmp/baodang-probe")  # noqa: PTH102, S108
    os.rmdir("/tmp/baodang-probe")  # noqa: PTH106, S108


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)


_TRIALS: dict[str, Callable[[], object]] = {
    "socket": _open_socket,
    "local_socket": _open_local_socket,
    "read_file": _read_file,
    "write_file": _write_file,
    "make_folder": _make_folder,
    "start_process": _start_process,
    "signal_parent": lambda: os.kill(os.getppid(), 0),
}
