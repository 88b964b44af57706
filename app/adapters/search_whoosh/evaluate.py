"""Answering a question: sets are met and joined segment by segment, then the best page is read off.

Entries come in three tiers: those whose own number was asked for; those with every part in their title; the
others. Inside a tier the newest come first, as the documents of a segment already lie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from heapq import merge
from itertools import islice
from operator import or_

from app.adapters.search_whoosh.bitsets import members_of
from app.adapters.search_whoosh.reading import OpenSegment
from app.adapters.search_whoosh.segments import (
    AGENT,
    BODY,
    BRANCH,
    KEY,
    KIND,
    LEVEL,
    NUMBER,
    TITLE,
    BitSegment,
)
from app.adapters.search_whoosh.snapshots import Snapshot
from app.adapters.search_whoosh.spelling import Spelling, registrar_token
from app.domain.search import Part, PartKind, Question
from app.ports import Hits, ScopeClause

_LOWEST_LEVEL = 1
_HIGHEST_LEVEL = 9  # more than there are; keeps a wrong clause from costing anything


@dataclass(frozen=True, slots=True)
class Request:
    """A question with all that narrows it and the page that is wanted."""

    question: Question
    scope: Sequence[ScopeClause]
    kinds: frozenset[str] | None
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What one segment has; the tiers do not overlap."""

    segment: OpenSegment
    tiers: tuple[int, int, int]
    by_kind: Counter[str]


def answer(snapshot: Snapshot, request: Request, spelling: Spelling) -> Hits:
    """Return the page of hits."""
    parts = [_Wanted.of(part, spelling) for part in request.question.parts]
    found = [_search(opened, segment, parts, request) for opened, segment in snapshot.segments]
    by_kind = sum((each.by_kind for each in found), Counter[str]())
    total = sum(tier.bit_count() for each in found for tier in each.tiers)
    return Hits(keys=list(_page(found, request.offset, request.limit)), total=total, by_kind=dict(by_kind))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A part of the question as the index spells it."""

    identifies: bool
    readings: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, part: Part, spelling: Spelling) -> _Wanted:
        readings = tuple(tuple(spelling.stored(token) for token in reading) for reading in part.readings)
        return cls(part.kind is PartKind.IDENTIFIER, readings)

    def find(self, segment: OpenSegment, field: bytes) -> int:
        """Return the documents with all tokens of any reading in one field."""
        return reduce(or_, (_all_of(segment, field, reading) for reading in self.readings))


def _all_of(segment: OpenSegment, field: bytes, tokens: tuple[str, ...]) -> int:
    found = segment.find(field, tokens[0])
    for token in tokens[1:]:
        if not found:
            break
        found &= segment.find(field, token)
    return found


def _search(opened: OpenSegment, segment: BitSegment, parts: list[_Wanted], request: Request) -> _Found:
    found = _in_scope(opened, request.scope) & segment.live
    entitled = numbered = found
    for part in parts:
        if not found:
            break
        number = part.find(opened, NUMBER)
        title = number | part.find(opened, TITLE)
        entitled &= title
        found &= title | part.find(opened, BODY)
        if part.identifies:
            numbered &= number
    if not any(part.identifies for part in parts):
        numbered = 0
    by_kind = Counter({kind: count for kind in _kinds(request.scope) if (count := _count(opened, kind, found))})
    if request.kinds is not None:
        found &= reduce(or_, (opened.find(KIND, kind) for kind in request.kinds), 0)
    first = found & numbered
    second = found & entitled & ~first
    return _Found(opened, (first, second, found & ~first & ~second), by_kind)


def _count(opened: OpenSegment, kind: str, found: int) -> int:
    return (found & opened.find(KIND, kind)).bit_count() if found else 0


def _kinds(scope: Sequence[ScopeClause]) -> frozenset[str]:
    return frozenset().union(*(clause.kinds for clause in scope))


def _in_scope(opened: OpenSegment, scope: Sequence[ScopeClause]) -> int:
    return reduce(or_, (opened.remembered(clause, partial(_covered, opened, clause)) for clause in scope), 0)


def _covered(opened: OpenSegment, clause: ScopeClause) -> int:
    """Return all that one clause lets an actor find."""
    levels = range(_LOWEST_LEVEL, min(clause.max_level, _HIGHEST_LEVEL) + 1)
    covered = _any_of(opened, KIND, clause.kinds) & _any_of(opened, LEVEL, map(str, levels))
    if clause.branches is not None:
        covered &= _any_of(opened, BRANCH, map(str, clause.branches))
    if clause.agent_id is not None:
        covered &= opened.look_up(AGENT, str(clause.agent_id))
    if clause.registrar_id is not None:
        covered &= opened.look_up(AGENT, registrar_token(clause.registrar_id))
    for key in clause.without:
        covered &= ~opened.look_up(KEY, key)
    return covered


def _any_of(opened: OpenSegment, field: bytes, tokens: Iterable[str]) -> int:
    return reduce(or_, (opened.look_up(field, token) for token in tokens), 0)


def _page(found: list[_Found], offset: int, limit: int) -> Iterator[str]:
    """Yield the keys of the wanted page, passing over whole tiers where possible."""
    for tier in range(3):
        size = sum(each.tiers[tier].bit_count() for each in found)
        if offset >= size:
            offset -= size
            continue
        keys = list(islice(_in_order(found, tier), offset, offset + limit))
        yield from keys
        offset, limit = 0, limit - len(keys)
        if not limit:
            return


def _in_order(found: list[_Found], tier: int) -> Iterator[str]:
    streams = [_stream(each.segment, each.tiers[tier]) for each in found if each.tiers[tier]]
    return (key for _, key in merge(*streams))


def _stream(segment: OpenSegment, bits: int) -> Iterator[tuple[int, str]]:
    table = segment.documents
    return ((-table.newest[document], table.key(document)) for document in members_of(bits))
