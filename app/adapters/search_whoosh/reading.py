"""An open segment: term → set of documents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from io import BufferedReader
from struct import Struct

from whoosh.filedb.filetables import HashReader

from app.adapters.search_whoosh.bitsets import BitsetCache, unpack
from app.adapters.search_whoosh.documents import DocumentTable
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import DOCUMENTS_EXT, TERMS_EXT, BitSegment

_LENGTHS = Struct("!ii")


class OpenSegment:
    """The immutable files of one segment; may be asked by several threads at once."""

    def __init__(self, storage: SealedStorage, segment: BitSegment, cache: BitsetCache) -> None:
        """Open and check the files; raises `FileNotFoundError`, `Damaged`."""
        self.name: str = segment.segid
        self.users = 0
        self._storage = storage
        self._cache = cache
        documents = segment.make_filename(DOCUMENTS_EXT)
        with storage.open_file(documents) as file:
            self.documents = DocumentTable(file.get(0, storage.file_length(documents)))
        self._terms_name: str = segment.make_filename(TERMS_EXT)
        self._terms = _open_terms(storage, self._terms_name)

    def look_up(self, field: bytes, token: str) -> int:
        """Return the set of documents that hold a token in a field, deleted ones included."""
        record = self._terms.get(field + token.encode())
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
        with self._storage.open_file(self._terms_name) as file:
            yield from _records(file.raw_file(), self._terms.startofdata, self._terms.endofdata)

    def close(self) -> None:
        """Close the files and forget what was remembered of them."""
        self._terms.close()
        self._cache.forget(self.name)


def _open_terms(storage: SealedStorage, name: str) -> HashReader:
    file = storage.open_file(name)
    try:
        return HashReader(file, storage.file_length(name))
    except BaseException:
        file.close()
        raise


def _records(file: BufferedReader, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    file.seek(start)
    at = start
    while at < end:
        key_length, value_length = _LENGTHS.unpack(file.read(_LENGTHS.size))
        yield file.read(key_length), file.read(value_length)
        at += _LENGTHS.size + key_length + value_length
