"""OFD (GB/T 33190) by ofdkit: pages counted, text read. The layout is not drawn; each page is a sheet with its text.

ofdkit refuses document types and entities in XML and bounds each part; the list of contents is looked at here first.
"""

from __future__ import annotations

import codecs

import ofdkit
from PIL import Image, ImageDraw, ImageFont, JpegImagePlugin

from . import packed
from .bounds import Bounds
from .drawing import draw_page
from .faces import SANS, SERIF, first_installed
from .frames import EDGE, TEXT_LIMIT, Line, Page
from .kinds import OFD
from .refusal import Refusal

_PLUGINS = (JpegImagePlugin,)  # loaded while files can still be opened
_SIZE, _MARGIN = (1240, 1754), 90  # A4 at 150 dpi
_SIZES = (26, 21, 17, 13)  # pixels of an em, the largest at which the text fits
_LEADING = 1.5
_HEAD, _UNREAD, _MORE = "OFD 版式未渲染，以下为其文字内容", "（这一页的文字读不出来）", "……（其余文字可检索，未列出）"
_HEAD_INK, _INK = "#8a5a00", "#202020"

_faces: dict[int, ImageFont.FreeTypeFont] = {}


def load() -> None:
    """Load all that reading and drawing will need, while files can still be opened."""
    Image.preinit()
    packed.load()
    for name in ("utf-16", "gb18030"):
        codecs.lookup(name)
    found = first_installed(SANS + SERIF)
    if found is not None:
        for size in _SIZES:
            _faces[size] = ImageFont.truetype(str(found[0]), size, found[1], layout_engine=ImageFont.Layout.BASIC)


class Ofd:
    """An opened OFD document."""

    media_type = OFD

    def __init__(self, data: bytes, bounds: Bounds) -> None:
        """Open the document and count its pages; raises `Refusal`, also for a ZIP that is no OFD."""
        if not _is_ofd(data):
            raise Refusal("unknown_type", "zip")
        try:
            self._document = ofdkit.open(data)
        except ofdkit.OFDLimitError as error:
            raise Refusal("too_costly", "size") from error
        except ofdkit.OFDError as error:
            raise Refusal("damaged") from error
        self.pages = len(self._document.pages)
        if not self.pages:
            raise Refusal("damaged")
        if self.pages > bounds.max_pages:
            raise Refusal("too_many_pages", str(self.pages))

    def check(self) -> None:
        """Read the first page, which a file that only looks like an OFD does not have."""
        if self._text(1) is None:
            raise Refusal("damaged", "page 1")

    def page(self, number: int) -> Page:
        """Return a page (from 1) as a sheet with its text."""
        text = self._text(number)
        sheet, lines = _sheet(_UNREAD if text is None else text)
        return draw_page(number, sheet, text or "", lines=lines if text else ())

    def _text(self, number: int) -> str | None:
        try:
            text = self._document.pages[number - 1].text()
        except ofdkit.OFDLimitError as error:
            raise Refusal("too_costly", "size") from error
        except ofdkit.OFDError:
            return None
        return "".join(sign for sign in text if sign == "\n" or sign.isprintable())[:TEXT_LIMIT]


def _is_ofd(data: bytes) -> bool:
    try:
        archive = packed.opened(data)
    except Refusal as refusal:
        if refusal.reason != "damaged":
            raise
        return False
    return any(packed.path_of(entry).strip("/").casefold() == "ofd.xml" for entry in archive.infolist())


def _sheet(text: str) -> tuple[Image.Image, tuple[Line, ...]]:
    """Return a sheet with the text on it, and where its lines stand."""
    sheet = Image.new("RGB", _SIZE, "white")
    if not _faces:
        return sheet, ()  # without a Chinese font the text is still read and found
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, _MARGIN - 40), _HEAD, fill=_HEAD_INK, font=_faces[_SIZES[1]])
    size, lines = _fitting(text)
    for row, line in enumerate(lines):
        pen.text((_MARGIN, _MARGIN + 20 + row * size * _LEADING), line, fill=_INK, font=_faces[size])
    return sheet, tuple(_place(row, line, size) for row, line in enumerate(lines) if line.strip() and line != _MORE)


def _place(row: int, line: str, size: int) -> Line:
    width, height = _SIZE
    top, right = _MARGIN + 20 + row * size * _LEADING, _MARGIN + _faces[size].getlength(line)
    edges = _MARGIN / width, top / height, min(right / width, 1.0), (top + size * 1.2) / height
    left, top, right, bottom = (round(EDGE * share) for share in edges)
    return Line(line, left, top, right, bottom)


def _fitting(text: str) -> tuple[int, list[str]]:
    """Return the largest size at which the text fits on the sheet, and its lines."""
    for size in _SIZES:
        room = int((_SIZE[1] - 2 * _MARGIN - 20) / (size * _LEADING))
        lines = _wrapped(text, size, room)
        if len(lines) <= room:
            return size, lines
    return size, [*lines[: room - 1], _MORE]


def _wrapped(text: str, size: int, room: int) -> list[str]:
    """Return the text in lines that fit; no more than one beyond the room for them."""
    widest, lines = _SIZE[0] - 2 * _MARGIN, [""]
    used = 0.0
    for sign in text:
        step = size / 2 if sign.isascii() else size
        if sign == "\n" or used + step > widest:
            if len(lines) > room:
                break
            lines.append("")
            used = 0.0
        if sign != "\n":
            lines[-1] += sign
            used += step
    return lines
