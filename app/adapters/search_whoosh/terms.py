"""The table of terms of a segment: sorted records in blocks of about 2 kB, and an index of the blocks.

    record   length of term, term, length of set, packed set       (lengths: 7 bits a byte, the last below 128)
    index    for each block: its end in the file, its first term
    trailer  where the index begins, number of blocks              (8 + 4 bytes)

Most terms of Chinese text are pairs that occur once. Whoosh's hash table would spend 42 bytes on such a term; here
it takes 12, and one read of one block finds it.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from app.adapters.search_whoosh.folder import Damaged

_BLOCK = 2048  # bytes
_TRAILER = struct.Struct("<QI")
_BLOCK_END = struct.Struct("<QH")


class _Writable(Protocol):
    def write(self, data: bytes) -> object: ...


def write_terms(file: _Writable, records: Iterable[tuple[bytes, bytes]]) -> None:
    """Write terms with their packed sets; they must come in ascending order."""
    index: list[bytes] = []
    end = 0
    for first, block in _blocks(records):
        file.write(block)
        end += len(block)
        index.append(_BLOCK_END.pack(end, len(first)) + first)
    file.write(b"".join(index) + _TRAILER.pack(end, len(index)))


def _blocks(records: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the first term of each block, and the block."""
    pending: list[bytes] = []
    first, size = b"", 0
    for term, value in records:
        first = first if pending else term
        record = b"".join((_length(len(term)), term, _length(len(value)), value))
        pending.append(record)
        size += len(record)
        if size >= _BLOCK:
            yield first, b"".join(pending)
            pending, size = [], 0
    if pending:
        yield first, b"".join(pending)


def _length(number: int) -> bytes:
    if number < 128:
        return bytes((number,))
    return bytes((number & 127 | 128,)) + _length(number >> 7)


class TermTable:
    """Finds terms in what `write_terms` wrote; `get(position, length)` reads from the file."""

    def __init__(self, get: Callable[[int, int], bytes], length: int) -> None:
        """Read the index of blocks; raises `Damaged`."""
        self._get = get
        at, blocks = _TRAILER.unpack(get(length - _TRAILER.size, _TRAILER.size))
        raw = get(at, length - _TRAILER.size - at)
        self._ends = [0]
        self._firsts: list[bytes] = []
        start = 0
        for _ in range(blocks):
            end, size = _BLOCK_END.unpack_from(raw, start)
            start += _BLOCK_END.size + size
            self._ends.append(end)
            self._firsts.append(raw[start - size : start])

    def find(self, term: bytes) -> bytes | None:
        """Return the packed set of a term, or None."""
        block = bisect_right(self._firsts, term) - 1
        if block < 0:
            return None
        raw = self._block(block)
        # Most terms asked for and not there are told at once, without a walk through the block.
        if _length(len(term)) + term not in raw:
            return None
        return next((value for found, value in _records(raw) if found == term), None)

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every term with its packed set, in ascending order."""
        for block in range(len(self._firsts)):
            yield from _records(self._block(block))

    def _block(self, number: int) -> bytes:
        start, end = self._ends[number : number + 2]
        return self._get(start, end - start)


def _records(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    try:
        while at < len(raw):
            size, at = _read_length(raw, at)
            term = raw[at : at + size]
            size, at = _read_length(raw, at + size)
            yield term, raw[at : at + size]
            at += size
    except IndexError as error:
        raise Damaged("a block of terms ends early") from error


def _read_length(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while (byte := raw[at]) & 128:
        number |= (byte & 127) << shift
        shift += 7
        at += 1
    return number | byte << shift, at + 1
