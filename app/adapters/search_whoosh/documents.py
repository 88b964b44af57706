"""The documents of a segment: their keys and sort values, in the order in which they are shown.

Document numbers are given when a segment is finished, newest first (and by key on the same day). So the best
documents of any set are its lowest bits, and no search ever sorts.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable

_COUNT = struct.Struct("<I")


def _numbers(code: str, source: Iterable[int] | bytes) -> array[int]:
    numbers: array[int] = array(code)
    if isinstance(source, bytes):
        numbers.frombytes(source)
    else:
        numbers.extend(source)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def encode_documents(keys: list[str], newest: list[int]) -> bytes:
    """Return the bytes of a table of documents, all of them in their final order."""
    names = [key.encode() for key in keys]
    ends, end = [], 0
    for name in names:
        end += len(name)
        ends.append(end)
    return b"".join(
        [_COUNT.pack(len(keys)), _numbers("q", newest).tobytes(), _numbers("I", ends).tobytes(), b"".join(names)]
    )


class DocumentTable:
    """Keys and sort values by document number."""

    def __init__(self, raw: bytes) -> None:
        """Read what `encode_documents` wrote; its file has been checked."""
        (count,) = _COUNT.unpack_from(raw)
        ends_at = _COUNT.size + 8 * count
        names_at = ends_at + 4 * count
        self.newest = _numbers("q", raw[_COUNT.size : ends_at])
        self._ends = _numbers("I", raw[ends_at:names_at])
        self._names = raw[names_at:]

    def __len__(self) -> int:
        return len(self._ends)

    def key(self, document: int) -> str:
        """Return the key of a document."""
        start = self._ends[document - 1] if document else 0
        return self._names[start : self._ends[document]].decode()
