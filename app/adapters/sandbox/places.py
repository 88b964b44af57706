"""Where the lines of a PDF page's text layer stand on the page as it is drawn."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from .frames import EDGE, MOST_LINES, Line

MOST_CHARACTERS = 20_000  # of a page; what comes after has no place, and is found all the same
_LONGEST = 300  # characters of a line
_GAP = 1.5  # of a character's height: a wider gap ends a piece, so that places within it stay true
_STEP = 0.5  # of a character's height: one that stands so much higher or lower is on another line


class _Sign(NamedTuple):
    """A character and its box in the page's own units, the second edge above the first."""

    text: str
    left: float
    low: float
    right: float
    high: float


def lines_of(page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage) -> tuple[Line, ...]:
    """Return the text layer piece by piece with its places; what lies outside of the page is left out."""
    found: list[Line] = []
    for piece in _pieces(words):
        line = _placed(page, piece)
        if line is not None:
            found.append(line)
        if len(found) == MOST_LINES:
            break
    return tuple(found)


def _pieces(words: pypdfium2.PdfTextPage) -> Iterator[list[_Sign]]:
    piece: list[_Sign] = []
    for index in range(min(words.count_chars(), MOST_CHARACTERS)):
        sign = _sign(words, index)
        if piece and (sign is None or len(piece) == _LONGEST or not _goes_on(piece, sign)):
            yield piece
            piece = []
        if sign is not None and (piece or sign.text != " "):
            piece.append(sign)
    if piece:
        yield piece


def _sign(words: pypdfium2.PdfTextPage, index: int) -> _Sign | None:
    """Return a character; None for the end of a line and what cannot be shown. A gap that PDFium filled is a blank."""
    code = pdfium.FPDFText_GetUnicode(words.raw, index)
    text = chr(code) if 0 < code < 0x110000 else ""
    box = pdfium.FS_RECTF()
    text = " " if text.isspace() and text not in "\r\n" else text
    if not text or not text.isprintable() or not pdfium.FPDFText_GetLooseCharBox(words.raw, index, box):
        return None
    return _Sign(text, box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top))


def _goes_on(piece: list[_Sign], sign: _Sign) -> bool:
    """Say whether a character belongs to the piece; where a blank stands is PDFium's guess and tells nothing."""
    if sign.text == " ":
        return True
    last = next(before for before in reversed(piece) if before.text != " ")
    height = max(last.high - last.low, sign.high - sign.low)
    gap = max(sign.left - last.right, last.left - sign.right)
    return abs(sign.low - last.low) < _STEP * height and gap < _GAP * height


def _placed(page: pypdfium2.PdfPage, piece: list[_Sign]) -> Line | None:
    text = "".join(sign.text for sign in piece).rstrip()
    signs = [sign for sign in piece[: len(text)] if sign.right > sign.left and sign.high > sign.low]
    if not signs:
        return None
    first = _drawn_at(page, min(sign.left for sign in signs), max(sign.high for sign in signs))
    second = _drawn_at(page, max(sign.right for sign in signs), min(sign.low for sign in signs))
    (left, right), (top, bottom) = (sorted(edges) for edges in zip(first, second, strict=True))
    left, top = max(left, 0), max(top, 0)
    # Never thinner than a thousandth: what is there can be pointed at.
    right, bottom = min(max(right, left + 1), EDGE), min(max(bottom, top + 1), EDGE)
    return Line(text, left, top, right, bottom) if left < right and top < bottom else None


def _drawn_at(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    """Return a place in thousandths of the page as it is drawn: cut to its box, turned as it says."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, EDGE, EDGE, 0, x, y, across, down)
    return across.value, down.value
