"""Finding: candidates from the index inside the actor's scope, each re-checked in the database before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_identity, mask_name
from app.domain.policy import STEP_UP_LEVEL, Action, scopes
from app.domain.search import Question, highlight_spans, matches, understand
from app.domain.snippets import Snippet, snippet_of
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.policies import Policy
from app.ports import IndexUnavailable, ScopeClause, SearchEntry, SearchIndex
from app.queries.lookups import customer_lookups
from app.queries.search_entries import entries_by_keys
from app.queries.visibility import claims_for, customers_for, documents_for, policies_for

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
}


@dataclass(frozen=True, slots=True)
class Found:
    """One result, masked."""

    kind: str
    id: int
    title: str
    number: str
    facts: tuple[str, ...]
    state: str
    day: date | None
    snippet: Snippet | None = None


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
    try:
        hits = index.search(text, clauses_for(actor), kinds=wanted, offset=0, limit=max(CHECKED, start + PAGE_SIZE))
    except IndexUnavailable:
        return _without_index(session, actor, question, text, wanted)
    if sum(hits.by_kind.values()) <= CHECKED:
        return _checked(session, actor, index, question, text, wanted, start)
    shown = _recheck(session, actor, question, hits.keys[start : start + PAGE_SIZE])
    return Results(shown, hits.total, hits.by_kind, exact=False)


def clauses_for(actor: Actor) -> list[ScopeClause]:
    """Return what the index may look at for `actor`: the policy, in the index's words."""
    return [
        ScopeClause(frozenset({kind}), scope.branches, scope.agent_id, scope.max_level)
        for kind, action in KINDS.items()
        for scope in scopes(actor, action)
    ]


def _checked(
    session: Session,
    actor: Actor,
    index: SearchIndex,
    question: Question,
    text: str,
    wanted: frozenset[str] | None,
    start: int,
) -> Results:
    """Few candidates: each is checked, so that no count tells of what the reader may not see."""
    hits = index.search(text, clauses_for(actor), offset=0, limit=CHECKED)
    rows = _recheck(session, actor, question, hits.keys)
    by_kind = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    rows = [row for row in rows if wanted is None or row.kind in wanted]
    return Results(rows[start : start + PAGE_SIZE], len(rows), by_kind)


def _recheck(session: Session, actor: Actor, question: Question, keys: Sequence[str]) -> list[Found]:
    """Return what the database says of candidates: still there, visible now, and really containing the question."""
    entries = {entry.key: entry for entry in entries_by_keys(session, keys)}
    true_keys = [key for key in keys if key in entries and _answers(question, entries[key])]
    rows: dict[str, Found] = {}
    for kind, read in _READERS.items():
        ids = [int(key.partition("-")[2]) for key in true_keys if key.startswith(f"{kind}-")]
        if ids:
            for row in read(session, actor, ids):
                rows[f"{kind}-{row.id}"] = row
    return [_with_snippet(rows[key], question, entries[key]) for key in true_keys if key in rows]


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
            rows += _READERS[kind](session, actor, ids)
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
    )
    for kind, column, conditions in lookups:
        found = [session.scalars(select(column).where(condition).limit(FALLBACK)).all() for condition in conditions]
        yield kind, list(dict.fromkeys(thing for things in found for thing in things))


def _customers(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Customer, Branch.name)
        .join(Branch, Branch.id == Customer.branch_id)
        .where(Customer.id.in_(ids), customers_for(actor, Action.CUSTOMER_VIEW))
    )
    return [
        Found(
            "customer",
            row.id,
            mask_name(row.name, is_organisation=row.kind == "organisation"),
            row.number,
            (mask_identity(IdKind(row.id_kind), row.id_number) if row.id_number else "", branch),
            row.state,
            row.birth_date,
        )
        for row, branch in rows
    ]


def _policies(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Policy, Customer.name, Customer.kind)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id.in_(ids), policies_for(actor, Action.POLICY_VIEW))
    )
    return [
        Found("policy", row.id, row.product, row.number, (_masked(name, kind),), row.status, row.effective_on)
        for row, name, kind in rows
    ]


def _claims(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Claim, Customer.name, Customer.kind)
        .join(Customer, Customer.id == Claim.customer_id)
        .where(Claim.id.in_(ids), claims_for(actor, Action.CLAIM_VIEW))
    )
    return [
        Found("claim", row.id, _masked(name, kind), row.number, (row.kind,), row.status, row.reported_on)
        for row, name, kind in rows
    ]


def _documents(session: Session, actor: Actor, ids: Iterable[int]) -> list[Found]:
    rows = session.execute(
        select(Document, Customer.name, Customer.kind, Category.name)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Category, Category.id == Document.category_id)
        .where(Document.id.in_(ids), documents_for(actor, Action.DOCUMENT_VIEW))
    )
    return [
        Found(
            "document",
            row.id,
            row.title,
            row.archive_number or "",
            (_masked(name, kind), category),
            row.state,
            row.formed_on,
        )
        for row, name, kind, category in rows
    ]


def _masked(name: str, kind: str) -> str:
    return mask_name(name, is_organisation=kind == "organisation")


_READERS = {"customer": _customers, "policy": _policies, "claim": _claims, "document": _documents}
