"""Page images as the files that scanners and telephones deliver."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from app.cli.demo.pages import DPI

JPEG_QUALITY = 58
_MADE = datetime(2025, 1, 1, tzinfo=UTC)
_ORIENTATION = 0x0112  # the Exif tag that says how the telephone was held
_TURNS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


def as_scanned_pdf(
    images: Sequence[Image.Image], *, dpi: int = DPI, quality: int = JPEG_QUALITY, made: datetime = _MADE
) -> bytes:
    """Return a PDF that holds nothing but one JPEG a page; equal images give equal bytes."""
    stream, stamp = BytesIO(), made.timetuple()
    images[0].save(
        stream,
        "PDF",
        save_all=True,
        append_images=list(images[1:]),
        resolution=dpi,
        quality=quality,
        creationDate=stamp,
        modDate=stamp,
        producer="scan",
    )
    return stream.getvalue()


def as_jpeg(image: Image.Image, *, dpi: int = DPI, quality: int = JPEG_QUALITY, orientation: int = 1) -> bytes:
    """Return a JPEG. `orientation` 3, 6 or 8 stores it turned, with the Exif tag that tells a viewer to turn it back."""
    turn = _TURNS[orientation]
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    stream = BytesIO()
    stored = image if turn is None else image.transpose(turn)
    stored.save(stream, "JPEG", quality=quality, dpi=(dpi, dpi), exif=exif)
    return stream.getvalue()


def as_png(image: Image.Image, *, dpi: int = DPI, colours: int = 64) -> bytes:
    """Return a PNG with a palette, as office scanners write it."""
    stream = BytesIO()
    image.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(stream, "PNG", dpi=(dpi, dpi))
    return stream.getvalue()


def as_tiff(images: Sequence[Image.Image], *, dpi: int = DPI, fax: bool = True) -> bytes:
    """Return a TIFF with a frame for each page: black and white by CCITT group 4, or grey by LZW."""
    frames = [_black_and_white(image) if fax else image.convert("L") for image in images]
    stream = BytesIO()
    frames[0].save(
        stream,
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression="group4" if fax else "tiff_lzw",
        dpi=(dpi, dpi),
    )
    return stream.getvalue()


def _black_and_white(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    return grey.point([0 if level < 150 else 255 for level in range(256)]).convert("1", dither=Image.Dither.NONE)
