"""An open segment: term → set of documents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from app.adapters.search_whoosh.bitsets import BitsetCache, unpack
from app.adapters.search_whoosh.documents import DocumentTable
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import DOCUMENTS_EXT, TERMS_EXT, BitSegment
from app.adapters.search_whoosh.terms import TermTable


class OpenSegment:
    """The immutable files of one segment; may be asked by several threads at once."""

    def __init__(self, storage: SealedStorage, segment: BitSegment, cache: BitsetCache) -> None:
        """Open and check the files; raises `FileNotFoundError`, `Damaged`."""
        self.name: str = segment.segid
        self.users = 0
        self._cache = cache
        documents = segment.make_filename(DOCUMENTS_EXT)
        with storage.open_file(documents) as file:
            self.documents = DocumentTable(file.get(0, storage.file_length(documents)))
        terms = segment.make_filename(TERMS_EXT)
        self._file = storage.open_file(terms)
        try:
            self._terms = TermTable(self._file.get, storage.file_length(terms))
        except BaseException:
            self._file.close()
            raise

    def look_up(self, field: bytes, token: str) -> int:
        """Return the set of documents that hold a token in a field, deleted ones included."""
        record = self._terms.find(field + token.encode())
        return unpack(record) if record else 0

    def find(self, field: bytes, token: str) -> int:
        """Return the same from memory, when it was asked for lately."""
        return self.remembered(field + token.encode(), lambda: self.look_up(field, token))

    def remembered(self, name: Hashable, work_out: Callable[[], int]) -> int:
        """Return a set that depends on this segment alone, worked out once."""
        found = self._cache.get(self.name, name)
        if found is None:
            found = work_out()
            self._cache.put(self.name, name, found)
        return found

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every term with its packed set, in the order of terms."""
        return self._terms.records()

    def close(self) -> None:
        """Close the file and forget what was remembered of it."""
        self._file.close()
        self._cache.forget(self.name)
