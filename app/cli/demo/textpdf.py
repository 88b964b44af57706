"""Papers as PDFs that an office system would make: the same layout, with a real text layer and vector lines."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from io import BytesIO
from random import Random

from PIL import Image

from app.cli.demo.barcodes import bars
from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.forms import KINDS, compose
from app.cli.demo.seals import name_seal, round_seal
from app.cli.demo.sheets import HEIGHT, RED, WIDTH, Bars, Colour, Curve, Mark, Panel, Rule, Seal, Sheet, Text

_STYLE = """
@page { size: 210mm 297mm; margin: 0 }
html, body { margin: 0; font-family: "Noto Serif CJK SC", serif }
section { position: relative; width: 210mm; height: 297mm; overflow: hidden; break-after: page }
section:last-child { break-after: auto }
svg { position: absolute; left: 0; top: 0; width: 210mm; height: 297mm }
p { position: absolute; margin: 0; white-space: pre; line-height: 1; width: 200mm }
.m { text-align: center } .r { text-align: right }
.hei { font-family: "Noto Sans CJK SC", sans-serif }
.bold { font-weight: bold }
.hand { font-family: "AR PL UKai CN", "LXGW WenKai", "Noto Serif CJK SC", serif }
"""
_SEAL_DPI = 130
_SANS = (Face.HEI, Face.BOLD_HEI)
_HANDS = (Face.HAND, Face.LIGHT_HAND, Face.KAI)
_BOLD = (Face.BOLD_HEI, Face.BOLD_SONG)
# Where the box of a line begins, from its anchor: boxes are 200 mm wide.
_SHIFTS = {"l": 0.0, "m": -100.0, "r": -200.0}


def as_text_pdf(kind: str, facts: Facts, rng: Random, *, pages: int | None = None) -> bytes:
    """Return a paper of `kind` as PDF with text that can be searched: what `page_texts` says for an equal seed.

    About half a second each. Raises `UnknownKind`.
    """
    from weasyprint import HTML

    sheets = compose(kind, facts, rng, pages=pages)
    printed: bytes = HTML(string=_page_markup(KINDS[kind].title, sheets)).write_pdf()
    return printed


def _page_markup(title: str, sheets: Iterable[Sheet]) -> str:
    body = "".join(f"<section>{_lines(sheet)}{_words(sheet)}</section>" for sheet in sheets)
    return f'<!doctype html><html lang="zh"><title>{escape(title)}</title><style>{_STYLE}</style><body>{body}</body></html>'


def _words(sheet: Sheet) -> str:
    """Return the texts in reading order, which is the order of the text layer."""
    return "".join(_word(text, sheet.ink) for row in sheet.rows() for text in row)


def _word(text: Text, ink: Colour) -> str:
    classes = [text.anchor] if text.anchor != "l" else []
    classes += ["hei"] if text.face in _SANS else []
    classes += ["hand"] if text.face in _HANDS else []
    classes += ["bold"] if text.face in _BOLD else []
    top = text.y - text.size * 25.4 / 72 / 2
    place = f"left:{text.x + _SHIFTS[text.anchor]:.2f}mm;top:{top:.2f}mm;font-size:{text.size:.1f}pt"
    return f'<p class="{" ".join(classes)}" style="{place};color:{_shade(text.colour or ink, text.level)}">{escape(text.text)}</p>'


def _shade(ink: Colour, level: int) -> str:
    """Return the ink at a level from 0, full, to 255, bare paper."""
    return "rgb({},{},{})".format(*(part + (255 - part) * level // 255 for part in ink))


def _lines(sheet: Sheet) -> str:
    drawn = "".join(_drawn(mark, sheet.ink) for mark in sheet.printed + sheet.written)
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{drawn}</svg>'


def _drawn(mark: Mark, ink: Colour) -> str:
    match mark:
        case Rule():
            return _stroke(f"M{mark.x:.2f} {mark.y:.2f}L{mark.to_x:.2f} {mark.to_y:.2f}", mark.weight, _shade(ink, 0))
        case Curve():
            path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in mark.points)
            return _stroke(path, mark.weight, _shade(mark.colour or ink, mark.level))
        case Panel():
            return _panel(mark, ink)
        case Bars():
            return "".join(_bar(mark, x, width) for x, width in bars(mark.digits, mark.x, mark.width))
        case Seal():
            return _seal(mark)
        case _:
            return ""


def _bar(mark: Bars, x: float, width: float) -> str:
    return f'<rect x="{x:.3f}" y="{mark.y:.2f}" width="{width:.3f}" height="{mark.height:.2f}"/>'


def _stroke(path: str, weight: float, colour: str) -> str:
    return f'<path d="{path}" stroke="{colour}" stroke-width="{weight:g}" fill="none"/>'


def _panel(mark: Panel, ink: Colour) -> str:
    size = f'x="{mark.x:.2f}" y="{mark.y:.2f}" width="{mark.width:.2f}" height="{mark.height:.2f}" rx="{mark.radius:g}"'
    edge = f' stroke="{_shade(ink, 50)}" stroke-width="0.2"' if mark.outline else ""
    return f'<rect {size} fill="{_shade(ink, mark.level)}"{edge}/>'


def _seal(mark: Seal) -> str:
    """Return the stamp as a picture: its words are no text of the page."""
    pixels = round(mark.diameter * _SEAL_DPI / 25.4)
    mask = name_seal(mark.around, pixels, 0) if mark.square else round_seal(mark.around, mark.label, pixels, 0)
    picture = Image.new("RGB", mask.size, RED)
    picture.putalpha(mask)
    stream = BytesIO()
    picture.save(stream, "PNG")
    size = mark.diameter * mask.width / pixels
    place = f'x="{mark.x - size / 2:.1f}" y="{mark.y - size / 2:.1f}" width="{size:.1f}" height="{size:.1f}"'
    return f'<image {place} href="data:image/png;base64,{b64encode(stream.getvalue()).decode()}"/>'
