"""The search port on Whoosh."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.adapters.search_whoosh.bitsets import BitsetCache
from app.adapters.search_whoosh.folder import IndexFolder
from app.adapters.search_whoosh.spelling import Spelling
from app.domain.search import understand
from app.ports import Hits, IndexUnavailable, ScopeClause, SearchEntry

if TYPE_CHECKING:
    from app.adapters.search_whoosh.snapshots import Snapshots

_CACHE_BYTES = 32 << 20
_PATIENCE = 2.0  # seconds a writer waits for another one to end


class WhooshIndex:
    """Implements `SearchIndex` in `folder`. Numbers of 8 digits and more are kept only as `blind` returns them.

    Any number of processes and threads may search; one at a time may write, and another that tries meanwhile gets
    `IndexBusy`. Only `rebuild` makes an index: `apply` without one raises `IndexUnavailable`, since an index with
    nothing but the latest changes would look whole and not be.
    """

    def __init__(self, folder: Path, *, blind: Callable[[str], str]) -> None:
        self._folder = IndexFolder(folder, blind)
        self._spelling = Spelling(blind)
        self._starting = Lock()
        self._opened: Snapshots | None = None

    def search(
        self,
        text: str,
        scope: Sequence[ScopeClause],
        *,
        kinds: frozenset[str] | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> Hits:
        """Find entries that contain every part of `text`, inside `scope`; raises `IndexUnavailable`.

        `total` counts what `kinds` lets through; `by_kind` counts all of the scope, whatever `kinds` says, so that
        a screen can show what the other kinds hold.
        """
        question = understand(text)
        if not question.parts:
            return Hits((), 0)
        from app.adapters.search_whoosh.evaluate import Request, answer

        with self._snapshots().newest() as snapshot:
            return answer(snapshot, Request(question, scope, kinds, max(offset, 0), max(limit, 0)), self._spelling)

    def apply(self, entries: Sequence[SearchEntry], gone: Sequence[str]) -> None:
        """Insert or replace `entries` and drop the keys in `gone`, in one durable commit; idempotent.

        Of two entries with one key the later stands; a key in `gone` is gone. Raises `IndexUnavailable`; then
        nothing was changed, or all of it.
        """
        from app.adapters.search_whoosh.building import commit

        fresh = {entry.key: entry for entry in entries}
        for key in gone:
            fresh.pop(key, None)
        with self._folder.writing(patience=_PATIENCE), self._snapshots().newest() as snapshot:
            commit(snapshot, fresh.values(), [*fresh, *gone], self._spelling)

    def rebuild(self, entries: Iterable[SearchEntry]) -> int:
        """Build a new index beside the old one, swap them, return how many entries it holds.

        The old one answers until the new one is complete, and stays if `entries` breaks off. `entries` is read while
        the writer's lock is held: given as a lazy reading of the database, no change can fall between the two. Raises
        `IndexBusy`, and `IndexUnavailable` when the disk is full.
        """
        from app.adapters.search_whoosh.building import fill

        self._folder.prepare()
        with self._folder.writing(patience=_PATIENCE):
            build = self._folder.new_build()
            try:
                build.mkdir(mode=0o700)
                count, repeated = fill(build, entries, self._spelling)
                self._folder.switch(build)
            except OSError as error:
                shutil.rmtree(build, ignore_errors=True)
                raise IndexUnavailable(f"the index cannot be written: {error}") from error
            except BaseException:
                shutil.rmtree(build, ignore_errors=True)
                raise
            self._folder.remove_builds_but(build)
        if repeated:
            self.apply(repeated, ())
        return count

    def close(self) -> None:
        """Close all files that no search is using."""
        if self._opened is not None:
            self._opened.close()

    def _snapshots(self) -> Snapshots:
        with self._starting:
            if self._opened is None:
                from app.adapters.search_whoosh.snapshots import Snapshots

                self._opened = Snapshots(self._folder, BitsetCache(_CACHE_BYTES))
            return self._opened
