"""What years, scanners and telephones do to a page: yellowing, skew, noise, shadows, holes, a desk behind it.

Pillow only. Textures are made once per size from a fixed seed, and each page takes its own cut of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import radians, tan
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from app.cli.demo.seals import noise as raw_noise

Size = tuple[int, int]
_LIFTED = [255 - (255 - level) * 6 // 10 for level in range(256)]
_SUNK = [max(0, 255 - (255 - level) * 15 // 10) for level in range(256)]
_SLACK = 96  # pixels by which a texture is larger than a page, so that cuts of it differ


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
        yellow=0.0 if grey else min(1.0, rng.choice((0.0, 0.06, 0.12)) + years * rng.uniform(0.01, 0.055)),
        noise=rng.uniform(0.2, 0.7),
        shadow=rng.uniform(0.35, 0.8) if by_phone else rng.choice((0.0, 0.0, 0.15)),
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
    return age(
        page,
        rng,
        skew_degrees=0.0 if condition.photo else condition.skew_degrees,
        yellow=condition.yellow,
        noise=condition.noise,
        shadow=condition.shadow,
        blur=condition.blur,
    )


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
    """Return the page turned, yellowed (RGB only), blurred, shaded and grained; strengths from 0 to 1, same size and mode."""
    page = turned(image, skew_degrees)
    if blur > 0.02:
        page = softened(page, blur)
    if yellow > 0.02 and page.mode == "RGB":
        page = page.point(_tint(round(yellow * 20)))
    page = ImageChops.multiply(page, _surface(page, rng, yellow=yellow, noise=noise, shadow=shadow))
    if noise > 0.02:
        _dust(page, rng, noise)
    return page


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
    factor = _cut(_grain(size, round(noise * 4)), size, rng)
    if yellow > 0.02:
        factor = ImageChops.multiply(factor, _cut(_stains(size, round(yellow * 5)), size, rng))
    if shadow > 0.02:
        factor = ImageChops.multiply(factor, _cut(_shade(size, round(shadow * 4), rng.randrange(4)), size, rng))
    if page.mode == "L":
        return factor
    bands = (factor.point(_LIFTED), factor, factor.point(_SUNK)) if yellow > 0.02 else (factor, factor, factor)
    return Image.merge("RGB", bands)


def photograph(image: Image.Image, rng: Random) -> Image.Image:
    """Return the page lying on a desk, seen from a little aside; same size."""
    width, height = image.size
    desk = _cut(_desk(image.size, rng.randrange(3)), image.size, rng)
    corners = _lying(width, height, rng)
    numbers = perspective(corners, ((0, 0), (width, 0), (width, height), (0, height)))
    page = image.transform(image.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)
    cover = Image.new("L", image.size)
    ImageDraw.Draw(cover).polygon(corners, fill=255)
    _cast(desk, corners)
    desk.paste(page, (0, 0), cover)
    return desk


def _lying(width: int, height: int, rng: Random) -> tuple[tuple[float, float], ...]:
    margin = 0.045
    turn = rng.uniform(-0.02, 0.02)

    def near(x: float, y: float) -> tuple[float, float]:
        return (
            (x + rng.uniform(-0.02, 0.02) - turn * (y - 0.5)) * width,
            (y + rng.uniform(-0.015, 0.015) + turn * (x - 0.5)) * height,
        )

    return (near(margin, margin), near(1 - margin, margin), near(1 - margin, 1 - margin), near(margin, 1 - margin))


def perspective(seen: tuple[tuple[float, float], ...], flat: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """Return the eight numbers by which `Image.transform` maps the four `seen` corners to the four `flat` ones."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> tuple[float, ...]:
    """Solve the linear equations by elimination with pivots."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(count):
            if other != column:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return tuple(row[-1] for row in rows)


# --- textures --------------------------------------------------------------------------------------


def _cut(texture: Image.Image, size: Size, rng: Random) -> Image.Image:
    x, y = rng.randrange(_SLACK), rng.randrange(_SLACK)
    return texture.crop((x, y, x + size[0], y + size[1]))


def _clouds(size: Size, cells: int, seed: int) -> Image.Image:
    """Return soft grey patches, about `cells` of them across."""
    rng = Random(seed)
    small = raw_noise(rng, (cells, max(2, cells * size[1] // size[0])))
    return small.resize(size, Image.Resampling.BICUBIC)


def _wide(size: Size) -> Size:
    return (size[0] + _SLACK, size[1] + _SLACK)


@lru_cache(maxsize=24)
def _tint(strength: int) -> list[int]:
    """Return the table that yellows paper: blue goes first."""
    part = strength / 20
    kept = (1 - 0.02 * part, 1 - 0.06 * part, 1 - 0.19 * part)
    return [int(level * share) for share in kept for level in range(256)]


@lru_cache(maxsize=8)
def _stains(size: Size, strength: int) -> Image.Image:
    """Return old paper: darker towards the edges, in patches."""
    wide = _wide(size)
    edges = Image.radial_gradient("L").resize(wide, Image.Resampling.BICUBIC)
    uneven = Image.blend(_clouds(wide, 9, 11), edges, 0.6)
    depth = 8 * strength
    return uneven.point([255 - depth * level // 255 for level in range(256)])


@lru_cache(maxsize=20)
def _shade(size: Size, strength: int, corner: int) -> Image.Image:
    """Return the light of a lamp at one side: bright there, dim at the far corner."""
    slope = Image.linear_gradient("L").rotate(90 * corner + 24, Image.Resampling.BILINEAR, fillcolor=128)
    soft = Image.blend(slope.crop((40, 40, 216, 216)), _clouds((176, 176), 3, corner), 0.35)
    floor = 255 - 30 * strength
    dim = soft.filter(ImageFilter.GaussianBlur(12)).point([floor + (255 - floor) * v // 255 for v in range(256)])
    return dim.resize(_wide(size), Image.Resampling.BICUBIC)


@lru_cache(maxsize=6)
def _grain(size: Size, strength: int) -> Image.Image:
    """Return the grain of paper and sensor as shares of brightness, coarse enough for JPEG to keep it cheaply."""
    # The mean of three by three even values is nearly normal.
    fine = raw_noise(Random(5), _wide(size)).filter(ImageFilter.BoxBlur(1))
    gain = 0.04 + 0.05 * strength
    return fine.point([min(255, int(251 + (level - 127.5) * gain)) for level in range(256)])


@lru_cache(maxsize=3)
def _desk(size: Size, kind: int) -> Image.Image:
    """Return a table top: wood or grey laminate."""
    wide = _wide(size)
    dark, light = (((92, 62, 40), (150, 108, 72)), ((70, 74, 80), (108, 112, 118)), ((140, 118, 92), (182, 160, 128)))[
        kind
    ]
    rng = Random(kind)
    streaks = raw_noise(rng, (6, wide[1] // 3)).resize(wide, Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur(2))
    return ImageOps.colorize(streaks, dark, light)


def _cast(desk: Image.Image, corners: tuple[tuple[float, float], ...]) -> None:
    """Darken the desk just beside the page."""
    reach = max(4, desk.width // 130)
    pen = ImageDraw.Draw(desk, "RGBA")
    for step in range(reach, 0, -2):
        pen.polygon([(x + step, y + step) for x, y in corners], fill=(0, 0, 0, 34))


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
