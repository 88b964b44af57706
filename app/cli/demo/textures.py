"""Surfaces that pages lie on and are made of: grain, stains, light, a desk.

Each is made once per size from a fixed seed, a little larger than a page, so that every page takes its own cut.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random

from PIL import Image, ImageFilter, ImageOps

Size = tuple[int, int]
_SLACK = 96  # pixels by which a texture is larger than a page


def noise(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Return grey noise that the seed decides (`Image.effect_noise` has a state of its own)."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def cut(texture: Image.Image, size: Size, rng: Random) -> Image.Image:
    x, y = rng.randrange(_SLACK), rng.randrange(_SLACK)
    return texture.crop((x, y, x + size[0], y + size[1]))


def _clouds(size: Size, cells: int, seed: int) -> Image.Image:
    """Return soft grey patches, about `cells` of them across."""
    rng = Random(seed)
    small = noise(rng, (cells, max(2, cells * size[1] // size[0])))
    return small.resize(size, Image.Resampling.BICUBIC)


def _wide(size: Size) -> Size:
    return (size[0] + _SLACK, size[1] + _SLACK)


@lru_cache(maxsize=8)
def stains(size: Size, strength: int) -> Image.Image:
    """Return old paper: darker towards the edges, in patches."""
    wide = _wide(size)
    edges = Image.radial_gradient("L").resize(wide, Image.Resampling.BICUBIC)
    uneven = Image.blend(_clouds(wide, 9, 11), edges, 0.6)
    depth = 8 * strength
    return uneven.point([255 - depth * level // 255 for level in range(256)])


@lru_cache(maxsize=20)
def shade(size: Size, strength: int, corner: int) -> Image.Image:
    """Return the light of a lamp at one side: bright there, dim at the far corner."""
    slope = Image.linear_gradient("L").rotate(90 * corner + 24, Image.Resampling.BILINEAR, fillcolor=128)
    soft = Image.blend(slope.crop((40, 40, 216, 216)), _clouds((176, 176), 3, corner), 0.35)
    floor = 255 - 30 * strength
    dim = soft.filter(ImageFilter.GaussianBlur(12)).point([floor + (255 - floor) * v // 255 for v in range(256)])
    return dim.resize(_wide(size), Image.Resampling.BICUBIC)


@lru_cache(maxsize=6)
def grain(size: Size, strength: int) -> Image.Image:
    """Return the grain of paper and sensor as shares of brightness, coarse enough for JPEG to keep it cheaply."""
    # The mean of three by three even values is nearly normal.
    fine = noise(Random(5), _wide(size)).filter(ImageFilter.BoxBlur(1))
    gain = 0.03 + 0.04 * strength
    return fine.point([min(255, int(251 + (level - 127.5) * gain)) for level in range(256)])


@lru_cache(maxsize=3)
def desk(size: Size, kind: int) -> Image.Image:
    """Return a table top: wood or grey laminate."""
    wide = _wide(size)
    dark, light = (((92, 62, 40), (150, 108, 72)), ((70, 74, 80), (108, 112, 118)), ((140, 118, 92), (182, 160, 128)))[
        kind
    ]
    rng = Random(kind)
    streaks = noise(rng, (6, wide[1] // 3)).resize(wide, Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur(2))
    return ImageOps.colorize(streaks, dark, light)
