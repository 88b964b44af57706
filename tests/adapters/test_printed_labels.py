"""Labels and spines as they come out of the press: read back as text, and their codes read from the drawn page."""

from __future__ import annotations

import re

import pypdfium2
import pytest
import segno
from PIL.Image import Image

from app.adapters.pdf.qr import QUIET, dots_path, modules_across
from app.adapters.pdf_weasyprint import WeasyPrinter
from app.domain.code128 import bar_widths, whole_width
from app.domain.scan_codes import label_code
from app.ports import Label, Spine

DPI = 600
CODE = label_code("box", 4**30)
LABEL = Label(CODE, "J019-2026-H00012", ["2026 定期30年", "江东分公司"])


def page_of(pdf: bytes, number: int = 0, dpi: int = DPI) -> Image:
    return pypdfium2.PdfDocument(pdf)[number].render(scale=dpi / 72).to_pil().convert("L")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def dots(millimetres: float) -> int:
    return round(millimetres / 25.4 * DPI)


def runs(line: list[bool]) -> list[int]:
    """Return the lengths of the runs from the first dark dot to the last."""
    first, last = line.index(True), len(line) - line[::-1].index(True)
    found = [0]
    for before, dot in zip([True, *line[first : last - 1]], line[first:last], strict=True):
        if dot != before:
            found.append(0)
        found[-1] += 1
    return found


@pytest.fixture(scope="module")
def sheet() -> bytes:
    """One label at the upper left corner of a sheet."""
    return WeasyPrinter().print_labels([LABEL])


def test_chinese_and_numbers_are_printed(sheet: bytes) -> None:
    text = text_of(sheet)

    for words in ("J019-2026-H00012", "2026定期30年", "江东分公司", CODE):
        assert words in text


def test_the_bars_on_paper_say_the_code(sheet: bytes) -> None:
    """A line through the bars of the drawn page has the widths of Code 128, each to a third of a module."""
    page = page_of(sheet)
    top = dots(0.5 + 23.5 + 4)
    line = [page.getpixel((x, top)) < 128 for x in range(dots(70))]  # type: ignore[operator]

    module = dots(64) / whole_width(CODE)
    widths = [run / module for run in runs(line)]

    assert len(widths) == len(bar_widths(CODE))
    assert max(abs(found - wanted) for found, wanted in zip(widths, bar_widths(CODE), strict=True)) < 1 / 3


def test_the_qr_code_on_paper_says_the_code(sheet: bytes) -> None:
    """Each module of the drawn page is as dark as the one that segno made of the same text."""
    page, across = page_of(sheet), modules_across(CODE)
    module = 21 / across
    matrix = segno.make(CODE, error="m", micro=False).matrix

    drawn = [
        [
            page.getpixel((dots(2 + (x + QUIET + 0.5) * module), dots(0.5 + 1.5 + (y + QUIET + 0.5) * module))) < 128  # type: ignore[operator]
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]

    assert drawn == [[bool(dark) for dark in line] for line in matrix]


def test_a_path_has_one_run_for_each_run_of_dark_modules() -> None:
    rows = segno.make(CODE, error="m", micro=False).matrix

    wanted = sum("".join(map(str, row)).count("01") + row[0] for row in rows)

    assert dots_path(CODE).count("M") == wanted


def test_a_sheet_has_three_by_eight_places_and_used_ones_stay_free() -> None:
    many = [Label(label_code("place", number), f"K1-{number:02d}") for number in range(1, 25)]

    whole, shifted = WeasyPrinter().print_labels(many), WeasyPrinter().print_labels(many, skip=1)

    assert len(pypdfium2.PdfDocument(whole)) == 1
    assert len(pypdfium2.PdfDocument(shifted)) == 2
    assert "K1-24" in re.sub(r"\s", "", pypdfium2.PdfDocument(shifted)[1].get_textpage().get_text_bounded())


def test_spines_are_310_millimetres_and_as_wide_as_their_boxes() -> None:
    spines = [
        Spine(width, "J019", "2026", "定期30年", "00012-00031", f"J019-2026-H{width:05d}", "江东分公司", CODE)
        for width in (20, 30, 40, 50)
    ]

    pdf = WeasyPrinter().print_spines(spines)

    text = text_of(pdf)
    for words in ("全宗号", "年度", "保管期限", "定期30年", "起止件号", "盒号", "机构", "江东分公司"):
        assert text.count(words) == 4
    page = page_of(pdf, dpi=72)
    dark = [x for x in range(page.width) if page.getpixel((x, page.height // 2)) < 200]  # type: ignore[operator]
    assert (dark[-1] - dark[0]) / 72 * 25.4 == pytest.approx(140, abs=1.5)
    column = [y for y in range(page.height) if page.getpixel((dark[0], y)) < 200]  # type: ignore[operator]
    assert (column[-1] - column[0]) / 72 * 25.4 == pytest.approx(310, abs=1.5)


def test_hostile_text_stays_text() -> None:
    pdf = WeasyPrinter().print_labels([Label("D-1-1", "<img src=file:///etc/passwd>\u202e\x00", ["{{ 7*7 }}"])])

    assert "{{7*7}}" in text_of(pdf)
