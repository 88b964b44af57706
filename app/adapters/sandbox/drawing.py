"""Turning decoded pixels into what people may be shown: flat, upright, bounded, re-encoded without metadata."""

from __future__ import annotations

import io

from PIL import Image

from .frames import Line, Page

_QUALITY = 80
_THUMBNAIL = 240
_STRIP_PIXELS = 4_000_000
_WHITE = (255, 255, 255, 255)
_WITH_ALPHA = {"RGBA", "RGBa", "LA", "La", "PA"}


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return `size` shrunk, never enlarged, until its longest side is `longest`."""
    share = min(1.0, longest / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def draw_page(
    number: int, image: Image.Image, text: str, *, is_digital: bool = False, lines: tuple[Line, ...] = ()
) -> Page:
    """Return the page that goes to the parent; `image` is RGB or grey."""
    thumbnail = image.resize(fitted(image.size, _THUMBNAIL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Page(number, image.width, image.height, _jpeg(image), _jpeg(thumbnail), text, is_digital, lines)


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def flatten(image: Image.Image, longest: int) -> Image.Image:
    """Return `image` as RGB (grey stays grey) on white, its longest side at most `longest`.

    Works in strips, so that a large image needs the memory of its own pixels and little more.
    """
    factor = max(1, max(image.size) // (2 * longest))
    levels = _levels(image)
    canvas = Image.new("L" if _is_grey(image) else "RGB", (-(-image.width // factor), -(-image.height // factor)))
    rows = max(1, _STRIP_PIXELS // (image.width * factor)) * factor
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        flat = _flat(strip, levels).convert(canvas.mode)
        canvas.paste(flat.reduce(factor) if factor > 1 else flat, (0, top // factor))
    size = fitted(image.size, longest)
    return canvas if canvas.size == size else canvas.resize(size, Image.Resampling.LANCZOS)


def _is_grey(image: Image.Image) -> bool:
    return image.mode in {"1", "L", "F"} or image.mode.startswith("I")


def _flat(strip: Image.Image, levels: tuple[float, float]) -> Image.Image:
    if strip.mode in _WITH_ALPHA or "transparency" in strip.info:
        paper = Image.new("RGBA", strip.size, _WHITE)
        paper.alpha_composite(strip.convert("RGBA"))
        return paper
    if strip.mode == "F" or strip.mode.startswith("I"):
        gain, offset = levels
        deep = strip if strip.mode == "F" else strip.convert("I")
        return deep.point(lambda value: value * gain + offset).convert("L")
    return strip


def _levels(image: Image.Image) -> tuple[float, float]:
    """Return gain and offset that bring deep grey to 0…255."""
    if image.mode.startswith("I;16"):
        return 1 / 257, 0.0
    if image.mode not in {"I", "F"}:
        return 1.0, 0.0
    lowest, highest = (float(bound) for bound in image.getextrema())  # type: ignore[arg-type]
    gain = 255 / (highest - lowest) if highest > lowest else 0.0
    return gain, -lowest * gain
