"""Where an index lies: one folder a build, a pointer file that names the current one, and the writer's lock.

index/current                    two lines: the build's folder, and a probe of the key that blinded it
index/writer.lock
index/v1-8c0f…/_MAIN_7.toc, MAIN_….trm, MAIN_….doc
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.ports import IndexBusy, IndexUnavailable

_FORMAT = "v1"  # a build of another format is not looked into
_BUILD = re.compile(rf"{_FORMAT}-[0-9a-f]{{16}}")
_ANY_BUILD = re.compile(r"v[0-9]+-[0-9a-f]{16}")
_GENERATION = re.compile(r"_MAIN_([0-9]+)\.toc")
_PROBE = "probe of the index key"
_LOCK_STEP = 0.05  # seconds


class Damaged(Exception):
    """Bytes of the index are not what was written."""


class IndexFolder:
    """One index on disk and who may write it."""

    def __init__(self, root: Path, blind: Callable[[str], str]) -> None:
        self._root = root
        self._blind = blind
        self._probe = ""

    def build(self) -> Path:
        """Return the folder of the current build; raises `IndexUnavailable` when there is none to be trusted."""
        try:
            name, probe = (self._root / "current").read_text("ascii").split()
        except FileNotFoundError as missing:
            raise IndexUnavailable("no index has been built") from missing
        except (OSError, ValueError) as error:
            raise IndexUnavailable("the pointer to the index is damaged") from error
        # The name is matched whole, so nothing outside this folder is ever opened.
        if not _BUILD.fullmatch(name) or (self._root / name).is_symlink():
            raise IndexUnavailable("the index is not of this version")
        if probe != self._own_probe():
            raise IndexUnavailable("the index was built under another key")
        return self._root / name

    def state(self) -> tuple[Path, int]:
        """Return build and generation; generation -1 when no table of contents is there (now)."""
        build = self.build()
        try:
            names = os.listdir(build)  # noqa: PTH208  asked at every search: names are enough
        except OSError:
            return build, -1
        found = map(_GENERATION.fullmatch, names)
        return build, max((int(match[1]) for match in found if match), default=-1)

    @contextlib.contextmanager
    def writing(self, *, patience: float) -> Iterator[None]:
        """Be the only writer; raises `IndexBusy` when another one does not end within `patience` seconds.

        The lock belongs to the open file: it is gone when its holder dies, however it dies.
        """
        try:
            lock = (self._root / "writer.lock").open("ab")
        except OSError as error:
            raise IndexUnavailable("the folder of the index cannot be written") from error
        with lock:
            _acquire(lock.fileno(), patience)
            yield

    def prepare(self) -> None:
        """Make the folder, for our eyes only; raises `IndexUnavailable`."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnavailable("the folder of the index cannot be made") from error

    def new_build(self) -> Path:
        """Return where a new build goes, beside the current one."""
        return self._root / f"{_FORMAT}-{secrets.token_hex(8)}"

    def switch(self, build: Path) -> None:
        """Make `build` the current one, in one step that survives a power cut."""
        fresh = self._root / "current.new"
        with fresh.open("w", encoding="ascii") as pointer:
            pointer.write(f"{build.name} {self._own_probe()}\n")
            pointer.flush()
            os.fsync(pointer.fileno())
        sync_folder(self._root)  # first the build's own name …
        fresh.replace(self._root / "current")
        sync_folder(self._root)  # … then the pointer to it

    def remove_builds_but(self, keep: Path | None) -> None:
        """Remove older builds and what a crash left; open files of readers stay readable."""
        for path in self._root.iterdir():
            if _ANY_BUILD.fullmatch(path.name) and path != keep:
                shutil.rmtree(path, ignore_errors=True)

    def _own_probe(self) -> str:
        self._probe = self._probe or self._blind(_PROBE)
        return self._probe


def _acquire(descriptor: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if time.monotonic() >= deadline:
                raise IndexBusy("another writer is at work on this index") from taken
            time.sleep(_LOCK_STEP)
        else:
            return


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
