"""How Whoosh's writer is made to write our segments: codec, pool of postings, merging.

Whoosh's own pool makes a tuple of every posting, sorts all of them and writes pickled blocks: 180 short records a
CPU-second. Here the codec gets the fields of an entry as they are (see `segments.SCHEMA`); a posting is one number in
the list of its term, and a finished list is one packed set.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.base import Codec, FieldWriter, PerDocumentWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from app.adapters.search_whoosh.bitsets import members_of, pack, unpack_members
from app.adapters.search_whoosh.documents import encode_documents
from app.adapters.search_whoosh.reading import OpenSegment
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import DOCUMENTS_EXT, FIELD_OF, SCHEMA, TERMS_EXT, BitSegment
from app.adapters.search_whoosh.terms import write_terms

Members = tuple[bytes, list[int]]  # a term and the documents that hold it


class TermPool:
    """The postings of a segment in the making, in memory by term; merged segments are streamed through."""

    def __init__(self) -> None:
        fields = sorted(FIELD_OF, key=lambda name: FIELD_OF[name])
        # Most terms occur once: a bare number takes a tenth of a list, and the garbage collector need not look at it.
        self._fields: dict[str, dict[str, int | array[int]]] = {name: {} for name in fields}
        self._merged: list[tuple[OpenSegment, list[int]]] = []
        self._postings = 0

    def add(self, field: str, tokens: Collection[str], document: int) -> None:
        """Take what a document is found by in one field."""
        terms = self._fields[field]
        for token in tokens:
            known = terms.get(token)
            if known is None:
                terms[token] = document
            elif isinstance(known, int):
                terms[token] = array("I", (known, document))
            else:
                known.append(document)
        self._postings += len(tokens)

    def add_segment(self, segment: OpenSegment, arrivals: list[int]) -> None:
        """Take all postings of a segment; `arrivals` has the new number of each document, -1 for those left out."""
        self._merged.append((segment, arrivals))

    def cleanup(self) -> None:
        """Drop everything."""
        self._fields.clear()
        self._merged.clear()

    def size(self) -> int:
        """Estimate the memory taken, in bytes."""
        return 8 * self._postings + 200 * sum(map(len, self._fields.values()))

    def terms(self, places: list[int]) -> Iterator[Members]:
        """Yield every term in order with its documents; `places` has the final number of each."""
        if not self._merged:
            return self._own(places)
        streams = [self._own(places), *(_moved(*source, places) for source in self._merged)]
        return _joined(merge(*streams, key=itemgetter(0)))

    def _own(self, places: list[int]) -> Iterator[Members]:
        for name, terms in self._fields.items():
            for token in sorted(terms):
                known = terms[token]
                arrivals = (known,) if isinstance(known, int) else known
                yield FIELD_OF[name] + token.encode(), [places[arrival] for arrival in arrivals]


def _moved(segment: OpenSegment, arrivals: list[int], places: list[int]) -> Iterator[Members]:
    moved = [places[arrival] if arrival >= 0 else -1 for arrival in arrivals]
    for term, record in segment.records():
        members = [place for member in unpack_members(record) if (place := moved[member]) >= 0]
        if members:
            yield term, members


def _joined(stream: Iterator[Members]) -> Iterator[Members]:
    for term, same in groupby(stream, key=itemgetter(0)):
        yield term, list(chain.from_iterable(members for _, members in same))


class DocumentWriter(PerDocumentWriter):  # type: ignore[misc]  # whoosh has no types
    """Takes documents apart; when closed, puts them into their final order."""

    def __init__(self, storage: SealedStorage, segment: BitSegment, pool: TermPool) -> None:
        self._storage = storage
        self._segment = segment
        self._pool = pool
        self._keys: list[str] = []
        self._newest: list[int] = []
        self._arriving = 0
        self.places: list[int] = []  # final document number by order of arrival
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin with the document that arrives as number `docnum`."""
        self._arriving = docnum

    def add_field(self, fieldname: str, _field: Any, value: Any, _length: int) -> None:
        """Take a field of the document."""
        if fieldname == "newest":
            self._newest.append(value)
            return
        if fieldname == "key":
            self._keys.append(value)
            value = (value,)
        self._pool.add(fieldname, value, self._arriving)

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
    """Writes the terms of a segment."""

    def __init__(self, storage: SealedStorage, segment: BitSegment) -> None:
        self._storage = storage
        self._segment = segment
        self.is_closed = False

    def add_postings(self, _schema: Any, lengths: int, items: Iterable[Members]) -> None:
        """Write `items`, sorted by term; `lengths` is the number of documents."""
        with self._segment.create_file(self._storage, TERMS_EXT) as file:
            write_terms(file, ((term, pack(members, lengths)) for term, members in items))

    def close(self) -> None:
        """Do nothing more: the file is closed when its terms are written."""
        self.is_closed = True


class BitCodec(Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's way to be told how segments are written."""

    length_stats = False

    def __init__(self, pool: TermPool) -> None:
        self._pool = pool

    def per_document_writer(self, storage: SealedStorage, segment: BitSegment) -> DocumentWriter:
        """Return the writer of documents."""
        return DocumentWriter(storage, segment, self._pool)

    def field_writer(self, storage: SealedStorage, segment: BitSegment) -> TermWriter:
        """Return the writer of terms."""
        return TermWriter(storage, segment)

    def new_segment(self, _storage: SealedStorage, _indexname: str) -> BitSegment:
        """Return a segment under a random name."""
        return BitSegment()


class EntryWriter(SegmentWriter):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's writer with our codec and pool. Its lock is not used: ours is held by the caller."""

    def __init__(self, storage: SealedStorage) -> None:
        pool = TermPool()
        super().__init__(FileIndex(storage, SCHEMA), _lk=False, codec=BitCodec(pool), compound=False)
        self.pool = pool

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
