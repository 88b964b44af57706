"""How Whoosh's writer is made to write our segments: codec, pool of postings, merging.

Whoosh's own pool keeps a tuple a posting, sorts all of them and writes pickled blocks: 180 short records a
CPU-second. Here a posting is one number in the list of its term, and a finished list is one packed set.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.base import Codec, FieldWriter, PerDocumentWriter
from whoosh.filedb.filetables import HashWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from app.adapters.search_whoosh.bitsets import members_of, pack, unpack_members
from app.adapters.search_whoosh.documents import encode_documents
from app.adapters.search_whoosh.reading import OpenSegment
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import DOCUMENTS_EXT, FIELD_OF, SCHEMA, TERMS_EXT, BitSegment

Members = tuple[bytes, list[int]]  # a term and the documents that hold it
_CRC = 1  # Whoosh's number for the quick one of its hash functions


def _number_list() -> array[int]:
    return array("I")


class DocumentWriter(PerDocumentWriter):  # type: ignore[misc]  # whoosh has no types
    """Collects keys and sort values; when closed, puts the documents into their final order."""

    def __init__(self, storage: SealedStorage, segment: BitSegment) -> None:
        self._storage = storage
        self._segment = segment
        self._keys: list[str] = []
        self._newest: list[int] = []
        self.places: list[int] = []  # final document number by order of arrival
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Do nothing: documents come one after the other."""

    def add_field(self, fieldname: str, _field: Any, value: Any, _length: int) -> None:
        """Take the two stored values."""
        if fieldname == "key":
            self._keys.append(value)
        elif fieldname == "newest":
            self._newest.append(value)

    def adopt(self, key: str, newest: int) -> int:
        """Take a document of another segment and return its number of arrival."""
        self._keys.append(key)
        self._newest.append(newest)
        return len(self._keys) - 1

    def close(self) -> None:
        """Write the table of documents, newest first."""
        order = sorted(range(len(self._keys)), key=lambda old: (-self._newest[old], self._keys[old]))
        self.places = [0] * len(order)
        for new, old in enumerate(order):
            self.places[old] = new
        if order:
            with self._segment.create_file(self._storage, DOCUMENTS_EXT) as file:
                file.write(encode_documents([self._keys[old] for old in order], [self._newest[old] for old in order]))
        self.is_closed = True


class TermWriter(FieldWriter):  # type: ignore[misc]  # whoosh has no types
    """Writes each term with its packed set into one of Whoosh's hash files."""

    def __init__(self, storage: SealedStorage, segment: BitSegment) -> None:
        self._storage = storage
        self._segment = segment
        self.is_closed = False

    def add_postings(self, _schema: Any, lengths: int, items: Iterable[Members]) -> None:
        """Write `items`, sorted by term; `lengths` is the number of documents."""
        with self._segment.create_file(self._storage, TERMS_EXT) as file:
            table = HashWriter(file, hashtype=_CRC)
            for term, members in items:
                table.add(term, pack(members, lengths))
            table.close()

    def close(self) -> None:
        """Do nothing more: the file is closed when its terms are written."""
        self.is_closed = True


class BitCodec(Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's way to be told how segments are written."""

    length_stats = False

    def per_document_writer(self, storage: SealedStorage, segment: BitSegment) -> DocumentWriter:
        """Return the writer of documents."""
        return DocumentWriter(storage, segment)

    def field_writer(self, storage: SealedStorage, segment: BitSegment) -> TermWriter:
        """Return the writer of terms."""
        return TermWriter(storage, segment)

    def new_segment(self, _storage: SealedStorage, _indexname: str) -> BitSegment:
        """Return a segment under a random name."""
        return BitSegment()


class TermPool:
    """The postings of a segment in the making, by term, in memory; merged segments are streamed through."""

    def __init__(self) -> None:
        self._fields: dict[str, defaultdict[bytes, array[int]]] = {
            name: defaultdict(_number_list) for name in sorted(FIELD_OF, key=lambda name: FIELD_OF[name])
        }
        self._merged: list[tuple[OpenSegment, list[int]]] = []
        self.postings = 0

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting from Whoosh's writer."""
        self._fields[item[0]][item[1]].append(item[2])
        self.postings += 1

    def add_segment(self, segment: OpenSegment, arrivals: list[int]) -> None:
        """Take all postings of a segment; `arrivals` has the new number of each document, -1 for those left out."""
        self._merged.append((segment, arrivals))

    def cleanup(self) -> None:
        """Drop everything."""
        self._fields.clear()
        self._merged.clear()

    def terms(self, places: list[int]) -> Iterator[Members]:
        """Yield every term in order with its documents under their final numbers."""
        if not self._merged:
            return self._own(places)
        streams = [self._own(places), *(_moved(*source, places) for source in self._merged)]
        return _joined(merge(*streams, key=itemgetter(0)))

    def size(self) -> int:
        """Estimate the memory taken, in bytes."""
        return 6 * self.postings + 280 * sum(map(len, self._fields.values()))

    def _own(self, places: list[int]) -> Iterator[Members]:
        for name, terms in self._fields.items():
            for token in sorted(terms):
                yield FIELD_OF[name] + token, [places[arrival] for arrival in terms[token]]


def _moved(segment: OpenSegment, arrivals: list[int], places: list[int]) -> Iterator[Members]:
    moved = [places[arrival] if arrival >= 0 else -1 for arrival in arrivals]
    for term, record in segment.records():
        members = [place for member in unpack_members(record) if (place := moved[member]) >= 0]
        if members:
            yield term, members


def _joined(stream: Iterator[Members]) -> Iterator[Members]:
    for term, same in groupby(stream, key=itemgetter(0)):
        yield term, list(chain.from_iterable(members for _, members in same))


class EntryWriter(SegmentWriter):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's writer with our codec and pool. Its lock is not used: ours is held by the caller."""

    def __init__(self, storage: SealedStorage) -> None:
        super().__init__(FileIndex(storage, SCHEMA), _lk=False, codec=BitCodec(), compound=False)
        self.pool = TermPool()

    def absorb(self, source: OpenSegment, segment: BitSegment) -> None:
        """Take over the live documents of a segment."""
        arrivals = [-1] * segment.documents
        table = source.documents
        for document in members_of(segment.live):
            arrivals[document] = self.perdocwriter.adopt(table.key(document), table.newest[document])
            self.docnum += 1
            self._added = True
        self.pool.add_segment(source, arrivals)

    def _commit_toc(self, segments: list[BitSegment]) -> None:
        super()._commit_toc(segments)
        for name in self.storage.list():
            if name.startswith("_") and not name.endswith(".toc"):  # left by a writer that was killed
                self.storage.delete_file(name)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.add_postings(self.schema, self.docnum, self.pool.terms(self.perdocwriter.places))
        self.fieldwriter.close()
