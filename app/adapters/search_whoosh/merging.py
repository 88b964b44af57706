"""Which segments a commit merges, so that their number stays small and every commit stays quick.

Size classes are powers of ten. Ten segments of a class become one of the next: at most nine of each class remain,
and an entry is rewritten about as often as the number of entries has digits. Segments of ten thousand entries and
more are left alone: merging them would keep the writer busy for too long, and there are few of them.
"""

from __future__ import annotations

from app.adapters.search_whoosh.segments import BitSegment

_CLASS_SIZE = 10
_LARGE = 10_000


def to_merge(segments: list[BitSegment], new_documents: int) -> list[BitSegment]:
    """Return the segments to be merged with a new one of `new_documents` documents.

    Segments of which half is deleted are always among them: nothing deleted stays on disk for good.
    """
    chosen = [segment for segment in segments if 2 * segment.deleted_count() >= segment.documents]
    while size := new_documents + sum(segment.doc_count() for segment in chosen):
        small = [segment for segment in segments if segment not in chosen and segment.doc_count() < _LARGE]
        peers = [segment for segment in small if _class(segment.doc_count()) == _class(size)]
        if len(peers) < _CLASS_SIZE - 1:
            break
        chosen += [segment for segment in small if _class(segment.doc_count()) <= _class(size)]
    return chosen


def _class(documents: int) -> int:
    return len(str(documents))
