"""Where the faces of the papers come from: Debian's fonts, the first that is installed."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FONTS = Path("/usr/share/fonts")
_SERIF = ("opentype/noto/NotoSerifCJK-Regular.ttc", 2)
_SANS = ("opentype/noto/NotoSansCJK-Regular.ttc", 2)
_SANS_BOLD = ("opentype/noto/NotoSansCJK-Bold.ttc", 2)
_SERIF_BOLD = ("opentype/noto/NotoSerifCJK-Bold.ttc", 2)
_UKAI = ("truetype/arphic/ukai.ttc", 0)
_UMING = ("truetype/arphic/uming.ttc", 0)
_WENKAI = ("truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", 0)


class Face(StrEnum):
    """A role on paper: printed 宋体 and 黑体, the typewriter of an office system, and two handwritings."""

    SONG = "song"
    BOLD_SONG = "bold-song"
    HEI = "hei"
    BOLD_HEI = "bold-hei"
    KAI = "kai"
    TYPE = "type"
    HAND = "hand"
    LIGHT_HAND = "light-hand"


_CHOICES: dict[Face, tuple[tuple[str, int], ...]] = {
    Face.SONG: (_SERIF, _UMING, _SANS),
    Face.BOLD_SONG: (_SERIF_BOLD, _SERIF, _SANS_BOLD),
    Face.HEI: (_SANS, _SERIF),
    Face.BOLD_HEI: (_SANS_BOLD, _SANS),
    Face.KAI: (_UKAI, _WENKAI, _SERIF),
    Face.TYPE: (_UMING, _SERIF, _SANS),
    Face.HAND: (_UKAI, _WENKAI, _SERIF),
    Face.LIGHT_HAND: (_WENKAI, _UKAI, _SERIF),
}


class FontMissing(Exception):
    """No font with Chinese characters is installed."""


@lru_cache(maxsize=256)
def font(face: Face, pixels: int, rare: str = "") -> ImageFont.FreeTypeFont:
    """Return the face at `pixels` per em; for a `rare` character the first installed font that can draw it.

    Raises `FontMissing` where not even fonts-noto-cjk is there.
    """
    installed = _installed(face)
    if not installed:
        raise FontMissing("no Chinese font: apt-get install fonts-noto-cjk fonts-arphic-ukai fonts-arphic-uming")
    opened = (_open(path, index, pixels) for path, index in installed)
    return next((f for f in opened if not rare or _can_draw(f, rare)), _open(*installed[0], pixels))


def is_rare(character: str) -> bool:
    """Return whether a character is outside of GB 2312, which every Chinese font covers."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


@lru_cache(maxsize=16)
def _installed(face: Face) -> tuple[tuple[Path, int], ...]:
    choices = (*_CHOICES[face], _SERIF, _SANS)
    return tuple((_FONTS / name, index) for name, index in choices if (_FONTS / name).is_file())


@lru_cache(maxsize=128)
def _open(path: Path, index: int, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


def _can_draw(opened: ImageFont.FreeTypeFont, character: str) -> bool:
    """Return whether the font has ink of its own for `character`; a missing one is empty or the box of U+FFFF."""
    mask = opened.getmask(character)
    return mask.getbbox() is not None and bytes(mask) != bytes(opened.getmask("\uffff"))
