"""`PageTool` by OpenCV in warm children that can reach nothing; turning and binding pages are small enough to do here."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pikepdf
from PIL import Image, UnidentifiedImageError

from app.adapters.page_images.wire import JUDGE, KEEP_UPRIGHT, RESTORE, unpack
from app.adapters.warm.child import Pool, Terms
from app.ports import Flaw, PageFailed, RestoredPage

_NEEDS = ("cv2", "rapidocr")
_MEMORY = 3 << 30
_QUALITY, _THUMBNAIL, _THUMBNAIL_QUALITY = 90, 240, 70
_MOST_PIXELS = 60_000_000
_TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_A4_LONG, _A4_SHORT = 841.89, 595.28  # points


class OpenCvPageTool:
    """Restores in one child behind the portal, judges in another that answers at once; both start when first asked."""

    def __init__(self, *, page_seconds: float = 60.0, idle_seconds: int = 300) -> None:
        """Set the limits of a page."""
        slow = Terms("page_images.entry", _NEEDS, _MEMORY, patience=page_seconds, idle_seconds=idle_seconds)
        quick = Terms("page_images.entry", _NEEDS, _MEMORY, patience=15.0, idle_seconds=idle_seconds, niceness=0)
        self.restorers, self.judges = Pool(slow, 1), Pool(quick, 1)

    def restore(self, images: Iterable[bytes], *, is_upright: bool = False) -> Iterator[RestoredPage | PageFailed]:
        """Yield for each image, in order, what people are shown of it, or why there is none."""
        letter = KEEP_UPRIGHT if is_upright else RESTORE
        return self.restorers.ask_all((letter + image for image in images), _restored)

    def judge(self, image: bytes) -> tuple[Flaw, ...]:
        """Tell what is wrong with a photograph, worst first; raises `PageFailed`."""
        return _flaws(_told(self.judges.ask(JUDGE + image))[0])

    def turn(self, image: bytes, degrees: int) -> bytes:
        """Return the JPEG turned clockwise by 90, 180 or 270 degrees; raises `PageFailed`."""
        picture = _opened(image).transpose(_TURNS[degrees])
        return _as_jpeg(picture, _QUALITY)

    def thumbnail(self, image: bytes) -> bytes:
        """Return a JPEG whose longest side is 240 px; raises `PageFailed`."""
        picture = _opened(image)
        picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
        return _as_jpeg(picture, _THUMBNAIL_QUALITY)

    def assemble(self, images: Sequence[bytes]) -> bytes:
        """Return a PDF with a page for each JPEG, none encoded again; raises `PageFailed`."""
        with pikepdf.new() as pdf:
            for image in images:
                _add_page(pdf, image)
            kept = io.BytesIO()
            pdf.save(kept)
        return kept.getvalue()


def _told(answer: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    try:
        head, image, thumbnail = unpack(answer)
    except ValueError as error:
        raise PageFailed("died") from error
    if "failed" in head:
        raise PageFailed(str(head["failed"]))
    return head, image, thumbnail


def _restored(answer: bytes) -> RestoredPage:
    head, image, thumbnail = _told(answer)
    try:
        return RestoredPage(
            image=image,
            thumbnail=thumbnail,
            width=int(head["width"]),
            height=int(head["height"]),
            turned=int(head["turned"]),
            skew=float(head["skew"]),
            blank=bool(head["blank"]),
            flaws=_flaws(head),
            way=_way(head),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PageFailed("died") from error


def _flaws(head: dict[str, Any]) -> tuple[Flaw, ...]:
    return tuple(Flaw(str(code), float(value)) for code, value in head["flaws"])


def _way(head: dict[str, Any]) -> tuple[float, ...]:
    numbers = tuple(float(number) for number in head["way"])
    if len(numbers) != 9 or not all(map(math.isfinite, numbers)):
        raise ValueError("no way")
    return numbers


def _opened(image: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(image), formats=("JPEG",))
        if picture.width * picture.height > _MOST_PIXELS:
            raise PageFailed("too_large")
        return picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise PageFailed("damaged") from error


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def _add_page(pdf: pikepdf.Pdf, image: bytes) -> None:
    """Add a page of A4, upright or lying as the image is, with the JPEG fitted into it."""
    try:
        with Image.open(io.BytesIO(image), formats=("JPEG",)) as picture:
            width, height, mode = picture.width, picture.height, picture.mode
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise PageFailed("damaged") from error
    wide, high = (_A4_SHORT, _A4_LONG) if height >= width else (_A4_LONG, _A4_SHORT)
    scale = min(wide / width, high / height)
    drawn = pikepdf.Stream(pdf, image)
    drawn.Type, drawn.Subtype, drawn.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
    drawn.Width, drawn.Height, drawn.BitsPerComponent = width, height, 8
    drawn.ColorSpace = pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB
    shown = f"q {width * scale:.3f} 0 0 {height * scale:.3f} 0 0 cm /Im0 Do Q".encode()
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width * scale, 3), round(height * scale, 3)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=drawn)),
        Contents=pikepdf.Stream(pdf, shown),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
