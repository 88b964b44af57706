"""The folder of one installation: taken by one supervisor at a time, and prepared before it serves."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from supervising.child import watched

MYPY = False
if MYPY:  # for the type checker alone: loading it costs time and memory
    from typing import Any

DAY = 86_400.0
# The server certificate lives 397 days and is renewed in its last 30: see app/adapters/tls_local.py.
CERTIFICATE_DAYS = 397 - 30 + 1


class InstanceBusy(Exception):
    """Another supervisor serves this instance; the message says which."""


class NoFolder(Exception):
    """The instance can't be made or written where it was asked for; the message says why."""


class Instance:
    """One installation and the code that serves it."""

    def __init__(self, root: str, folder: str) -> None:
        self.root = root
        self.folder = os.path.abspath(folder)

    def path(self, *parts: str) -> str:
        """Return the path of something in the folder."""
        return "/".join((self.folder, *parts))

    @contextmanager
    def locked(self) -> Iterator[Instance]:
        """Hold the instance, so that it is not served twice; raises `InstanceBusy`, `NoFolder`."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            descriptor = os.open(self.path("server.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise NoFolder(
                f"{self.folder} can't be the folder of an installation: {error.strerror}. "
                "Start as the account that owns it, or name another folder: --instance DIR"
            ) from None
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(descriptor, 20).decode().strip() or "unknown"
                raise InstanceBusy(
                    f"{self.folder} is already served by process {holder}. Stop that one first (kill {holder}), "
                    "or serve another installation: --instance DIR --port N"
                ) from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield self
        finally:
            os.close(descriptor)

    def environment(self, names: Sequence[str]) -> dict[str, str]:
        """Return what the processes of the portal find in their environment."""
        return {
            # Many threads with an arena each cost memory, and time nothing here.
            "MALLOC_ARENA_MAX": "2",
            **os.environ,
            "BAODANG_INSTANCE": self.folder,
            "BAODANG_HOSTS": ",".join(names),
            "PYTHONUNBUFFERED": "1",
        }

    def prepare_command(self, *, demo: bool) -> list[str]:
        """Return the command that makes the instance, or brings it to the newest step."""
        command = [f"{self.root}/.venv/bin/python", "-m", "app.cli.prepare", "--instance", self.folder]
        return [*command, "--demo"] if demo else command

    def prepare(self, *, demo: bool, names: Sequence[str]) -> bool:
        """Prepare the instance where that is needed; return whether it can be served."""
        if self.is_prepared(demo=demo, names=names):
            return True
        # On our own output, never in a log: a new installation prints its activation codes here.
        command = watched(self.prepare_command(demo=demo))
        pid = os.posix_spawn(command[0], command, self.environment(names))
        try:
            _, status = os.waitpid(pid, 0)
        except KeyboardInterrupt:
            os.kill(pid, signal.SIGINT)
            os.waitpid(pid, 0)
            raise
        if status == 0:
            self.note_prepared(names)
        return status == 0

    def is_prepared(self, *, demo: bool, names: Sequence[str]) -> bool:
        """Say whether nothing has changed since the instance was last prepared."""
        ready, noted = _read(self.path("ready.json")), _read(self.path("prepared.json"))
        return (
            bool(ready)
            and (not demo or ready.get("demo") is True)
            and noted.get("code") == code_state(self.root)
            and noted.get("files") == self.files_state()
            and set(names) <= set(noted.get("names", ()))
            and not self.certificate_is_due()
        )

    def note_prepared(self, names: Sequence[str]) -> None:
        """Remember for what the instance has been prepared."""
        fresh = self.path("prepared.json.new")
        state = {"code": code_state(self.root), "files": self.files_state(), "names": list(names)}
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace(fresh, self.path("prepared.json"))

    def certificate(self) -> tuple[str, str]:
        """Return the certificate and the key to serve with: the office's own where it has brought one."""
        name = "own" if os.path.exists(self.path("tls", "own.crt")) else "server"
        return self.path("tls", f"{name}.crt"), self.path("tls", f"{name}.key")

    def files_state(self) -> str:
        """Return a text that changes with what people may put into the folder: settings and certificates."""
        names = ("config.toml", "tls/own.crt", "tls/own.key", "tls/server.crt", "tls/server.key")
        return " ".join(_state(self.path(name)) for name in names)

    def certificate_is_due(self) -> bool:
        """Say whether the server certificate is in its last 30 days."""
        certificate = self.certificate()[0]
        try:
            age = time.time() - os.stat(certificate).st_mtime
        except FileNotFoundError:
            return True
        return certificate.endswith("/server.crt") and age > CERTIFICATE_DAYS * DAY


def code_state(root: str) -> str:
    """Return a text that changes with the program: after an update, an instance is prepared once more."""
    total = 0
    for folder in ("app", "migrations"):
        for path in sorted(_programs(f"{root}/{folder}")):
            total = zlib.crc32(f"{path} {_state(path)}".encode(), total)
    return f"{total:08x}"


def _programs(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(("__pycache__", "static", ".")):
                yield from _programs(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path


def _state(path: str) -> str:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return "-"
    return f"{found.st_size}:{found.st_mtime_ns}"


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
