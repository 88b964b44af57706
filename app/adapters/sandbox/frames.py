"""What child and parent say to each other: frames of one letter, a length and a body.

The parent trusts nothing in them: bodies are bounded, numbers are checked, words come from closed lists.
"""

from __future__ import annotations

import struct
from itertools import accumulate, pairwise
from typing import NamedTuple

EXAMINED = b"E"  # pages, media type
PAGE = b"P"  # one rendered page
REFUSED = b"R"  # reason, blank, detail
PROBED = b"S"  # what the self-test saw, one `name=answer` a line
FILE = b"F"  # one file out of a ZIP
DONE = b"D"  # empty: nothing is missing

HEAD = struct.Struct(">cI")
LONGEST = 64 * 1024 * 1024
TEXT_LIMIT = 200_000  # characters of a page
MOST_LINES, EDGE = 5000, 1000  # lines of a page that have a place; places are in thousandths of the page
NAME_LIMIT = 200  # characters of a file in a ZIP
MOST_FILES, MOST_UNPACKED = 500, 300 << 20  # of a ZIP: files, bytes in all
MEDIA_TYPES = frozenset({"application/pdf", "application/ofd", "image/jpeg", "image/png", "image/tiff", "image/heic"})
REASONS = frozenset(
    {
        "empty",
        "unknown_type",
        "damaged",
        "encrypted",
        "too_many_pages",
        "too_many_pixels",
        "too_costly",
        "too_many_files",
    }
)
_PAGE_HEAD = struct.Struct(">IIIIIII?")
_LINE_HEAD = struct.Struct(">HHHHH")
_COUNT = struct.Struct(">I")
_JPEG = b"\xff\xd8\xff"


class BrokenFrame(Exception):
    """The other side does not speak the protocol."""


class Line(NamedTuple):
    """A line of a text layer and where it stands on the drawn page, in thousandths of its width and height."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


class Page(NamedTuple):
    """One page on its way to the parent: number from 1, size in pixels, two JPEGs, the text layer, is it no scan."""

    number: int
    width: int
    height: int
    image: bytes
    thumbnail: bytes
    text: str
    is_digital: bool = False
    lines: tuple[Line, ...] = ()


def pack_examined(media_type: str, pages: int) -> bytes:
    """Return the body of an EXAMINED frame."""
    return _COUNT.pack(pages) + media_type.encode()


def unpack_examined(body: bytes) -> tuple[str, int]:
    """Return media type and pages; raises `BrokenFrame`."""
    media_type = body[_COUNT.size :].decode("ascii", "replace")
    if len(body) < _COUNT.size or media_type not in MEDIA_TYPES:
        raise BrokenFrame
    return media_type, _COUNT.unpack_from(body)[0]


def pack_page(page: Page) -> bytes:
    """Return the body of a PAGE frame."""
    text = page.text.encode("utf-8", "ignore")  # lone surrogates have no bytes
    lines = b"".join(_pack_line(line) for line in page.lines[:MOST_LINES])
    parts = page.image, page.thumbnail, text, lines
    head = _PAGE_HEAD.pack(page.number, page.width, page.height, *map(len, parts), page.is_digital)
    return b"".join((head, *parts))


def unpack_page(body: bytes) -> Page:
    """Return a page; raises `BrokenFrame` when the parts are not what they claim to be."""
    if len(body) < _PAGE_HEAD.size:
        raise BrokenFrame
    number, width, height, *sizes, is_digital = _PAGE_HEAD.unpack_from(body)
    if len(body) != _PAGE_HEAD.size + sum(sizes):
        raise BrokenFrame
    ends = list(accumulate(sizes, initial=_PAGE_HEAD.size))
    image, thumbnail, text, lines = (body[start:end] for start, end in pairwise(ends))
    if not (width and height and image.startswith(_JPEG) and thumbnail.startswith(_JPEG)):
        raise BrokenFrame
    told = text.decode("utf-8", "replace")[:TEXT_LIMIT]
    return Page(number, width, height, image, thumbnail, told, is_digital, _unpack_lines(lines))


def _pack_line(line: Line) -> bytes:
    words = line.text.encode("utf-8", "ignore")
    return _LINE_HEAD.pack(*line[1:], len(words)) + words


def _unpack_lines(body: bytes) -> tuple[Line, ...]:
    found: list[Line] = []
    at = 0
    while at < len(body):
        if len(found) == MOST_LINES or len(body) - at < _LINE_HEAD.size:
            raise BrokenFrame
        left, top, right, bottom, size = _LINE_HEAD.unpack_from(body, at)
        at += _LINE_HEAD.size + size
        text = body[at - size : at].decode("utf-8", "replace")
        if at > len(body) or not (left < right <= EDGE and top < bottom <= EDGE and text.isprintable() and text):
            raise BrokenFrame
        found.append(Line(text, left, top, right, bottom))
    return tuple(found)


def pack_file(name: str, data: bytes) -> bytes:
    """Return the body of a FILE frame."""
    words = name.encode("utf-8", "ignore")
    return b"".join((_COUNT.pack(len(words)), words, data))


def unpack_file(body: bytes) -> tuple[str, bytes]:
    """Return name and bytes; raises `BrokenFrame` for a name that is none or that leads somewhere."""
    if len(body) < _COUNT.size:
        raise BrokenFrame
    end = _COUNT.size + _COUNT.unpack_from(body)[0]
    name = body[_COUNT.size : end].decode("utf-8", "replace")
    if end > len(body) or not name or len(name) > NAME_LIMIT or not name.isprintable() or "/" in name:
        raise BrokenFrame
    return name, body[end:]


def pack_refused(reason: str, detail: str) -> bytes:
    """Return the body of a REFUSED frame."""
    return f"{reason} {detail}".encode()


def unpack_refused(body: bytes) -> tuple[str, str]:
    """Return reason and detail; raises `BrokenFrame` for a reason that nobody knows."""
    reason, _, detail = body[:100].decode("ascii", "replace").partition(" ")
    if reason not in REASONS or not (detail.isprintable() and detail.isascii()):
        raise BrokenFrame
    return reason, detail
