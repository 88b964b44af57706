"""Setting rows of a register on pages, with WeasyPrint. Runs in the press only.

A piece that is not the last gives back the rows of its last, half-empty page: they open the next piece, so that a
register of many pieces has the same pages as one set at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from app.adapters.pdf.qr import bars_path, dots_path, modules_across
from app.domain.code128 import whole_width

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "print"
ARCHIVAL = "pdf/a-3u"

_FIGURES = re.compile(r"[ -~·]+")


class NothingFetched(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Refuses every address, whatever its scheme; the stylesheet and the text are already here."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Refuse; WeasyPrint goes on without the resource."""
        raise PermissionError("the press fetches nothing")


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one register that are set together, and where they stand in it."""

    sheet: dict[str, Any]  # a RegisterSheet as JSON
    rows: Sequence[Sequence[str]]
    opening: bool
    closing: bool
    total: int

    @property
    def page_kind(self) -> str:
        """Return the named page of the stylesheet."""
        if self.opening:
            return "whole" if self.closing else "opening"
        return "following"


@dataclass(frozen=True, slots=True)
class Forme:
    """Pages that are set: `kept` rows stand on them for good, 0 if the piece was too short to tell."""

    document: Any
    kept: int

    def print(self) -> tuple[bytes, int]:
        """Return the PDF and its number of pages."""
        return self.document.write_pdf(pdf_variant=ARCHIVAL), len(self.document.pages)


class Composer:
    """Sets pieces of registers; keeps the stylesheet and the templates between them."""

    def __init__(self) -> None:
        loader = FileSystemLoader(TEMPLATES)
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._templates.tests["figures"] = lambda text: _FIGURES.fullmatch(text) is not None
        self._templates.filters.update(
            bars=bars_path, bars_width=whole_width, dots=dots_path, dots_width=modules_across
        )
        self._style = (TEMPLATES / "register.css").read_text("utf-8")

    def set_piece(self, piece: Piece) -> Forme:
        """Return the pages of `piece`; without its last page unless it closes the register."""
        document = self._render(
            "register.html",
            _paper(piece.sheet["paper"]) + _widths(piece.sheet["columns"]),
            sheet=piece.sheet,
            rows=piece.rows,
            opening=piece.opening,
            closing=piece.closing,
            total=piece.total,
            page_kind=piece.page_kind,
        )
        if piece.closing:
            return Forme(document, len(piece.rows))
        rows_of_pages = [{name for name in page.anchors if name.startswith("row-")} for page in document.pages]
        pages = full_pages(rows_of_pages)
        return Forme(document.copy(document.pages[:pages]), len(set().union(*rows_of_pages[:pages])))

    def set_type_case(self, characters: str, bold_characters: str) -> bytes:
        """Return a PDF that uses every one of the characters once, in each cut of the register's type."""
        document = self._render(
            "type_case.html", "", characters=" ".join(characters), bold_characters=" ".join(bold_characters)
        )
        return bytes(document.write_pdf(pdf_variant=ARCHIVAL))

    def set_form(self, form: str, values: dict[str, Any], *, variant: str | None = None) -> tuple[bytes, int]:
        """Return a form of its own template and stylesheet (labels, a letter) as PDF, and its number of pages."""
        fetcher = NothingFetched()
        text = self._templates.get_template(f"{form}.html").render(values)
        style = CSS(string=(TEMPLATES / f"{form}.css").read_text("utf-8"), url_fetcher=fetcher)
        document = HTML(string=text, url_fetcher=fetcher).render(stylesheets=[style], pdf_variant=variant)
        return bytes(document.write_pdf(pdf_variant=variant)), len(document.pages)

    def _render(self, template: str, extra_style: str, **values: Any) -> Any:
        fetcher = NothingFetched()
        html = HTML(string=self._templates.get_template(template).render(values), url_fetcher=fetcher)
        style = CSS(string=self._style + extra_style, url_fetcher=fetcher)
        return html.render(stylesheets=[style], pdf_variant=ARCHIVAL)


def full_pages(rows_of_pages: Sequence[set[str]]) -> int:
    """Return how many pages can stay when more rows follow: up to the last page that starts with a new row.

    A row taller than a page stands on two; between these there is no cut. 0: no cut at all.
    """
    for page in range(len(rows_of_pages) - 1, 0, -1):
        if rows_of_pages[page].isdisjoint(rows_of_pages[page - 1]):
            return page
    return 0


def _paper(paper: str) -> str:
    """Return what a larger sheet changes; A4 is what the stylesheet is set for."""
    if paper == "A4":
        return ""
    return (
        f"@page{{size:{paper} landscape}}.watermark{{width:390mm;height:261mm}}"
        ".watermark p:nth-child(even){left:230mm}"
        ".watermark p:nth-child(n+3){top:110mm}.watermark p:nth-child(n+5){top:200mm}"
    )


def _widths(columns: Sequence[dict[str, Any]]) -> str:
    whole = sum(float(column["width"]) for column in columns)
    shares = (100 * float(column["width"]) / whole for column in columns)
    return "".join(f".register col:nth-child({place}){{width:{share:.3f}%}}" for place, share in enumerate(shares, 1))
