"""Words inside one item: asked for by a form, so that they stay out of addresses; marked on its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.documents.screen import screen
from app.domain.policy import Action
from app.domain.search import understand
from app.queries.document_hits import PageHits, hits_in
from app.queries.documents import read_document
from app.web.access import requires
from app.web.identity import the_actor
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in an item, as it may stand in an address as well, and the pages it stands on."""

    text: str = ""
    sealed: str = ""
    hits: Sequence[PageHits] = ()

    @property
    def first_page(self) -> int:
        """The first page with a hit; the first page where there is none."""
        return self.hits[0].number if self.hits else 1

    def on(self, number: int) -> PageHits | None:
        """Return the hits on a page."""
        return next((hits for hits in self.hits if hits.number == number), None)


def what_is_sought(document_id: int, ordinal: int) -> Sought:
    """Return what the address of an item asks for, found in one of its versions."""
    sealed = request.args.get("s", "")
    text = open_query(sealed)
    if not text:
        return Sought()
    return Sought(text, sealed, hits_in(reading(), the_actor(), document_id, ordinal, understand(text)))


@screen.post("/documents/<id:document_id>/versions/<int(max=9999):ordinal>/find")
@requires(Action.DOCUMENT_PAGES)
def find_in_document(document_id: int, ordinal: int) -> Response:
    """Take the words out of the form and show the item with them marked."""
    read_document(reading(), the_actor(), document_id)
    sealed = seal_query(request.form.get("text", ""))
    return redirect(url_for(".show_document", document_id=document_id, version=ordinal, s=sealed or None), 303)
