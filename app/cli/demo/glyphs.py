"""Characters as small masks, kept once drawn: printed ones exact, handwritten ones each a little different."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from app.cli.demo.fonts import Face, font, is_rare

VARIANTS = 2  # how many ways a hand writes the same character


@dataclass(frozen=True, slots=True)
class Glyph:
    """A mask with the place of its corner relative to the pen (x) and to the middle of the line (y)."""

    mask: Image.Image
    left: int
    top: int
    advance: float


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's handwriting: face, lean to the right, size and unrest, and the colour of the pen."""

    face: Face
    lean: float
    scale: float
    unrest: float
    colour: tuple[int, int, int]


HANDS = (
    Hand(Face.HAND, 0.06, 1.0, 0.055, (24, 34, 92)),
    Hand(Face.LIGHT_HAND, 0.16, 1.06, 0.075, (28, 30, 40)),
    Hand(Face.LIGHT_HAND, -0.05, 0.98, 0.06, (30, 48, 128)),
    Hand(Face.HAND, 0.2, 1.04, 0.08, (34, 34, 44)),
    Hand(Face.LIGHT_HAND, 0.24, 1.1, 0.09, (18, 26, 80)),
)


_ARPHIC = (Face.TYPE, Face.KAI, Face.HAND, Face.LIGHT_HAND)
_MASTER = 44  # pixels per em at which a hand's character is shaped once, to be reduced for each size
_DARKER = [min(255, int(level * 1.6)) for level in range(256)]  # a pen's stroke is fatter than the font's


@lru_cache(maxsize=12_000)
def printed_glyph(face: Face, pixels: int, character: str) -> Glyph:
    """Return a character as a press or a printer puts it down."""
    # The fonts of Arphic put Chinese punctuation in the middle of the square, as in Taiwan.
    role = Face.SONG if face in _ARPHIC and character in "，。、：；！？" else face
    drawn = font(role, pixels, character if is_rare(character) else "")
    advance = drawn.getlength(character)
    ascent, descent = drawn.getmetrics()
    canvas = Image.new("L", (max(1, int(advance) + pixels // 2), ascent + descent))
    ImageDraw.Draw(canvas).text((pixels // 4, ascent), character, fill=255, font=drawn, anchor="ls")
    return _trimmed(canvas, pixels // 4, round(0.38 * pixels) - ascent, advance)


@lru_cache(maxsize=24_000)
def written_glyph(hand: Hand, pixels: int, character: str, variant: int) -> Glyph:
    """Return a character as `hand` writes it, one of `VARIANTS` ways."""
    shaped = _shaped(hand, character, variant)
    share = pixels / _MASTER
    size = (max(1, round(shaped.mask.width * share)), max(1, round(shaped.mask.height * share)))
    mask = shaped.mask.resize(size, Image.Resampling.BOX)
    return Glyph(mask, round(shaped.left * share), round(shaped.top * share), shaped.advance * share)


@lru_cache(maxsize=10_000)
def _shaped(hand: Hand, character: str, variant: int) -> Glyph:
    """Return the large form of a character with its corners pulled about."""
    plain = printed_glyph(hand.face, _MASTER, character)
    pad = _MASTER // 5
    width, height = plain.mask.width + 2 * pad, plain.mask.height + 2 * pad
    canvas = Image.new("L", (width, height))
    canvas.paste(plain.mask, (pad, pad))
    corners = _corners(hand, width, height, character, variant)
    pulled = canvas.transform((width, height), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    return _trimmed(pulled.point(_DARKER), pad - plain.left, plain.top - pad, plain.advance)


def _corners(hand: Hand, width: int, height: int, character: str, variant: int) -> tuple[float, ...]:
    rng = Random(f"{hand.face}{hand.lean}{character}{variant}")
    reach = hand.unrest * height
    lean = hand.lean * height / 2
    wobble = [rng.uniform(-reach, reach) for _ in range(8)]
    # The quadrilateral is read from the upright glyph: its upper corners lie left of where the leaning ones end up.
    plain = (-lean, 0, lean, height, width + lean, height, width - lean, 0)
    return tuple(p + w for p, w in zip(plain, wobble, strict=True))


def _trimmed(canvas: Image.Image, origin: int, top: int, advance: float) -> Glyph:
    box = canvas.getbbox()
    if box is None:
        return Glyph(Image.new("L", (1, 1)), 0, 0, advance)
    return Glyph(canvas.crop(box), box[0] - origin, box[1] + top, advance)
