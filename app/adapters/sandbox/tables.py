"""Where the child begins that reads a table: bound itself, load the reader, lock the doors, write rows as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

from .bounds import Bounds
from .limits import limit_resources
from .lockdown import lock_down

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 80, 2_000
MOST_UNPACKED = 200_000_000
_SPREADSHEET = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # an xls of old, or an xlsx with a password


class Refusal(Exception):
    """The file is no table; the reasons are those of `app.ports.UnreadableTable`."""


def main() -> None:
    """Read the file on standard input and write its rows, then the word of how it ended."""
    limit_resources(Bounds.from_arguments(sys.argv[1:]))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import openpyxl

    _load_late_parts()
    lock_down()
    try:
        for row in _rows(sys.stdin.buffer.read(), openpyxl):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.write('"done"\n')
    except Refusal as refusal:
        out.write(json.dumps({"refused": str(refusal)}) + "\n")
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError, IndexError, AttributeError, csv.Error):
        out.write('{"refused": "damaged"}\n')
    out.flush()
    os._exit(0)


def _load_late_parts() -> None:
    """Load what is loaded on the way only: behind locked doors no file opens, not even a codec's."""
    for encoding in ("cp437", "gb18030", "utf-8-sig"):
        "0".encode(encoding)


def _rows(data: bytes, openpyxl: object) -> Iterator[list[str]]:
    if data.startswith(_OLD_OR_LOCKED):
        raise Refusal("encrypted")
    found = _of_spreadsheet(data, openpyxl) if data.startswith(_SPREADSHEET) else _of_text(data)
    for number, row in enumerate(found):
        if number >= MOST_ROWS:
            raise Refusal("too_large")
        yield row


def _of_spreadsheet(data: bytes, openpyxl: object) -> Iterator[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise Refusal("too_large")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)  # type: ignore[attr-defined]
    if not book.worksheets:
        raise Refusal("no_sheet")
    for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
        yield _trimmed([_as_text(value) for value in row])


def _of_text(data: bytes) -> Iterator[list[str]]:
    if b"\x00" in data:
        raise Refusal("damaged")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    csv.field_size_limit(1_000_000)
    mark = "\t" if "\t" in text.partition("\n")[0] else ","
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        yield _trimmed([cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]])


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:LONGEST_CELL]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    return row
