"""How the pages of an item are shown: restored, as they came, or both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.blueprints.documents.finding import Sought
from app.blueprints.documents.pages import AS_IT_CAME, AS_IT_WAS_READ
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
        """Return the pages for the viewer. Words that were found are marked where they were read: on the page as it came."""
        wanted = AS_IT_WAS_READ if self.sought.hits else AS_IT_CAME if self.shape == CAME else None
        return [
            {
                "number": page.number,
                "image": self.image(page.number, wanted),
                "thumb": url_for(
                    ".send_thumbnail", document_id=self.document_id, ordinal=self.ordinal, number=page.number
                ),
                "href": self.address(page=page.number),
                "note": _("· %(n)s 处", n=count) if (count := self.sought.count_on(page.number)) else "",
            }
            for page in self.pages
        ]

    def pair(self) -> list[tuple[str, str]]:
        """Return label and address of the two images of the page in view."""
        return [(_("原图"), self.image(self.at, AS_IT_WAS_READ)), (_("处理后"), self.image(self.at, None))]

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
