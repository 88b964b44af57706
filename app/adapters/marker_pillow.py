"""`PageMarker` by Pillow: a mark that repeats across the page, dark with a light rim, so that it shows on any ground.

It works in the process that asks, see docs/adr/0010-reading.md: the images are our own, drawn anew in the sandbox and
authenticated by the store, and a process for each page would cost more than the burning.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.ports import MarkFailed, PageMark

# Debian's fonts, the first that is installed: file, number of the simplified Chinese face in the collection.
FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
)
_QUALITY = 80
_TILT = 28  # degrees
_INK, _RIM = 70, 255  # grey
_INK_SHARE, _RIM_SHARE = 0.30, 0.34  # of full cover: what lies under it stays legible
_SMALLEST = 6  # pixels of an em


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Two masks of one size: where ink goes, and where its rim goes."""

    ink: Image.Image
    rim: Image.Image


class PillowMarker:
    """Burns marks; threads may share it, at most `at_once` of them work at the same time."""

    def __init__(self, *, max_bytes: int = 32 * 2**20, max_pixels: int = 60_000_000, at_once: int = 2) -> None:
        """Set the limits: bytes and pixels of an image, burnings at the same time."""
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels
        self._turns = threading.BoundedSemaphore(at_once)

    def burn(self, image: bytes, mark: PageMark) -> bytes:
        """Return a JPEG of the same size with the mark in it; raises `MarkFailed`."""
        if len(image) > self._max_bytes:
            raise MarkFailed("too_large")
        with self._turns:
            page = self._opened(image)
            _cover(page, mark.lines)
            _foot(page, mark.foot)
            file = io.BytesIO()
            page.save(file, "JPEG", quality=_QUALITY)
            return file.getvalue()

    def _opened(self, image: bytes) -> Image.Image:
        try:
            page = Image.open(io.BytesIO(image), formats=("JPEG",))
            if page.width * page.height > self._max_pixels:
                raise MarkFailed("too_large")
            page.load()
        except (OSError, ValueError, Image.DecompressionBombError) as fault:
            raise MarkFailed("damaged") from fault
        return page if page.mode in ("L", "RGB") else page.convert("RGB")


def _cover(page: Image.Image, lines: tuple[str, ...]) -> None:
    """Set the stamp in rows across the page, every second row moved by half, cut off at the edges."""
    em = max(_SMALLEST, min(page.size) // 46)
    stamp = _tilted(lines, em)
    across, down = stamp.ink.width + em, stamp.ink.height + em // 2
    for row, top in enumerate(range(-down // 3, page.height, down)):
        for left in range(-across // 2 * (row % 2) - across // 4, page.width, across):
            _press(page, stamp, left, top)


def _foot(page: Image.Image, text: str) -> None:
    em = max(_SMALLEST, min(page.size) // 60)
    stamp = _line(text, em)
    room = page.width - em
    if stamp.ink.width > room:
        stamp = _line(text, max(_SMALLEST, em * room // stamp.ink.width))
    _press(page, stamp, (page.width - stamp.ink.width) // 2, page.height - stamp.ink.height - em // 3)


def _press(page: Image.Image, stamp: _Stamp, left: int, top: int) -> None:
    rim, ink = (_RIM, _INK) if page.mode == "L" else ((_RIM,) * 3, (_INK,) * 3)
    page.paste(rim, (left, top), stamp.rim)
    page.paste(ink, (left, top), stamp.ink)


@lru_cache(maxsize=32)
def _tilted(lines: tuple[str, ...], em: int) -> _Stamp:
    """Return the lines below each other, tilted and thin; the same within a minute for each reader."""
    flat = _drawn("\n".join(lines), em, _INK_SHARE, _RIM_SHARE)
    ink, rim = (mask.rotate(_TILT, Image.Resampling.BICUBIC, expand=True) for mask in (flat.ink, flat.rim))
    return _Stamp(ink, rim)


@lru_cache(maxsize=32)
def _line(text: str, em: int) -> _Stamp:
    return _drawn(text, em, 0.85, 0.7)


def _drawn(text: str, em: int, ink_share: float, rim_share: float) -> _Stamp:
    face, rim = _face(em), max(1, em // 12)
    measure = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = measure.multiline_textbbox((0, 0), text, font=face, spacing=em // 4, stroke_width=rim)
    size = (max(1, int(right - left) + 2), max(1, int(bottom - top) + 2))

    def mask(stroke: int, share: float) -> Image.Image:
        drawn = Image.new("L", size)
        place = (1 - left, 1 - top)
        ImageDraw.Draw(drawn).multiline_text(
            place, text, fill=round(255 * share), font=face, spacing=em // 4, stroke_width=stroke, align="center"
        )
        return drawn

    return _Stamp(mask(0, ink_share), mask(rim, rim_share))


@lru_cache(maxsize=16)
def _face(em: int) -> ImageFont.FreeTypeFont:
    """Return the first installed Chinese face at `em` pixels; raises `MarkFailed` where there is none."""
    for name, number in FONTS:
        if Path(name).is_file():
            return ImageFont.truetype(name, em, index=number, layout_engine=ImageFont.Layout.BASIC)
    raise MarkFailed("no_font")
