"""Chinese fonts for PDFs that do not bring their own, which electronic policies often don't.

PDFium would look for fonts on the disk while it renders; here they are mapped into memory before the disk is taken
away, and PDFium asks us. Latin fonts are built into it.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Sequence

import pypdfium2.raw as pdfium

from .faces import SANS, SERIF, first_installed

_CJK_CHARSETS = {128, 129, 134, 136}  # Shift-JIS, Hangul, GB 2312, Big5
_ROMAN = 1 << 4  # pitch and family: with serifs
_WITH_SERIFS, _WITHOUT_SERIFS = 1, 2  # what PDFium calls handles
_TTC = 0x74746366


class _Face:
    def __init__(self, file: mmap.mmap, number: int) -> None:
        self.file = file
        self.offset = 0
        if file[:4] == b"ttcf":
            self.offset = int.from_bytes(file[12 + 4 * number : 16 + 4 * number], "big")


_faces: dict[int, _Face] = {}
_kept: list[object] = []  # PDFium holds pointers to these for as long as the process lives


def offer_fonts() -> None:
    """Make the installed Chinese fonts known to PDFium; without one, such pages render with gaps as anywhere."""
    serif, sans = _first(SERIF + SANS), _first(SANS + SERIF)
    if serif is not None and sans is not None:
        _faces.update({_WITH_SERIFS: serif, _WITHOUT_SERIFS: sans})
    info = pdfium.FPDF_SYSFONTINFO(version=1)
    answers = {"MapFont": _map_font, "GetFontData": _font_data, "DeleteFont": _forget, "EnumFonts": _forget}
    for name, answer in answers.items():
        callback = dict(pdfium.FPDF_SYSFONTINFO._fields_)[name](answer)
        _kept.append(callback)
        setattr(info, name, callback)
    _kept.append(info)
    pdfium.FPDF_SetSystemFontInfo(info)


def _first(candidates: Sequence[tuple[str, int]]) -> _Face | None:
    found = first_installed(candidates)
    if found is None:
        return None
    with found[0].open("rb") as file:
        return _Face(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), found[1])


def _map_font(
    _info: object, _weight: int, _italic: int, charset: int, pitch_family: int, _face: object, _exact: object
) -> int | None:
    if charset not in _CJK_CHARSETS or not _faces:
        return None
    return _WITH_SERIFS if pitch_family & _ROMAN else _WITHOUT_SERIFS


def _font_data(_info: object, handle: int, table: int, buffer: object, size: int) -> int:
    """Copy the collection (table `ttcf`) or the file from the chosen face on (table 0); return the bytes needed."""
    face = _faces[handle]
    if table == _TTC:
        start = 0 if face.offset else len(face.file)
    elif table == 0:
        start = face.offset
    else:
        return 0
    length = len(face.file) - start
    if buffer and size:
        ctypes.memmove(buffer, face.file[start : start + min(size, length)], min(size, length))  # type: ignore[arg-type]
    return length


def _forget(*_arguments: object) -> None:
    """Nothing to free: the fonts live as long as the process."""
