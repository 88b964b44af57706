"""Reading filled-in tables in a process that can reach nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from app.adapters.tables_sandbox import SandboxedTableReader
from app.ports import UnreadableTable


def read(data: bytes) -> list[list[str]]:
    return [list(row) for row in SandboxedTableReader().read(data, name="表")]


def workbook(*rows: list[object]) -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def test_cells_come_as_people_see_them() -> None:
    data = workbook(
        ["姓名", "日期", "金额", "号码", None],
        ["王芳", date(2026, 5, 1), 1200.5, 11010519491231002.0, None],
        [None, datetime.fromisoformat("2026-05-01T09:30"), 3.0, "0012", None],
    )

    assert read(data) == [
        ["姓名", "日期", "金额", "号码"],
        # A number with so many digits has lost its last ones in the spreadsheet: it must not look like a good one.
        ["王芳", "2026-05-01", "1200.5", "1.1010519491231e+16"],
        ["", "2026-05-01 09:30", "3", "0012"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_have(encoding: str) -> None:
    assert read('姓名,备注\n王芳,"甲,乙\n丙"\n'.encode(encoding)) == [["姓名", "备注"], ["王芳", "甲,乙\n丙"]]


def test_a_formula_is_its_last_value_and_never_reckoned() -> None:
    assert read(workbook(["a"], ["=1+1"])) == [["a"], []]


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 300_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 no zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted"),
        (b"a,b\n\x00", "damaged"),
        (b"\xff\xfe\xff\xff\xff", "damaged"),
        ("a\n" * 20_001, "too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes | str, reason: str) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read(data.encode() if isinstance(data, str) else data)

    assert refused.value.reason == reason


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(UnreadableTable, match="too_large"):
        read(bomb())
