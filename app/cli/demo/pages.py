"""Sheets drawn as images: the blank form once, then this customer's marks on a copy of it."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from app.cli.demo.barcodes import bars, module_count
from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.forms import compose
from app.cli.demo.glyphs import HANDS, VARIANTS, Hand, printed_glyph, written_glyph
from app.cli.demo.seals import IMPRESSIONS, name_seal, round_seal
from app.cli.demo.sheets import HEIGHT, RED, WIDTH, Bars, Colour, Curve, Mark, Panel, Rule, Seal, Sheet, Text

DPI = 120
PAPER: Colour = (252, 252, 250)
_HANDWRITTEN = (Face.HAND, Face.LIGHT_HAND)


def draw_document(
    kind: str, facts: Facts, rng: Random, *, pages: int | None = None, dpi: int = DPI
) -> list[Image.Image]:
    """Return the pages of a paper of `kind` as clean RGB images; the same seed gives the same paper.

    Raises `UnknownKind`.
    """
    return [draw_sheet(sheet, rng, dpi=dpi) for sheet in compose(kind, facts, rng, pages=pages)]


def page_texts(kind: str, facts: Facts, rng: Random, *, pages: int | None = None) -> list[str]:
    """Return what stands on each page; equal seeds give the text of the very pages that `draw_document` draws."""
    return [sheet.text() for sheet in compose(kind, facts, rng, pages=pages)]


def draw_sheet(sheet: Sheet, rng: Random, *, dpi: int = DPI) -> Image.Image:
    """Return one page as an RGB image of A4 at `dpi`."""
    image = _tinted(_blank(sheet.printed, dpi), sheet.ink)
    pen = _Pen(image, dpi, rng, sheet)
    for mark in sheet.written:
        pen.draw(mark)
    return image


@lru_cache(maxsize=72)
def _blank(printed: tuple[Mark, ...], dpi: int) -> Image.Image:
    """Return the form without values in grey levels: 1.4 MB a page at 120 dpi, of which the cache keeps a few dozen."""
    scale = dpi / 25.4
    image = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
    pen = _Press(image, scale)
    for mark in printed:
        pen.draw(mark)
    return image


@lru_cache(maxsize=64)
def _ramp(low: int, high: int) -> list[int]:
    return [low + (high - low) * level // 255 for level in range(256)]


def _tinted(grey: Image.Image, ink: Colour) -> Image.Image:
    """Return the blank in the colour of its ink on nearly white paper."""
    return Image.merge("RGB", [grey.point(_ramp(low, high)) for low, high in zip(ink, PAPER, strict=True)])


class _Press:
    """Draws the printed marks in grey levels."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self.image = image
        self.scale = scale
        self.lines = ImageDraw.Draw(image)

    def px(self, millimetres: float) -> int:
        return round(millimetres * self.scale)

    def draw(self, mark: Mark) -> None:
        match mark:
            case Rule():
                self._rule(mark, 40)
            case Panel():
                self._panel(mark)
            case Text():
                self._text(mark, mark.level)
            case Curve():
                self._curve(mark, mark.level)
            case Bars():
                self._bars(mark, 0)
            case Seal():
                raise TypeError("a stamp is never printed")

    def _rule(self, mark: Rule, fill: int | Colour) -> None:
        ends = (self.px(mark.x), self.px(mark.y), self.px(mark.to_x), self.px(mark.to_y))
        self.lines.line(ends, fill=fill, width=max(1, self.px(mark.weight)))

    def _panel(self, mark: Panel) -> None:
        box = (self.px(mark.x), self.px(mark.y), self.px(mark.x + mark.width), self.px(mark.y + mark.height))
        outline = 50 if mark.outline else None
        self.lines.rounded_rectangle(box, self.px(mark.radius), fill=mark.level, outline=outline)

    def _curve(self, mark: Curve, fill: int | Colour) -> None:
        points = [(x * self.scale, y * self.scale) for x, y in mark.points]
        self.lines.line(points, fill=fill, width=max(1, self.px(mark.weight)), joint="curve")

    def _bars(self, mark: Bars, fill: int | Colour) -> None:
        # Whole pixels per element, or a reader could not tell wide from narrow.
        unit = max(1, self.px(mark.width) // module_count(mark.digits))
        top, bottom = self.px(mark.y), self.px(mark.y + mark.height)
        for x, width in bars(mark.digits, self.px(mark.x), 0, unit=unit):
            self.lines.rectangle((x, top, x + width - 1, bottom), fill=fill)

    def _text(self, mark: Text, fill: int | Colour) -> None:
        pixels = self._pixels(mark.size)
        glyphs = [printed_glyph(mark.face, pixels, c) for c in mark.text]
        x = mark.x * self.scale - _before(mark.anchor) * sum(g.advance for g in glyphs)
        y = self.px(mark.y)
        for glyph in glyphs:
            self.image.paste(fill, (round(x) + glyph.left, y + glyph.top), glyph.mask)
            x += glyph.advance

    def _pixels(self, points: float) -> int:
        return max(6, round(points / 72 * 25.4 * self.scale))


class _Pen(_Press):
    """Draws what was added to the blank, in colour: type, handwriting, stamps."""

    def __init__(self, image: Image.Image, dpi: int, rng: Random, sheet: Sheet) -> None:
        super().__init__(image, dpi / 25.4)
        self.rng = rng
        self.sheet = sheet

    def draw(self, mark: Mark) -> None:
        match mark:
            case Text() if mark.face in _HANDWRITTEN:
                self._handwriting(mark)
            case Text():
                self._text(mark, mark.colour or self.sheet.ink)
            case Seal():
                self._seal(mark)
            case Rule():
                self._rule(mark, self.sheet.ink)
            case Curve():
                self._curve(mark, mark.colour or self.sheet.ink)
            case Bars():
                self._bars(mark, self.sheet.ink)
            case Panel():
                raise TypeError("a panel is always printed")

    def _handwriting(self, mark: Text) -> None:
        hand: Hand = HANDS[(self.sheet.hand + mark.by) % len(HANDS)]
        pixels = self._pixels(mark.size * hand.scale)
        chance = self.rng.random
        glyphs = [written_glyph(hand, pixels, c, int(chance() * VARIANTS)) for c in mark.text]
        x = mark.x * self.scale - _before(mark.anchor) * sum(g.advance for g in glyphs)
        y, slope = mark.y * self.scale, (chance() - 0.6) * 0.03
        colour = mark.colour or hand.colour
        for glyph in glyphs:
            drop = (chance() - 0.5) * pixels * 0.13
            self.image.paste(colour, (round(x) + glyph.left, round(y + drop) + glyph.top), glyph.mask)
            step = glyph.advance * (0.93 + chance() * 0.09)
            x, y = x + step, y + slope * step

    def _seal(self, mark: Seal) -> None:
        pixels, impression = self.px(mark.diameter), self.rng.randrange(IMPRESSIONS)
        square = mark.square
        mask = (
            name_seal(mark.around, pixels, impression)
            if square
            else round_seal(mark.around, mark.label, pixels, impression)
        )
        x = self.px(mark.x + self.rng.uniform(-3, 3)) - mask.width // 2
        y = self.px(mark.y + self.rng.uniform(-3, 3)) - mask.height // 2
        self.image.paste(_stamp_ink(self.rng), (x, y), mask)


def _stamp_ink(rng: Random) -> Colour:
    """Return stamp red, a little more or less of it."""
    return (RED[0] + rng.randint(-14, 14), RED[1] + rng.randint(-10, 12), RED[2] + rng.randint(-8, 14))


def _before(anchor: str) -> float:
    return {"l": 0.0, "m": 0.5, "r": 1.0}[anchor]
