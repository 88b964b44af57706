"""What years, scanners and telephones do to a page: yellowing, skew, noise, shadows, holes, a desk behind it.

Pillow only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import radians, tan
from random import Random

from PIL import Image, ImageChops, ImageDraw

from app.cli.demo.photo import photograph
from app.cli.demo.textures import cut, grain, shade, stains

_LEAST = 0.02  # below this, an effect is not worth its time
_LIFTED = [255 - (255 - level) * 6 // 10 for level in range(256)]
_SUNK = [max(0, 255 - (255 - level) * 15 // 10) for level in range(256)]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a page came to be an image. Degrees, pixels of blur; the others from 0 (none) to 1 (much)."""

    skew_degrees: float = 0.0
    yellow: float = 0.0
    noise: float = 0.0
    shadow: float = 0.0
    blur: float = 0.0
    grey: bool = False
    holes: bool = False
    fold: bool = False
    photo: bool = False


def invent_condition(rng: Random, *, years: float = 0.0, photo: bool | None = None) -> Condition:
    """Return how a page of this age looks: mostly a clean scan, some grey copies, some photographs by telephone."""
    by_phone = rng.random() < 0.14 if photo is None else photo
    grey = not by_phone and rng.random() < 0.22
    return Condition(
        skew_degrees=0.0 if rng.random() < 0.25 else rng.gauss(0, 0.55),
        yellow=0.0
        if grey
        else min(0.3 if by_phone else 1.0, rng.choice((0.0, 0.06, 0.12)) + years * rng.uniform(0.01, 0.055)),
        noise=rng.uniform(0.2, 0.7),
        shadow=rng.uniform(0.3, 0.7) if by_phone else rng.choice((0.0, 0.0, 0.15)),
        blur=rng.choice((0.0, 0.0, 0.5)),
        grey=grey,
        holes=not by_phone and rng.random() < 0.3,
        fold=rng.random() < 0.15,
        photo=by_phone,
    )


def wear(image: Image.Image, rng: Random, condition: Condition) -> Image.Image:
    """Return the page as it would come out of the scanner or the telephone in this condition; grey copies as mode L."""
    page = _folded(image, rng) if condition.fold else image
    page = _punched(page) if condition.holes else page
    if condition.grey:
        page = page.convert("L")
    if condition.photo:
        page = photograph(page, rng)
    page = age(
        page,
        rng,
        skew_degrees=0.0 if condition.photo else condition.skew_degrees,
        yellow=condition.yellow,
        noise=condition.noise,
        shadow=condition.shadow,
        blur=condition.blur,
    )
    if not condition.photo:
        _dust(page, rng, condition.noise)
    return page


