"""PDFs and pictures with something broken in them: bytes turned, pieces cut out, doubled or moved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageDraw

from tests.adapters.made_files import pdf_with_text


def mutants(rng: Random, count: int) -> Iterator[bytes]:
    """Yield files that were whole once."""
    whole = _whole()
    for number in range(count):
        yield _broken(rng, whole[number % len(whole)])


def _whole() -> list[bytes]:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((40, 40, 200, 160), fill=(200, 0, 0))
    return [pdf_with_text(), *(_saved(image, kind) for kind in ("JPEG", "PNG", "TIFF"))]


def _saved(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def _broken(rng: Random, data: bytes) -> bytes:
    broken = bytearray(data)
    way = rng.randrange(4)
    at = rng.randrange(len(broken))
    size = rng.randrange(1, 200)
    if way == 0:
        for _ in range(rng.randrange(1, 40)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
    elif way == 1:
        del broken[at : at + size]
    elif way == 2:
        broken[at:at] = broken[at : at + size]
    else:
        del broken[at:]
    return bytes(broken)
