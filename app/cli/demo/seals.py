"""Round company stamps and square name stamps, in red ink that does not take everywhere alike."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.cli.demo.fonts import Face, font
from app.cli.demo.textures import noise

_SCALE = 3  # drawn so many times larger, then reduced: smooth edges
IMPRESSIONS = 3


@lru_cache(maxsize=160)
def round_seal(around: str, label: str, pixels: int, impression: int) -> Image.Image:
    """Return the mask of a round stamp of `pixels` across; each impression is turned and worn its own way."""
    size = pixels * _SCALE
    mask = Image.new("L", (size, size))
    pen = ImageDraw.Draw(mask)
    pen.ellipse((2, 2, size - 3, size - 3), outline=255, width=max(3, size // 34))
    pen.polygon(_star(size / 2, size * 0.48, size * 0.15), fill=255)
    _write_around(mask, around, size)
    pen.text((size / 2, size * 0.76), label, fill=255, font=font(Face.HEI, max(6, size // 11)), anchor="mm")
    return _press(mask, pixels, Random(f"{around}{label}{impression}"))


@lru_cache(maxsize=160)
def name_seal(name: str, pixels: int, impression: int) -> Image.Image:
    """Return the mask of a square stamp with two to four characters in two columns, read from the right."""
    size = pixels * _SCALE
    mask = Image.new("L", (size, size))
    pen = ImageDraw.Draw(mask)
    pen.rectangle((1, 1, size - 2, size - 2), outline=255, width=max(3, size // 16))
    letters = (name + "之印印")[: 4 if len(name) != 2 else 2]
    places = (
        ((0.73, 0.29), (0.73, 0.71), (0.27, 0.29), (0.27, 0.71)) if len(letters) == 4 else ((0.5, 0.29), (0.5, 0.71))
    )
    for letter, (x, y) in zip(letters, places, strict=True):
        face = font(Face.BOLD_SONG, size * 2 // 5, letter)
        pen.text((x * size, y * size), letter, fill=255, font=face, anchor="mm")
    return _press(mask, pixels, Random(f"{name}{impression}"))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    reach = (radius, radius * 0.39)
    return [(x + reach[i % 2] * sin(i * pi / 5), y - reach[i % 2] * cos(i * pi / 5)) for i in range(10)]


def _write_around(mask: Image.Image, text: str, size: int) -> None:
    """Set the characters along the ring, over the upper three quarters of it."""
    em = min(size // 7, int(size * 1.55 / max(len(text), 8)))
    radius = size / 2 - size / 22 - em * 0.62
    spread = min(1.5 * pi, len(text) * (em * 1.12) / radius)
    for index, letter in enumerate(text):
        angle = -spread / 2 + spread * (index + 0.5) / len(text)
        tile = Image.new("L", (em * 2, em * 2))
        ImageDraw.Draw(tile).text((em, em), letter, fill=255, font=font(Face.BOLD_SONG, em, letter), anchor="mm")
        turned = tile.rotate(-angle * 180 / pi, Image.Resampling.BILINEAR)
        place = (int(size / 2 + radius * sin(angle)) - em, int(size / 2 - radius * cos(angle)) - em)
        mask.paste(255, place, turned)


def _press(mask: Image.Image, pixels: int, rng: Random) -> Image.Image:
    """Reduce, turn and wear the mask: ink fails in patches."""
    small = mask.resize((pixels, pixels), Image.Resampling.BOX)
    turned = small.rotate(rng.uniform(-16, 16), Image.Resampling.BICUBIC, expand=True)
    patch = noise(rng, (max(4, turned.width // 9), max(4, turned.height // 9))).resize(turned.size)
    grain = noise(rng, turned.size).filter(ImageFilter.BoxBlur(0.6))
    floor = rng.randint(96, 130)
    ink = ImageChops.add(patch, grain, 1.4).point([min(255, floor + level) * 225 // 255 for level in range(256)])
    return ImageChops.multiply(turned, ink)