def age(
    image: Image.Image,
    rng: Random,
    *,
    skew_degrees: float = 0.0,
    yellow: float = 0.0,
    noise: float = 0.0,
    shadow: float = 0.0,
    blur: float = 0.0,
) -> Image.Image:
    """Return the page turned, blurred, yellowed (RGB only), shaded and grained; strengths from 0 to 1, same size and mode."""
    page = turned(image, skew_degrees)
    if blur > _LEAST:
        page = softened(page, blur)
    if yellow > _LEAST and page.mode == "RGB":
        page = page.point(_tint(round(yellow * 20)))
    return ImageChops.multiply(page, _surface(page, rng, yellow=yellow, noise=noise, shadow=shadow))


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Return the page turned counter-clockwise by a few degrees, smoothly.

    Two shears of strips, each moved by halves of a pixel: several times as fast as `Image.rotate` with interpolation.
    """
    slope = tan(radians(degrees))
    if abs(slope) < 0.0004:
        return image
    upright = _sheared(image, slope, columns=True)
    return _sheared(upright, -slope, columns=False)


def _sheared(image: Image.Image, slope: float, *, columns: bool) -> Image.Image:
    """Return the image with each column (or row) moved along itself by `slope` times its distance from the middle."""
    length = image.width if columns else image.height
    step = max(1, int(0.5 / abs(slope)))
    between = _half_a_pixel(image, columns=columns)
    sheared = Image.new(image.mode, image.size, _lid(image))
    for start in range(0, length, step):
        end = min(length, start + step)
        halves = round((length / 2 - start - step / 2) * slope * 2)
        strip = (between if halves % 2 else image).crop(
            (start, 0, end, image.height) if columns else (0, start, image.width, end)
        )
        sheared.paste(strip, (start, halves // 2) if columns else (halves // 2, start))
    return sheared


def _half_a_pixel(image: Image.Image, *, columns: bool) -> Image.Image:
    """Return the image as it looks half a pixel further down (or to the right)."""
    moved = image.copy()
    moved.paste(image, (0, 1) if columns else (1, 0))
    return Image.blend(image, moved, 0.5)


def _lid(image: Image.Image) -> int | tuple[int, int, int]:
    """Return what a scanner sees beside the page."""
    return 228 if image.mode == "L" else (228, 229, 227)


def softened(image: Image.Image, blur: float) -> Image.Image:
    """Return the page a little out of focus: mixed with itself, moved by a pixel."""
    moved = image.copy()
    moved.paste(image, (1, 1))
    return Image.blend(image, moved, min(0.5, blur / 2))


def _surface(page: Image.Image, rng: Random, *, yellow: float, noise: float, shadow: float) -> Image.Image:
    """Return by what each pixel of the page is multiplied: paper that browns at its edges, light, grain."""
    size = page.size
    factor = cut(grain(size, round(noise * 4)), size, rng)
    if yellow > _LEAST:
        factor = ImageChops.multiply(factor, cut(stains(size, round(yellow * 5)), size, rng))
    if shadow > _LEAST:
        factor = ImageChops.multiply(factor, cut(shade(size, round(shadow * 4), rng.randrange(4)), size, rng))
    if page.mode == "L":
        return factor
    bands = (factor.point(_LIFTED), factor, factor.point(_SUNK)) if yellow > _LEAST else (factor, factor, factor)
    return Image.merge("RGB", bands)


@lru_cache(maxsize=24)
def _tint(strength: int) -> list[int]:
    """Return the table that yellows paper: blue goes first."""
    part = strength / 20
    kept = (1 - 0.02 * part, 1 - 0.06 * part, 1 - 0.19 * part)
    return [int(level * share) for share in kept for level in range(256)]


# --- damage ----------------------------------------------------------------------------------------


def _dust(page: Image.Image, rng: Random, strength: float) -> None:
    """Put specks and, now and then, the streak of a dirty scanner glass on the page itself."""
    pen = ImageDraw.Draw(page)
    width, height = page.size
    for _ in range(int(10 + 40 * strength)):
        x, y, tone = rng.randrange(width), rng.randrange(height), rng.randint(90, 200)
        pen.ellipse(
            (x, y, x + rng.randrange(2), y + rng.randrange(2)), fill=tone if page.mode == "L" else (tone, tone, tone)
        )
    if rng.random() < 0.12:
        x = rng.randrange(width)
        pen.line((x, 0, x, height), fill=_lid(page), width=1)


def _punched(image: Image.Image) -> Image.Image:
    """Return the page with the three holes of a bound file (三孔一线) at its left edge."""
    page = image.copy()
    pen = ImageDraw.Draw(page)
    radius, x = image.width // 85, image.width // 26
    for part in (0.31, 0.5, 0.69):
        y = int(image.height * part)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(196, 198, 198), outline=(120, 120, 118))
        pen.arc((x - radius, y - radius, x + radius, y + radius), 150, 320, fill=(60, 60, 58), width=2)
    return page


def _folded(image: Image.Image, rng: Random) -> Image.Image:
    """Return the page with a crease across: a bright line and its shadow."""
    page = image.copy()
    pen = ImageDraw.Draw(page, "RGBA")
    y = int(image.height * rng.choice((0.33, 0.5, 0.5, 0.66)))
    for offset, tone, opacity in (
        (-3, 110, 22),
        (-2, 110, 34),
        (-1, 120, 60),
        (0, 255, 120),
        (1, 255, 60),
        (2, 150, 16),
    ):
        pen.line((0, y + offset, image.width, y + offset + rng.choice((-1, 0, 1))), fill=(tone, tone, tone, opacity))
    return page
