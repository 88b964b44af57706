"""Sets of document numbers as Python integers: bit 5 is set when document 5 is in.

`&`, `|` and `int.bit_count` then run in C over 30 bits at a time, which is what makes a search fast without numpy.
On disk a set is whichever is smaller: its members as 16- or 32-bit numbers, or the bits themselves.
"""

from __future__ import annotations

import sys
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock

from app.adapters.search_whoosh.folder import Damaged

_SHORT, _LONG, _BITS = b"H", b"I", b"B"
_STRIDE = 64  # bytes looked at together when walking through a sparse set
_ENTRY_COST = 200  # bytes that key and bookkeeping of a cached set take


def pack(members: list[int], documents: int) -> bytes:
    """Return the bytes that keep `members`, a set without repeats out of `documents` documents."""
    width = 2 if documents <= 1 << 16 else 4
    kind = _SHORT if width == 2 else _LONG
    if len(members) == 1:  # most terms
        return kind + members[0].to_bytes(width, "little")
    if len(members) * width * 8 >= documents:
        return _BITS + _marked(members)
    return kind + _little_endian(array(kind.decode(), sorted(members))).tobytes()


def unpack_members(record: bytes) -> list[int]:
    """Return the members that `pack` kept, in ascending order; raises `Damaged` on anything else."""
    kind = record[:1]
    if kind == _BITS:
        return list(members_of(unpack(record)))
    return _numbers(kind, record).tolist()


def unpack(record: bytes) -> int:
    """Return the set that `pack` kept as an integer; raises `Damaged` on anything else."""
    kind = record[:1]
    if kind == _BITS:
        return int.from_bytes(record[1:], "little")
    return int.from_bytes(_marked(_numbers(kind, record).tolist()), "little")


def _numbers(kind: bytes, record: bytes) -> array[int]:
    if kind not in {_SHORT, _LONG}:
        raise Damaged(f"no set starts with {kind!r}")
    numbers: array[int] = array(kind.decode())
    numbers.frombytes(record[1:])
    return _little_endian(numbers)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _marked(members: list[int]) -> bytes:
    marked = bytearray(max(members, default=-1) // 8 + 1)
    for member in members:
        marked[member >> 3] |= 1 << (member & 7)
    return bytes(marked)


def members_of(bits: int) -> Iterator[int]:
    """Yield the members of a set in ascending order, cheaply even when they are few and far between."""
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for start in range(0, len(raw), _STRIDE):
        window = int.from_bytes(raw[start : start + _STRIDE], "little")
        while window:
            lowest = window & -window
            yield start * 8 + lowest.bit_length() - 1
            window ^= lowest


class BitsetCache:
    """The sets used last, within a budget in bytes; safe to share among threads."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._sets: OrderedDict[tuple[str, Hashable], int] = OrderedDict()
        self._lock = Lock()

    def get(self, segment: str, name: Hashable) -> int | None:
        """Return the set kept under `name` for an (immutable) segment, or None."""
        with self._lock:
            bits = self._sets.get((segment, name))
            if bits is not None:
                self._sets.move_to_end((segment, name))
            return bits

    def put(self, segment: str, name: Hashable, bits: int) -> None:
        """Keep a set; those not used for longest make room."""
        with self._lock:
            if (segment, name) in self._sets:
                return
            self._sets[segment, name] = bits
            self._used += _cost(bits)
            while self._used > self._budget and self._sets:
                _, dropped = self._sets.popitem(last=False)
                self._used -= _cost(dropped)

    def forget(self, segment: str) -> None:
        """Drop every set of a segment that is closed."""
        with self._lock:
            for name in [name for name in self._sets if name[0] == segment]:
                self._used -= _cost(self._sets.pop(name))

    @property
    def used(self) -> int:
        """Bytes taken now."""
        return self._used


def _cost(bits: int) -> int:
    return sys.getsizeof(bits) + _ENTRY_COST
