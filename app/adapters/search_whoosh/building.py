"""Writing entries: one commit into a build, or a whole new build."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from whoosh.index import TOC

from app.adapters.search_whoosh.bitsets import members_of
from app.adapters.search_whoosh.merging import to_merge
from app.adapters.search_whoosh.sealed import SealedStorage
from app.adapters.search_whoosh.segments import INDEX_NAME, KEY, SCHEMA, BitSegment
from app.adapters.search_whoosh.snapshots import Snapshot
from app.adapters.search_whoosh.spelling import Spelling
from app.adapters.search_whoosh.writing import EntryWriter
from app.ports import SearchEntry

_BATCH_BYTES = 96 << 20  # memory for postings before they are written as a segment


def fill(build: Path, entries: Iterable[SearchEntry], spelling: Spelling) -> tuple[int, list[SearchEntry]]:
    """Write all entries into an empty build; return how many, and those whose key had come before."""
    storage = SealedStorage(build)
    TOC.create(storage, SCHEMA, INDEX_NAME)
    seen: set[str] = set()
    repeated: list[SearchEntry] = []
    writer = EntryWriter(storage)
    for entry in entries:
        if entry.key in seen:
            repeated.append(entry)
            continue
        seen.add(entry.key)
        writer.add_document(**spelling.fields(entry))
        if writer.pool.size() > _BATCH_BYTES:
            writer.commit(mergetype=_merge_nothing)
            writer = EntryWriter(storage)
    writer.commit(mergetype=_merge_nothing)
    return len(seen), repeated


def commit(snapshot: Snapshot, entries: Iterable[SearchEntry], replaced: Iterable[str], spelling: Spelling) -> None:
    """Drop the keys in `replaced` and add `entries`. The caller holds the writer's lock since before `snapshot`."""
    writer = EntryWriter(SealedStorage(snapshot.state[0]))
    changed = _delete(writer, snapshot, replaced)
    for entry in entries:
        writer.add_document(**spelling.fields(entry))
        changed = True
    if changed:
        writer.commit(mergetype=_Tiers(snapshot))


def _merge_nothing(_writer: EntryWriter, segments: list[BitSegment]) -> list[BitSegment]:
    return segments


class _Tiers:
    """The merge policy in the form that Whoosh's writer takes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._opened = {segment.segid: opened for opened, segment in snapshot.segments}

    def __call__(self, writer: EntryWriter, segments: list[BitSegment]) -> list[BitSegment]:
        chosen = to_merge(segments, writer.doc_count())
        for segment in chosen:
            writer.absorb(self._opened[segment.segid], segment)
        return [segment for segment in segments if segment not in chosen]


def _delete(writer: EntryWriter, snapshot: Snapshot, keys: Iterable[str]) -> bool:
    """Mark the documents under `keys` as deleted; say whether there were any."""
    segments: dict[str, BitSegment] = {segment.segid: segment for segment in writer.segments}
    found = False
    for key in keys:
        for opened, seen in snapshot.segments:
            for document in members_of(opened.look_up(KEY, key) & seen.live):
                segments[seen.segid].delete_document(document)
                found = True
    return found
