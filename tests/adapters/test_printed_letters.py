"""The letters of a complaint and its register sheet: what must stand on the paper does (办法 Art. 19)."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from app.adapters.pdf_weasyprint import WeasyPrinter
from app.domain.case_outcomes import remedies_text
from app.ports import CaseSheet, Letter, LetterPart, SheetTable

LETTER = Letter(
    unit="保档江东分公司",
    title="消费投诉处理决定告知书",
    number="TS2026-000123-决",
    addressee="申屠望舒",
    opening=["本单位于2026年11月20日收到您的消费投诉。"],
    facts=[("投诉人", "申屠望舒"), ("证件号码", "1****************1")],
    parts=[
        LetterPart("核实情况", ["代理人承诺保证收益。"]),
        LetterPart("处理决定", ["退还首期保费。"]),
        LetterPart("依据和理由", ["基本服务规定第十八条。"]),
        LetterPart("救济途径", remedies_text("complaint", "保档总公司").splitlines()),
    ],
    dated="2026年11月22日",
    contact="联系人：业务甲",
    receipt=[("案件编号", "TS2026-000123"), ("受送达人", "申屠望舒")],
)
SHEET = CaseSheet(
    unit="保档江东分公司",
    title="投诉登记表",
    number="TS2026-000123",
    rows=[[("接收渠道", "来电"), ("收到时间", "2026-11-20 10:00")], [("主要事实", "第一行\n第二行")]],
    tables=[SheetTable("告知记录", ("事项", "时间"), (20, 40), [("处理决定", "2026-11-22")])],
    made_on="2026年11月22日",
)


def read(pdf: bytes) -> list[str]:
    """The text of each page without blanks."""
    pages = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pages]


@pytest.fixture(scope="module")
def printed() -> tuple[bytes, int]:
    """The letter on paper."""
    return WeasyPrinter().print_letter(LETTER)


def test_the_letter_says_all_that_the_law_wants(printed: tuple[bytes, int]) -> None:
    pdf, pages = printed
    text = "".join(read(pdf))

    assert pages == len(read(pdf))
    headings = ("一、核实情况", "二、处理决定", "三、依据和理由", "四、救济途径")
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "30日内，以书面形式向保档总公司申请核查" in text
    assert all(way in text for way in ("调解", "仲裁", "诉讼"))


def test_the_letter_names_who_writes_to_whom_and_has_a_place_for_the_seal(printed: tuple[bytes, int]) -> None:
    text = "".join(read(printed[0]))

    for part in ("编号：TS2026-000123-决", "申屠望舒：", "保档江东分公司（公章）2026年11月22日", "1****************1"):
        assert part in text


def test_the_receipt_stands_whole_on_one_page(printed: tuple[bytes, int]) -> None:
    pages = [page for page in read(printed[0]) if "送达回证" in page]

    assert len(pages) == 1
    assert all(part in pages[0] for part in ("沿此线剪下", "受送达人签章", "签收日期", "送达人签名", "案件编号"))


def test_the_letter_is_an_archival_pdf(printed: tuple[bytes, int]) -> None:
    with pikepdf.open(io.BytesIO(printed[0])) as document:
        assert document.open_metadata().pdfa_status == "3U"
        assert document.docinfo["/Title"] == f"{LETTER.title} {LETTER.number}"


def test_a_strangers_text_is_only_text_and_is_printed_to_its_end() -> None:
    hostile = "<img src=file:///etc/passwd>{{ letter.unit }}\u202e"
    long = "长" * 2_500
    parts = [LetterPart("处理决定", [hostile, long])]

    pdf, _pages = WeasyPrinter().print_letter(replace(LETTER, parts=parts, receipt=[]))

    text = "".join(read(pdf))
    assert "<imgsrc=file:///etc/passwd>{{letter.unit}}" in text
    assert text.count("长") == 2_500
    assert "送达回证" not in text


def test_the_sheet_keeps_lines_and_says_when_a_table_is_empty() -> None:
    empty = SheetTable("整改措施", ("责任人", "期限"), (20, 40), [])

    pdf, pages = WeasyPrinter().print_case(replace(SHEET, tables=[*SHEET.tables, empty]))

    text = "".join(read(pdf))
    assert pages == 1
    assert all(part in text for part in ("投诉登记表", "单位：保档江东分公司", "编号：TS2026-000123"))
    assert "主要事实第一行第二行" in text
    assert "整改措施责任人期限无" in text
    assert "第1页共1页" in text
