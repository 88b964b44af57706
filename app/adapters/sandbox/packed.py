"""ZIPs: what came in them, one file after the other. Archives inside of archives stay closed."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Iterator

from .frames import LONGEST, MOST_FILES, MOST_UNPACKED, NAME_LIMIT
from .refusal import Refusal

_UTF8, _LOCKED = 1 << 11, 1  # flags of an entry
_MOST_ENTRIES = 5_000  # folders and hidden files among them
# A scan packs to a half, text to a tenth; a thousandth is meant to hurt.
_MOST_RATIO, _RATIO_MATTERS_FROM = 200, 20 << 20
_HIDDEN = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_FOLDERS = {".", ".."}  # dropped like any other: a name never leads anywhere
_ROOM_FOR_HEAD = 4096
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIGITS = re.compile(r"(\d+)")


def load() -> None:
    """Load the codecs of names, while files can still be opened."""
    for name in ("cp437", "utf-8", "gb18030"):
        codecs.lookup(name)


def opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive once its list of contents promises no harm; raises `Refusal`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise Refusal("damaged") from error
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise Refusal("too_many_files", str(len(entries)))
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_UNPACKED or (whole > _RATIO_MATTERS_FROM and whole > _MOST_RATIO * len(data)):
        raise Refusal("too_costly", "size")
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise Refusal("encrypted")
    return archive


def files_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes in the order of names, numbers in them by value; raises `Refusal`."""
    archive = opened(data)
    wanted = [(path, entry) for entry in archive.infolist() if is_wanted(path := path_of(entry))]
    if len(wanted) > MOST_FILES:
        raise Refusal("too_many_files", str(len(wanted)))
    left = MOST_UNPACKED
    for path, entry in sorted(wanted, key=lambda pair: _by_numbers(pair[0])):
        content = _content(archive, entry)
        left -= len(content)
        if left < 0:
            raise Refusal("too_costly", "size")
        yield _name(path), content


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > LONGEST - _ROOM_FOR_HEAD:
        raise Refusal("too_costly", "size")
    with archive.open(entry) as file:  # whatever is wrong with it ends this process, which means damaged
        return file.read()


def path_of(entry: zipfile.ZipInfo) -> str:
    """Return the path as its writer meant it: UTF-8 where that is flagged or fits, otherwise GB 18030."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.replace("\\", "/")


def is_wanted(path: str) -> bool:
    """Say whether this is a file that somebody put in, and not a folder or a note of the system's."""
    parts = path.split("/")
    return bool(parts[-1]) and not any(
        part in _HIDDEN or (part.startswith(".") and part not in _FOLDERS) for part in parts
    )


def _name(path: str) -> str:
    name = _UNPRINTABLE.sub("", path.rpartition("/")[2])
    printable = "".join(sign if sign.isprintable() else "_" for sign in name).strip()
    return printable[-NAME_LIMIT:] or "_"  # its end tells the type


def _by_numbers(path: str) -> list[tuple[int, str]]:
    return [(int(part[:15]), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(path.casefold())]
