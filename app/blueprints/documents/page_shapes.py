"""How the pages of an item are shown: restored, as they came, or both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.blueprints.documents.finding import Sought
from app.blueprints.documents.pages import AS_IT_CAME, AS_IT_WAS_READ
from app.domain.hits import Box
from app.queries.document_hits import PageHits
from app.queries.documents import PageRow

RESTORED, CAME, BOTH = "restored", "came", "both"


@dataclass(frozen=True, slots=True)
class PageShapes:
    """One version's pages as they are shown now, and the ways to see them otherwise."""

    document_id: int
    ordinal: int
    pages: Sequence[PageRow]
    sought: Sought
    at: int
    shape: str

    @property
    def is_both(self) -> bool:
        """Say whether the page in view is shown beside its restored copy."""
        return self.shape == BOTH and any(page.number == self.at and page.is_restored for page in self.pages)

    def ways(self) -> list[dict[str, object]]:
        """Return label and address of each way, and which is the present one; none where nothing was restored."""
        if not any(page.is_restored for page in self.pages):
            return []
        labels = ((RESTORED, _("处理后")), (CAME, _("原图")), (BOTH, _("对照")))
        return [
            {"label": label, "href": self.address(shape=shape), "current": shape == self.shape}
            for shape, label in labels
        ]

    def links(self) -> list[dict[str, object]]:
        """Return the pages for the viewer; those on which words were found as they are marked."""
        return [
            {
                "number": page.number,
                "image": self.image(page.number, self._wanted(page.number)),
                "thumb": url_for(
                    ".send_thumbnail", document_id=self.document_id, ordinal=self.ordinal, number=page.number
                ),
                "href": self.address(page=page.number),
                "note": self._note(page),
            }
            for page in self.pages
        ]

    def marks(self) -> list[dict[str, object]]:
        """Return page by page where the words that are looked for stand on the images that `links` tells."""
        return [{"number": hits.number, "boxes": self._boxes(hits)} for hits in self.sought.hits]

    def pair(self) -> list[tuple[str, str, Sequence[Box]]]:
        """Return label, address and marks of the two images of the page in view."""
        hits = self.sought.on(self.at)
        came, restored = (hits.boxes, hits.on_restored or ()) if hits else ((), ())
        return [
            (_("原图"), self.image(self.at, AS_IT_WAS_READ), came),
            (_("处理后"), self.image(self.at, None), restored),
        ]

    def unread(self) -> list[int]:
        """Return the numbers of the pages that no machine could read, or hardly: a person has to look at them."""
        return [page.number for page in self.pages if page.is_unread]

    def _note(self, page: PageRow) -> str:
        hits = self.sought.on(page.number)
        if hits:
            return str(_("· %(n)s 处", n=hits.count))
        return str(_("· 待人工")) if page.is_unread else ""

    def _wanted(self, number: int) -> str | None:
        """Return which image of a page is shown: where words are marked, one on which their places are known."""
        hits = self.sought.on(number)
        if hits and hits.boxes and (self.shape == CAME or hits.on_restored is None):
            return AS_IT_WAS_READ
        return AS_IT_CAME if self.shape == CAME else None

    def _boxes(self, hits: PageHits) -> Sequence[Box]:
        is_restored = hits.on_restored is not None and self._wanted(hits.number) is None
        return hits.on_restored or () if is_restored else hits.boxes

    def neighbours(self) -> tuple[str | None, str | None]:
        """Return the addresses of the pages before and after, in the same shape."""
        numbers = {page.number for page in self.pages}
        before, after = (self.at + step if self.at + step in numbers else None for step in (-1, 1))
        return (self.address(page=before) if before else None, self.address(page=after) if after else None)

    def image(self, number: int, wanted: str | None) -> str:
        """Return the address of the image of a page."""
        values: dict[str, Any] = {"document_id": self.document_id, "ordinal": self.ordinal, "number": number}
        if wanted:
            values["as"] = wanted
        return url_for(".send_page", **values)

    def address(self, *, page: int | None = None, shape: str | None = None) -> str:
        """Return the address of the item with a page in view."""
        shape = shape or self.shape
        return url_for(
            ".show_document",
            document_id=self.document_id,
            version=self.ordinal,
            page=page or self.at,
            shape=None if shape == RESTORED else shape,
            s=self.sought.sealed or None,
        )


def shapes_of(document_id: int, ordinal: int, pages: Sequence[PageRow], sought: Sought) -> PageShapes:
    """Return how the address asks the pages to be shown."""
    shape = request.args.get("shape", RESTORED)
    at = request.args.get("page", sought.first_page, type=int)
    return PageShapes(document_id, ordinal, pages, sought, at, shape if shape in (CAME, BOTH) else RESTORED)
