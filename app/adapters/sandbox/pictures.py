"""Photos and scans: JPEG, PNG, TIFF and, by pillow-heif, HEIC; no other format.

Whatever Pillow raises ends this process, which the parent reports as a damaged file; only the refusals that people
can act upon are told apart here.
"""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from .bounds import Bounds
from .drawing import draw_page, fitted, flatten
from .frames import Page
from .kinds import HEIC, JPEG, PNG, TIFF
from .refusal import Refusal

_LONGEST = 2400
_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", HEIC: "HEIF"}
_PLUGINS = (ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)  # loaded while files open
_ORIENTATION, _SUBFILE_TYPE, _REDUCED = 274, 254, 1
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BAD_EXIF = (SyntaxError, OSError, ValueError, LookupError, TypeError, struct.error)


def load(kind: str) -> None:
    """Load all that decoding and encoding will need, while files can still be opened."""
    Image.preinit()
    if kind == HEIC:
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # every frame is measured here, against our own limit


class Pictures:
    """An opened image file: one picture, or the frames of a TIFF."""

    def __init__(self, data: bytes, kind: str, bounds: Bounds) -> None:
        """Read the heads; nothing is decoded. Raises `Refusal`."""
        self.media_type = kind
        self._bounds = bounds
        self._image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
        self._frames = self._find_frames() if kind == TIFF else [0]
        self._refuse_large()
        self.pages = len(self._frames)

    def check(self) -> None:
        """Decode as much as tells a whole file from a broken one."""
        if self.media_type == PNG:
            self._image.verify()  # every chunk carries a checksum
            return
        if self.media_type != HEIC:  # it opens at its primary picture; the others are bursts and depths of the same
            self._image.seek(self._frames[0])
        self._image.draft(None, (1, 1))
        self._image.load()

    def page(self, number: int) -> Page:
        """Return a page (from 1) as a flat, upright image; pictures have no text."""
        if self.media_type != HEIC:
            self._image.seek(self._frames[number - 1])
        turn = _TURNS.get(self._orientation())
        self._image.draft(None, fitted(self._image.size, _LONGEST))
        self._image.load()
        flat = flatten(self._image, _LONGEST)
        return draw_page(number, flat if turn is None else flat.transpose(turn), "")

    def _find_frames(self) -> list[int]:
        every: list[int] = []
        pages: list[int] = []
        try:
            while len(pages) <= self._bounds.max_pages:
                self._image.seek(len(every))
                self._refuse_large()
                if not self._is_reduced():
                    pages.append(len(every))
                every.append(len(every))
        except EOFError:
            return pages or every
        raise Refusal("too_many_pages", str(self._bounds.max_pages))

    def _is_reduced(self) -> bool:
        # Scanners store a small copy beside the page; it is no page.
        tags = getattr(self._image, "tag_v2", {})
        return bool(int(tags.get(_SUBFILE_TYPE, 0)) & _REDUCED)

    def _refuse_large(self) -> None:
        width, height = self._image.size
        if width * height > self._bounds.max_pixels:
            raise Refusal("too_many_pixels", f"{width}x{height}")

    def _orientation(self) -> int:
        if self.media_type in (TIFF, HEIC):
            return 1  # turned by their decoders
        try:
            return int(self._image.getexif().get(_ORIENTATION, 1))
        except _BAD_EXIF:
            return 1  # a bad note beside the picture is no reason to refuse the picture
