"""Searching inside one item: on which of its pages the words stand, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.hits import Box, find_boxes, moved_boxes
from app.domain.policy import Action
from app.domain.search import Question, highlight_spans
from app.domain.snippets import Snippet, snippet_of
from app.models.customers import Customer
from app.models.documents import Document, DocumentVersion, Page
from app.queries.page_words import unpack_words, way_to_restored
from app.queries.visibility import documents_for


@dataclass(frozen=True, slots=True)
class PageHits:
    """A page with hits: how many, where on the image as it was read, and the words around the first one.

    A page whose words have no places has no `boxes`. `on_restored` are the same on the restored copy; None where it is
    not known how that lies.
    """

    number: int
    count: int
    boxes: tuple[Box, ...]
    snippet: Snippet | None
    on_restored: tuple[Box, ...] | None = None


def hits_in(session: Session, actor: Actor, document_id: int, ordinal: int, question: Question) -> Sequence[PageHits]:
    """Return the pages of a version that hold some part of `question`; none that `actor` may not look at."""
    if not question.parts:
        return ()
    rows = session.execute(
        select(Page.number, Page.text, Page.words)
        .join(DocumentVersion, DocumentVersion.id == Page.version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            Document.id == document_id,
            DocumentVersion.ordinal == ordinal,
            documents_for(actor, Action.DOCUMENT_PAGES),
        )
        .order_by(Page.number)
    )
    found = (hits_on(number, text, words, question) for number, text, words in rows)
    return [hits for hits in found if hits.count]


def hits_on(number: int, text: str, words: str | None, question: Question) -> PageHits:
    """Return the hits on one page; whether the reader may look at it is the caller's to say."""
    boxes = tuple(find_boxes(unpack_words(words), question))
    spans = highlight_spans(question, text)
    way = way_to_restored(words)
    moved = tuple(moved_boxes(boxes, way)) if way else None
    return PageHits(number, len(spans) or (1 if boxes else 0), boxes, snippet_of(text, spans), moved)
