"""Searchers, opened and closed by us.

Whoosh's `refresh()` is never called: its forks return superseded and deleted entries after it. A snapshot is one
state of the index; when the disk shows a newer one, the next search opens a new snapshot. Segments never change,
so those that both have are shared; what is deleted belongs to the snapshot. A superseded snapshot is closed when
its last user is done.
"""

from __future__ import annotations

import contextlib
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError

from app.adapters.search_whoosh.bitsets import BitsetCache
from app.adapters.search_whoosh.folder import Damaged, IndexFolder
from app.adapters.search_whoosh.reading import OpenSegment
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import INDEX_NAME, SCHEMA, BitSegment
from app.ports import IndexUnavailable

# A file whose checksum is wrong is never looked into, so little else is left to go wrong: files that vanish or
# cannot be read, and files of another version, which Whoosh and JSON refuse in these ways.
_IN_USE = (OSError, Damaged, struct.error)
_WHEN_OPENED = (*_IN_USE, ValueError, LookupError, AssertionError, WhooshIndexError)
_TRIES = 10
_PAUSE = 0.005  # seconds


@dataclass(eq=False, slots=True)
class Snapshot:
    """One state of the index."""

    state: tuple[Path, int]
    segments: list[tuple[OpenSegment, BitSegment]]
    users: int = 0


class Snapshots:
    """Gives out the newest snapshot."""

    def __init__(self, folder: IndexFolder, cache: BitsetCache) -> None:
        self._folder = folder
        self._cache = cache
        self._lock = Lock()
        self._current: Snapshot | None = None
        self._open: dict[str, OpenSegment] = {}

    @contextlib.contextmanager
    def newest(self) -> Iterator[Snapshot]:
        """Lend the newest snapshot; raises `IndexUnavailable` when there is none, or it proves damaged in use."""
        snapshot = self._take()
        try:
            yield snapshot
        except _IN_USE as damage:
            self._drop(snapshot)
            raise IndexUnavailable(f"the index cannot be used: {damage}") from damage
        finally:
            self._give_back(snapshot)

    def close(self) -> None:
        """Close everything that nobody is using."""
        with self._lock:
            self._replace(None)

    def _take(self) -> Snapshot:
        with self._lock:
            state = self._folder.state()
            snapshot = self._current
            if snapshot is None or snapshot.state != state:
                snapshot = self._open_newest(state)
                self._replace(snapshot)
            snapshot.users += 1
            return snapshot

    def _give_back(self, snapshot: Snapshot) -> None:
        with self._lock:
            snapshot.users -= 1
            self._close_if_idle(snapshot)

    def _drop(self, snapshot: Snapshot) -> None:
        with self._lock:
            if self._current is snapshot:
                self._replace(None)

    def _replace(self, fresh: Snapshot | None) -> None:
        old, self._current = self._current, fresh
        if old is not None:
            self._close_if_idle(old)

    def _close_if_idle(self, snapshot: Snapshot) -> None:
        if snapshot.users or snapshot is self._current:
            return
        for opened, _ in snapshot.segments:
            self._leave(opened)
        snapshot.segments = []

    def _leave(self, opened: OpenSegment) -> None:
        opened.users -= 1
        if not opened.users:
            del self._open[opened.name]
            opened.close()

    def _open_newest(self, state: tuple[Path, int]) -> Snapshot:
        """Open the state that the disk shows, again and again while a writer replaces it under our hands."""
        for _ in range(_TRIES):
            try:
                return self._open_state(state)
            except FileNotFoundError as missing:
                seen, state = state, self._folder.state()
                if state == seen and state[1] >= 0:
                    raise IndexUnavailable("a file of the index is missing") from missing
                time.sleep(_PAUSE)
            except _WHEN_OPENED as damage:
                raise IndexUnavailable(f"the index is damaged: {damage}") from damage
        raise IndexUnavailable("the index has no table of contents")

    def _open_state(self, state: tuple[Path, int]) -> Snapshot:
        build, generation = state
        if generation < 0:
            raise FileNotFoundError(build)
        storage = SealedStorage(build)
        found: list[BitSegment] = TOC.read(storage, INDEX_NAME, gen=generation, schema=SCHEMA).segments
        snapshot = Snapshot(state, [])
        try:
            for segment in found:
                snapshot.segments.append((self._opened(storage, segment), segment))
        except BaseException:
            self._close_if_idle(snapshot)
            raise
        return snapshot

    def _opened(self, storage: SealedStorage, segment: BitSegment) -> OpenSegment:
        opened = self._open.get(segment.segid) or OpenSegment(storage, segment, self._cache)
        opened.users += 1
        self._open[opened.name] = opened
        return opened
