"""PDF by PDFium: pages as images, and their text layer. The build has no script engine."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import math
import re

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, JpegImagePlugin

from .bounds import Bounds
from .drawing import draw_page
from .fonts import offer_fonts
from .frames import TEXT_LIMIT, Page
from .kinds import PDF
from .places import lines_of
from .refusal import Refusal

_SCALE = 150 / 72
_LONGEST = 2000
_ENCRYPTED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
_PLUGINS = (JpegImagePlugin,)  # loaded while files can still be opened
_NESTING = 8
# All controls but newline and tab, lone surrogates, and what PDFium writes for a hyphen at the end of a line.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def load() -> None:
    """Load all that rendering and encoding will need, while files can still be opened."""
    Image.preinit()
    codecs.lookup("utf-16-le")  # for text layers
    offer_fonts()


class Pdf:
    """An opened PDF document."""

    media_type = PDF

    def __init__(self, data: bytes, bounds: Bounds) -> None:
        """Open the document and count its pages; raises `Refusal`."""
        self._bounds = bounds
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Refusal("encrypted" if error.err_code in _ENCRYPTED else "damaged") from error
        with contextlib.suppress(pypdfium2.PdfiumError):  # a page without its form fields is better than none
            self._document.init_forms()
        self.pages = len(self._document)
        if self.pages > bounds.max_pages:
            raise Refusal("too_many_pages", str(self.pages))

    def check(self) -> None:
        """Load the first page, which a file that only looks like a PDF does not have."""
        self._load(0).close()

    def page(self, number: int) -> Page:
        """Return a page (from 1) at 150 dpi, its longest side at most 2,000 pixels, and its text."""
        page = self._load(number - 1)
        longest = max(page.get_size())
        image = page.render(scale=min(_SCALE, _LONGEST / longest)).to_pil()
        words = page.get_textpage()
        text, lines = clean(words.get_text_bounded()), lines_of(page, words)
        is_digital = not _is_mostly_pictures(page)
        page.close()
        return draw_page(number, image, text, is_digital=is_digital, lines=lines)

    def _load(self, index: int) -> pypdfium2.PdfPage:
        try:
            page = self._document[index]
        except pypdfium2.PdfiumError as error:
            raise Refusal("damaged", f"page {index + 1}") from error
        if not all(math.isfinite(side) and side > 0 for side in page.get_size()):
            raise Refusal("damaged", f"page {index + 1}")
        _refuse_large_images(page.raw, self._bounds.max_pixels)
        return page


def _refuse_large_images(page: object, max_pixels: int) -> None:
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        _refuse_large_image(pdfium.FPDFPage_GetObject(page, index), max_pixels, _NESTING)


def _refuse_large_image(thing: object, max_pixels: int, depth: int) -> None:
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        width, height = ctypes.c_uint(), ctypes.c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(thing, width, height)
        if width.value * height.value > max_pixels:
            raise Refusal("too_many_pixels", f"{width.value}x{height.value}")
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
        for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
            _refuse_large_image(pdfium.FPDFFormObj_GetObject(thing, index), max_pixels, depth - 1)


def _is_mostly_pictures(page: pypdfium2.PdfPage) -> bool:
    """Say whether pictures cover half of the page or more, as they do on a scan; a form with one in it counts whole."""
    width, height = page.get_size()
    things = (pdfium.FPDFPage_GetObject(page.raw, index) for index in range(pdfium.FPDFPage_CountObjects(page.raw)))
    pictures: float = sum(_area(thing) for thing in things if _holds_picture(thing, _NESTING))
    return bool(pictures >= width * height / 2)


def _holds_picture(thing: object, depth: int) -> bool:
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind != pdfium.FPDF_PAGEOBJ_FORM or not depth:
        return bool(kind == pdfium.FPDF_PAGEOBJ_IMAGE)
    parts = (pdfium.FPDFFormObj_GetObject(thing, index) for index in range(pdfium.FPDFFormObj_CountObjects(thing)))
    return any(_holds_picture(part, depth - 1) for part in parts)


def _area(thing: object) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return 0.0
    return abs(right.value - left.value) * abs(top.value - bottom.value)


def clean(text: str) -> str:
    """Return `text` with plain newlines, without control characters and lone surrogates, bounded in length."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:TEXT_LIMIT]
