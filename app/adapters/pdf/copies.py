"""Setting a certified copy: a sheet for each page, its image above a foot with number and QR code. Runs in the press only."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.adapters.pdf.compose import ARCHIVAL, TEMPLATES

CODE = "code:0"


class OwnImages(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Hands out the images that the press was given, and refuses every other address."""

    def __init__(self, images: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__()
        self._images = images

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return an image of ours; raises `PermissionError`, and WeasyPrint goes on without."""
        if url not in self._images:
            raise PermissionError("the press fetches nothing")
        kind, data = self._images[url]
        return URLFetcherResponse(url, io.BytesIO(data), {"Content-Type": kind})


def print_copy(sheet: Mapping[str, str], pages: Sequence[Mapping[str, Any]], images: Sequence[bytes]) -> bytes:
    """Return the copy as a PDF, a sheet for each page in the order that they come in."""
    own = {f"page:{place}": ("image/jpeg", image) for place, image in enumerate(images, 1)}
    own[CODE] = ("image/svg+xml", _code(sheet["address"]))
    fetcher = OwnImages(own)
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    text = templates.get_template("copy.html").render(sheet=sheet, pages=pages, code=CODE)
    style = CSS(string=(TEMPLATES / "copy.css").read_text("utf-8"), url_fetcher=fetcher)
    return bytes(HTML(string=text, url_fetcher=fetcher).write_pdf(stylesheets=[style], pdf_variant=ARCHIVAL))


def _code(address: str) -> bytes:
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(file, kind="svg", border=2)
    return file.getvalue()
