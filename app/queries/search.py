"""Finding: candidates from the index inside the actor's scope, each re-checked in the database before it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.policy import STEP_UP_LEVEL, Action, Scope, scopes
from app.domain.search import Question, highlight_spans, matches, understand
from app.domain.snippets import snippet_of
from app.models.cases import Case
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import Document
from app.models.policies import Policy
from app.ports import IndexUnavailable, ScopeClause, SearchEntry, SearchIndex
from app.queries.lookups import customer_lookups
from app.queries.search_rows import READERS, Found

PAGE_SIZE = 20
MOST_PAGES = 50
# Up to here every candidate is checked in the database and the count is exact; beyond, it says "about".
CHECKED = 100
FALLBACK = 50
KINDS = {
    "customer": Action.CUSTOMER_VIEW,
    "policy": Action.POLICY_VIEW,
    "claim": Action.CLAIM_VIEW,
    "document": Action.DOCUMENT_VIEW,
    "consultation": Action.CONSULTATION_VIEW,
    "case": Action.CASE_VIEW,
}


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results; `exact` says whether the counts are, `without_index` that only names and numbers were tried."""

    rows: Sequence[Found] = ()
    total: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    exact: bool = True
    without_index: bool = False
    unclear: str = ""


def search(session: Session, actor: Actor, index: SearchIndex, text: str, *, kind: str = "", page: int = 1) -> Results:
    """Return a page of what `actor` may see of everything that contains `text`."""
    question = understand(text)
    if not question.parts:
        return Results(unclear=str(question.unclear or "empty"))
    wanted = frozenset({kind}) if kind in KINDS else None
    start = (min(max(page, 1), MOST_PAGES) - 1) * PAGE_SIZE
    scope = clauses_for(actor, barred_keys(session, actor))
    try:
        hits = index.search(text, scope, kinds=wanted, offset=0, limit=max(CHECKED, start + PAGE_SIZE))
        if sum(hits.by_kind.values()) <= CHECKED:
            few = index.search(text, scope, offset=0, limit=CHECKED) if wanted else hits
            return _checked(session, actor, few.keys, question, wanted, start)
    except IndexUnavailable:
        return _without_index(session, actor, question, text, wanted)
    shown = _recheck(session, actor, question, hits.keys[start : start + PAGE_SIZE])
    return Results(shown, hits.total, hits.by_kind, exact=False)


def clauses_for(actor: Actor, without: frozenset[str] = frozenset()) -> list[ScopeClause]:
    """Return what the index may look at for `actor`: the policy, in the index's words, `without` what he is barred from."""
    return [
        replace(clause, without=frozenset(key for key in without if key.startswith(f"{kind}-")))
        for kind, action in KINDS.items()
        for scope in scopes(actor, action)
        for clause in _clauses(actor, kind, scope)
    ]


def _clauses(actor: Actor, kind: str, scope: Scope) -> Iterator[ScopeClause]:
    """Yield a scope as clauses: a complaint is also its registrar's own, and that of who stands in for its handler."""
    plain = ScopeClause(frozenset({kind}), scope.branches, scope.agent_id, scope.max_level)
    yield plain
    if kind == "case" and scope.agent_id is not None:
        yield from (replace(plain, agent_id=person) for person in sorted(actor.stands_for - {scope.agent_id}))
        yield replace(plain, agent_id=None, registrar_id=scope.agent_id)


def barred_keys(session: Session, actor: Actor) -> frozenset[str]:
    """Return the keys of the cases that `actor` is barred from, of their consultations and of their papers."""
    if not actor.barred:
        return frozenset()
    barred = sorted(actor.barred)
    asked = session.scalars(select(Consultation.id).where(Consultation.case_id.in_(barred)))
    filed = session.scalars(select(Document.id).where(Document.case_id.in_(barred)))
    things = (("case", barred), ("consultation", asked), ("document", filed))
    return frozenset(f"{kind}-{thing_id}" for kind, ids in things for thing_id in ids)


def _checked(
    session: Session,
    actor: Actor,
    keys: Sequence[str],
    question: Question,
    wanted: frozenset[str] | None,
    start: int,
) -> Results:
    """Few candidates: each is checked, so that no count tells of what the reader may not see."""
    rows = _recheck(session, actor, question, keys)
    by_kind = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    rows = [row for row in rows if wanted is None or row.kind in wanted]
    return Results(rows[start : start + PAGE_SIZE], len(rows), by_kind)


def _recheck(session: Session, actor: Actor, question: Question, keys: Sequence[str]) -> list[Found]:
    """Return what the database says of candidates: still there, visible now, and really containing the question."""
    found: dict[str, Found] = {}
    for kind, read in READERS.items():
        ids = [int(key.partition("-")[2]) for key in keys if key.startswith(f"{kind}-")]
        if not ids:
            continue
        for entry, row in read(session, actor, ids):
            if _answers(question, entry) and not _is_destroyed(row):
                found[entry.key] = _with_snippet(row, question, entry)
    return [found[key] for key in keys if key in found]


def _is_destroyed(row: Found) -> bool:
    """Say whether an item is gone for whoever searches, whatever a late index says."""
    return row.kind == "document" and row.state == "destroyed"


def _answers(question: Question, entry: SearchEntry) -> bool:
    return matches(question, entry.title, entry.body, *entry.numbers)


def _with_snippet(row: Found, question: Question, entry: SearchEntry) -> Found:
    if row.kind != "document" or entry.level >= STEP_UP_LEVEL or matches(question, row.title):
        return row
    snippet = snippet_of(entry.body, highlight_spans(question, entry.body))
    if snippet is None:
        return row
    return Found(row.kind, row.id, row.title, row.number, row.facts, row.state, row.day, snippet)


def _without_index(
    session: Session, actor: Actor, question: Question, text: str, wanted: frozenset[str] | None
) -> Results:
    """Look up names by their beginning and numbers whole: what plain indexes of the database can answer."""
    rows: list[Found] = []
    for kind, ids in _looked_up(session, text.strip()):
        if ids and (wanted is None or kind in wanted):
            rows += (row for _, row in READERS[kind](session, actor, ids))
    by_kind = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    return Results(rows[:PAGE_SIZE], len(rows), by_kind, without_index=True)


def _looked_up(session: Session, text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield what plain indexes find: one small select for each, since a union of conditions would walk the table."""
    wide = text.upper()
    lookups: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
        ("customer", Customer.id, customer_lookups(text)),
        ("policy", Policy.id, (Policy.number == wide, Policy.application_number == wide)),
        ("claim", Claim.id, (Claim.number == wide,)),
        ("document", Document.id, (Document.archive_number == wide,)),
        ("consultation", Consultation.id, (Consultation.number == wide,)),
        ("case", Case.id, (Case.number == wide,)),
    )
    for kind, column, conditions in lookups:
        found = [session.scalars(select(column).where(condition).limit(FALLBACK)).all() for condition in conditions]
        yield kind, list(dict.fromkeys(thing for things in found for thing in things))
