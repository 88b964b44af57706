"""Reading the fonts that WeasyPrint embeds: which glyph stands for which character, and how wide it is.

WeasyPrint keeps the glyph numbers of the font file when it takes a part of it. So the same character has the same
number in every piece, and pieces can share a font that has the characters of all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PAIR = re.compile(rb"<([0-9a-f]+)>\s+<([0-9a-f]+)>", re.IGNORECASE)
_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of one embedded font: by glyph number the text and the width (1/1000 of the type size)."""

    name: str  # with the prefix that WeasyPrint makes from family and cut: equal name, equal font
    text: dict[int, str]
    width: dict[int, float]

    @property
    def is_bold(self) -> bool:
        """Say whether this is the cut of headings."""
        return "Bold" in self.name

    def include(self, other: Glyphs) -> bool:
        """Say whether `other` can be replaced by this font without a visible or extractable difference."""
        return (
            self.name == other.name
            and self.text.items() >= other.text.items()
            and all(self.width.get(glyph) == other.width.get(glyph) for glyph in other.text)
        )


def read_glyphs(font: Any) -> Glyphs | None:
    """Return what the PDF font holds, or None if its codes are not glyph numbers (missing characters, images)."""
    if font.get("/Subtype") != "/Type0" or font.Encoding != "/Identity-H" or "/ToUnicode" not in font:
        return None
    return Glyphs(str(font.BaseFont), _texts(font.ToUnicode.read_bytes()), _read_widths(font.DescendantFonts[0].W))


def _texts(cmap: bytes) -> dict[int, str]:
    pairs = (pair for block in _BLOCK.findall(cmap) for pair in _PAIR.findall(block))
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _read_widths(array: Any) -> dict[int, float]:
    items = list(array)
    widths: dict[int, float] = {}
    for start, run in zip(items[::2], items[1::2], strict=True):
        widths.update((int(start) + offset, float(width)) for offset, width in enumerate(run))
    return widths
