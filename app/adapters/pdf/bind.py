"""Binding printed pieces into one register: shared fonts, page numbers, archival metadata. Runs in the press only."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from app.adapters.pdf.glyphs import Glyphs, read_glyphs

# Where register.css sets the number of a register of one piece.
NUMBER_SIZE = 9.0  # pt
NUMBER_RIGHT = 15 * 72 / 25.4  # from the right edge of the paper, pt
NUMBER_BASELINE = 26.49  # from the lower edge, pt
NUMBER_CHARACTERS = "第页共 0123456789"

SetTypeCase = Callable[[str, str], bytes]


@dataclass(frozen=True, slots=True)
class SharedFont:
    """A font of the type case, in the bound document."""

    font: Any
    glyphs: Glyphs


def bind(pieces: Sequence[bytes], set_type_case: SetTypeCase) -> tuple[bytes, int]:
    """Return the pieces as one PDF with numbered pages, and the number of pages.

    `set_type_case(characters, bold_characters)` answers a PDF with fonts that hold all these characters: they take
    the place of the fonts of the pieces wherever they include them. A font that they don't include stays.
    """
    register = _gather(pieces)
    fonts = list(_shared_fonts(register, set_type_case(*_characters(register))))
    _share(register, fonts)
    _number(register, fonts)
    return _save(register), len(register.pages)


def join(copies: Sequence[bytes]) -> bytes:
    """Return finished documents one after the other; each has its page numbers already."""
    return _save(_gather(copies))


def keep_honest(pdf: bytes) -> bytes:
    """Return `pdf` without its claim to be PDF/A if it shows a character that no font has.

    Such a character is printed as the box .notdef, which PDF/A forbids; its text can still be extracted.
    """
    document = pikepdf.open(io.BytesIO(pdf))
    return _save(document) if _withdraw_claim(document) else pdf


def _gather(pieces: Sequence[bytes]) -> pikepdf.Pdf:
    register = pikepdf.open(io.BytesIO(pieces[0]))
    if "/Names" in register.Root:  # the anchors of rows, by which the piece was cut
        del register.Root.Names
    for piece in pieces[1:]:
        register.pages.extend(pikepdf.open(io.BytesIO(piece)).pages)
    return register


def _font_tables(register: pikepdf.Pdf) -> Iterator[Any]:
    """Yield each font table once: all pages of a piece have the same."""
    seen = set()
    for page in register.pages:
        table = page.Resources.Font
        if table.objgen not in seen:
            seen.add(table.objgen)
            yield table


def _characters(register: pikepdf.Pdf) -> tuple[str, str]:
    characters = set(NUMBER_CHARACTERS)
    bold: set[str] = set()
    for table in _font_tables(register):
        for glyphs in filter(None, map(read_glyphs, table.values())):
            (bold if glyphs.is_bold else characters).update("".join(glyphs.text.values()))
    return "".join(sorted(characters)), "".join(sorted(bold))


def _shared_fonts(register: pikepdf.Pdf, type_case: bytes) -> Iterator[SharedFont]:
    with pikepdf.open(io.BytesIO(type_case)) as case:
        for table in _font_tables(case):
            for font in table.values():
                glyphs = read_glyphs(font)
                if glyphs is not None:
                    yield SharedFont(register.copy_foreign(font), glyphs)


def _share(register: pikepdf.Pdf, shared: Sequence[SharedFont]) -> None:
    for table in _font_tables(register):
        for name, font in list(table.items()):
            own = read_glyphs(font)
            twin = next((one for one in shared if own is not None and one.glyphs.include(own)), None)
            if twin is not None:
                table[name] = twin.font


def _number(register: pikepdf.Pdf, fonts: Sequence[SharedFont]) -> None:
    figures = next(one for one in fonts if not one.glyphs.is_bold and _has_figures(one.glyphs))
    codes = {text: glyph for glyph, text in sorted(figures.glyphs.text.items(), reverse=True)}
    for table in _font_tables(register):
        table["/PageNumber"] = figures.font
    for place, page in enumerate(register.pages, 1):
        glyphs = [codes[character] for character in f"第 {place} 页 共 {len(register.pages)} 页"]
        width = sum(figures.glyphs.width[glyph] for glyph in glyphs) * NUMBER_SIZE / 1000
        left = float(page.mediabox[2]) - NUMBER_RIGHT - width
        shown = "".join(f"{glyph:04x}" for glyph in glyphs)
        text = f"q BT /PageNumber {NUMBER_SIZE} Tf {left:.3f} {NUMBER_BASELINE} Td <{shown}> Tj ET Q\n"
        # First, not last: WeasyPrint leaves the page upside down.
        page.contents_add(text.encode(), prepend=True)


def _has_figures(glyphs: Glyphs) -> bool:
    return set(NUMBER_CHARACTERS) <= set(glyphs.text.values())


def _withdraw_claim(register: pikepdf.Pdf) -> bool:
    fonts = (font for table in _font_tables(register) for font in table.values())
    if all(font.get("/Subtype") != "/Type0" or font.Encoding == "/Identity-H" for font in fonts):
        return False
    with register.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata.pop("pdfaid:part", None)
        metadata.pop("pdfaid:conformance", None)
    return True


def _save(register: pikepdf.Pdf) -> bytes:
    _withdraw_claim(register)
    bound = io.BytesIO()
    register.save(bound, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return bound.getvalue()
