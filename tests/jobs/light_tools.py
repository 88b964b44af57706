"""A reader and a restorer that cost nothing: what they say stands in the picture's brightness.

They stand in for the real ones where the flow of pages is looked at, not what is made of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from PIL import Image

from app.ports import Flaw, PageFailed, PageText, RestoredPage, TextLine, Tools

TEXT = "投保人王芳，终身寿险投保单"
# Grey levels of a page, and what becomes of it.
PLAIN, BLANK, SIDEWAYS, UNSURE, SILENT, UNREADABLE, BROKEN = 200, 255, 180, 160, 140, 120, 100
WAY = (1.0, 0.0, 10.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def grey_page(level: int) -> bytes:
    """Return a JPEG of one grey level."""
    file = io.BytesIO()
    Image.new("L", (60, 80), level).save(file, "JPEG", quality=95)
    return file.getvalue()


def level_of(image: bytes) -> int:
    """Return the grey level of a picture, to the next ten."""
    value = Image.open(io.BytesIO(image)).convert("L").getpixel((30, 40))
    return 255 if value > 250 else round(int(value) / 10) * 10  # type: ignore[arg-type]


class LightPages:
    """Restores nothing; says blank and sideways."""

    def restore(self, images: Iterable[bytes], *, is_upright: bool = False) -> Iterator[RestoredPage | PageFailed]:
        for image in images:
            level = level_of(image)
            if level == BROKEN:
                yield PageFailed("died")
                continue
            turned = 90 if level == SIDEWAYS and not is_upright else 0
            flaws = (Flaw("skewed", 1.5),)
            yield RestoredPage(image + b"restored", image + b"small", 60, 80, turned, 1.5, level == BLANK, flaws, WAY)

    def turn(self, image: bytes, degrees: int) -> bytes:
        file = io.BytesIO()
        Image.open(io.BytesIO(image)).rotate(-degrees, expand=True).save(file, "JPEG", quality=95)
        return file.getvalue()


class LightReader:
    """Reads the same line off every page; takes a page ahead, as the real one does."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def read(self, images: Iterable[bytes]) -> Iterator[PageText | PageFailed]:
        waiting: list[bytes] = []
        for image in images:
            self.seen.append(image)
            waiting.append(image)
            if len(waiting) > 1:
                yield self.say(waiting.pop(0))
        yield from map(self.say, waiting)

    def say(self, image: bytes) -> PageText | PageFailed:
        level = level_of(image)
        if level == UNREADABLE:
            return PageFailed("too_costly")
        if level == SILENT:
            return PageText((), "light")
        score = 0.4 if level == UNSURE else 0.98
        return PageText((TextLine(TEXT, 100, 100, 900, 150, score),), "light")


def light(tools: Tools) -> Any:
    """Return `tools` with the light reader and restorer."""
    fields = {name: getattr(tools, name) for name in Tools.__dataclass_fields__}
    return SimpleNamespace(**{**fields, "reader": LightReader(), "pages": LightPages()})
