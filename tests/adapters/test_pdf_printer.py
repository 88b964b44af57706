"""`WeasyPrinter`: what stands on the pages, what a hostile text can do, how printing ends."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.adapters.pdf.bind import bind, keep_honest
from app.adapters.pdf.compose import Composer, NothingFetched, Piece, full_pages
from app.adapters.pdf.plain_text import printable
from app.adapters.pdf.tray import Tray, estimate_lines
from app.adapters.pdf_weasyprint import WeasyPrinter
from app.ports import Column, PrintFailed, PrintStopped, RegisterSheet

ROOT = Path(__file__).resolve().parents[2]
ROWS_PER_CHUNK = 70

SHEET = RegisterSheet(
    title="归档文件目录",
    fonds="某某人寿保险城东支公司",
    filters=["机构：城东支公司", "年度：2026"],
    columns=[
        Column("序号", 5, "center"),
        Column("档号", 20),
        Column("题名", 45),
        Column("日期", 10, "center"),
        Column("页数", 8, "right"),
        Column("备注", 12),
    ],
    signatures=["制表人", "审核人", "日期"],
    watermark="王小明（003217）2026-11-22 14:03 EX-2026-000123",
    made_by="王小明",
    made_on="2026年11月22日",
)


HOSTILE = [
    "<img src=file:///etc/passwd><link rel=attachment href=file:///etc/passwd>",
    "</td></tr></table><style>*{display:none}</style><script>alert(1)</script>",
    "{{ sheet.made_by }}{% for x in (1,) %}",
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)",
    "url(http://127.0.0.1/x)",
    "控制\x00\x07\x1b[31m字符\u202e倒写\u2066\ufffe",
]
FOREIGN = ["مرحبا بالعالم", "שלום", "👨‍👩‍👧😀🀄", "𠮷野家𬱖䶮", "Z" + "\u0301" * 500, "ﬁ ligature", "한국어 ひらがな"]


@dataclass(frozen=True)
class Printed:
    """A register read back."""

    pdf: bytes
    pages: list[str]  # the text of each page, without spaces and line ends
    told_pages: int
    progress: list[int]

    @property
    def text(self) -> str:
        return "".join(self.pages)

    def numbers_of_rows(self) -> list[list[str]]:
        """Return the 档号 on each page."""
        return [re.findall(r"X043-D30-\d{6}", page) for page in self.pages]


def make_rows(count: int) -> list[list[str]]:
    kinds = (
        "投保单",
        "人身保险投保书及健康告知书、受益人声明、身份证件复印件（正反面）与职业告知书各一份",
        "理赔申请书",
    )
    return [
        [str(n), f"X043-D30-{n:06d}", f"客户{n}号{kinds[n % 3]}（第{n}件）", "20261122", str(n % 60), "原件"]
        for n in range(1, count + 1)
    ]


def print_rows(rows: Sequence[Sequence[str]], sheet: RegisterSheet = SHEET, **limits: int) -> Printed:
    progress: list[int] = []
    pdf, pages = WeasyPrinter(**limits).print_register(
        sheet, iter(rows), total=len(rows), progress=lambda done: progress.append(done) is None
    )
    return Printed(pdf, read_pages(pdf), pages, progress)


def read_pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in document]


def children() -> set[int]:
    """Return the children of all threads of this process."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def make_piece(rows: Sequence[Sequence[str]], *, opening: bool = True, closing: bool = True) -> Piece:
    return Piece(asdict(SHEET), rows, opening=opening, closing=closing, total=len(rows))


@pytest.fixture(scope="module")
def composer() -> Composer:
    """The part of the press that sets pages, in this process."""
    return Composer()


@pytest.fixture(scope="module")
def whole() -> Printed:
    """251 rows, set at once."""
    return print_rows(make_rows(251))


@pytest.fixture(scope="module")
def pieces() -> Printed:
    """The same rows in pieces, on two presses."""
    return print_rows(make_rows(251), rows_per_chunk=ROWS_PER_CHUNK, processes=2)


# --- what stands on the pages ----------------------------------------------------------------------


def test_every_row_is_printed_once_and_on_one_page(pieces: Printed) -> None:
    for number, archive_number, title, date, page_count, note in make_rows(251):
        row = "".join((number, archive_number, title, date, page_count, note))

        assert pieces.text.count(archive_number) == 1
        assert sum(row in page for page in pieces.pages) == 1


def test_a_register_of_pieces_has_the_same_pages_as_one_set_at_once(whole: Printed, pieces: Printed) -> None:
    """No half-empty page inside; the one document is the oracle."""
    assert len(set(pieces.progress)) > 2
    assert pieces.numbers_of_rows() == whole.numbers_of_rows()
    assert [sorted(page) for page in pieces.pages] == [sorted(page) for page in whole.pages]


def test_every_page_tells_its_number_and_how_many_there_are(whole: Printed, pieces: Printed) -> None:
    for printed in (whole, pieces):
        assert printed.told_pages == len(printed.pages) > 5
        for number, page in enumerate(printed.pages, 1):
            assert re.findall(r"第\d+页共\d+页", page) == [f"第{number}页共{len(printed.pages)}页"]


def test_the_numbers_of_both_ways_stand_at_the_same_place(whole: Printed, pieces: Printed) -> None:
    def corner(pdf: bytes) -> str:
        page = pypdfium2.PdfDocument(pdf)[1]
        return page.get_textpage().get_text_bounded(left=700, bottom=22, right=page.get_width() - 42, top=36).strip()

    assert corner(pieces.pdf) == corner(whole.pdf) == f"第 2 页 共 {len(whole.pages)} 页"


def test_the_head_of_the_table_stands_on_every_page(pieces: Printed) -> None:
    assert all(page.count("序号档号题名日期页数备注") == 1 for page in pieces.pages)


def test_fonds_and_title_stand_on_every_page_and_filters_on_the_first(pieces: Printed) -> None:
    first, *others = pieces.pages

    assert "全宗名称：某某人寿保险城东支公司" in first
    assert "机构：城东支公司年度：2026" in first
    assert first.count("归档文件目录") == 1
    assert all("某某人寿保险城东支公司" in page and page.count("归档文件目录") == 1 for page in others)
    assert not any("机构：" in page for page in others)


def test_only_the_last_page_has_the_boxes_for_signatures(pieces: Printed) -> None:
    *others, last = pieces.pages

    assert "共251条，以下空白。制表人审核人日期年月日" in last
    assert re.search(r"X043-D30-\d{6}", last)
    assert not any("审核人" in page for page in others)


def test_every_page_carries_the_watermark(whole: Printed, pieces: Printed) -> None:
    mark = "王小明（003217）2026-11-2214:03EX-2026-000123"

    assert all(mark in page for printed in (whole, pieces) for page in printed.pages)


def test_the_paper_is_a4_landscape(pieces: Printed) -> None:
    sizes = {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pypdfium2.PdfDocument(pieces.pdf)}

    assert sizes == {(297, 210)}


def test_a_register_without_rows_says_so() -> None:
    printed = print_rows([])

    assert printed.told_pages == len(printed.pages) == 1
    assert "备注无记录共0条，以下空白。" in printed.text
    assert "第1页共1页" in printed.text
    assert printed.progress[-1] == 0


def test_a_register_of_one_row_is_one_page() -> None:
    """Its sheet is hostile: those texts are text too."""
    sheet = replace(SHEET, title="<b>目录</b>", fonds="\x00<i>", watermark="<imgsrc=x>", signatures=["<hr>"])

    printed = print_rows(make_rows(1), sheet)

    assert printed.told_pages == len(printed.pages) == 1
    assert all(text in printed.text for text in ("<b>目录</b>", "全宗名称：<i>", "<imgsrc=x>", "共1条", "<hr>"))


def test_the_boxes_never_stand_on_a_page_without_a_row(composer: Composer) -> None:
    """Whatever the number of rows, the last of them goes with the boxes."""
    lengths = set()
    for count in range(14, 19):
        pages = read_pages(composer.set_piece(make_piece(make_rows(count))).print()[0])

        lengths.add(len(pages))
        assert re.search(r"X043-D30-\d{6}", pages[-1])
        assert "审核人" in pages[-1]
    assert lengths == {1, 2}


# --- the file --------------------------------------------------------------------------------------


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
    return list(fonts.values())


def test_pieces_share_their_fonts(pieces: Printed) -> None:
    with pikepdf.open(io.BytesIO(pieces.pdf)) as document:
        names = sorted(str(font.BaseFont).partition("+")[2] for font in fonts_of(document))

    assert names == ["Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold"]
    assert len(pieces.pdf) < 500_000


@pytest.mark.parametrize("way", ["whole", "pieces"])
def test_the_file_has_what_an_archival_pdf_needs(way: str, request: pytest.FixtureRequest) -> None:
    printed: Printed = request.getfixturevalue(way)

    with pikepdf.open(io.BytesIO(printed.pdf)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert metadata["dc:title"] == document.docinfo["/Title"] == "归档文件目录"
        assert metadata["dc:creator"] == ["王小明"]
        assert document.docinfo["/Author"] == "王小明"
        assert document.Root.Lang == "zh-CN"
        assert "/OutputIntents" in document.Root
        assert "/Names" not in document.Root
        assert "/ID" in document.trailer
        assert not document.check_pdf_syntax()
        for font in fonts_of(document):
            assert "/ToUnicode" in font
            assert "/FontFile3" in font.DescendantFonts[0].FontDescriptor


def test_a_character_that_no_font_has_costs_the_claim_to_be_archival(composer: Composer) -> None:
    rows = [*make_rows(40), ["41", "X043-D30-000041", "怪字\U000f1234客户", "20261122", "1", ""]]
    alone, _ = composer.set_piece(make_piece(rows)).print()
    before, _ = composer.set_piece(make_piece(make_rows(40), closing=False)).print()
    after, _ = composer.set_piece(make_piece(rows, opening=False)).print()

    for pdf in (keep_honest(alone), bind([before, after], composer.set_type_case)[0]):
        assert "X043-D30-000041怪字" in "".join(read_pages(pdf))
        with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
            assert "pdfaid:part" not in metadata
            assert metadata["dc:title"] == "归档文件目录"


def test_the_same_register_is_the_same_file(composer: Composer) -> None:
    def print_once() -> bytes:
        first, _ = composer.set_piece(make_piece(make_rows(40), closing=False)).print()
        second, _ = composer.set_piece(make_piece(make_rows(5), opening=False)).print()
        return bind([first, second], composer.set_type_case)[0]

    assert print_once() == print_once()


# --- texts of strangers ----------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[250, 40])
def hostile(request: pytest.FixtureRequest) -> Printed:
    """A register of strange texts in front of ordinary rows, set at once and in pieces."""
    texts = [*HOSTILE, *FOREIGN]
    strange = [[str(n), f"X043-D30-{n:06d}", text, "", "", "邻居"] for n, text in enumerate(texts, 1)]
    long = ["18", "X043-D30-000018", "", "", "", "巨" * 60_000]
    return print_rows([*strange, *make_rows(17)[len(texts) :], long, *make_rows(60)[18:]], rows_per_chunk=request.param)


def test_hostile_texts_are_printed_as_the_text_they_are(hostile: Printed) -> None:
    for text in HOSTILE[:-1]:
        assert re.sub(r"\s", "", text) in hostile.text
    assert "控制[31m字符倒写" in hostile.text
    assert "root:" not in hostile.text


def test_strange_texts_do_not_hurt_their_neighbours(hostile: Printed) -> None:
    """Every row is there, one of them taller than a page; rare and foreign characters can be read back."""
    numbers = [number for page in hostile.numbers_of_rows() for number in page]

    assert numbers == [f"X043-D30-{n:06d}" for n in range(1, 61)]
    assert hostile.text.count("邻居") == len(HOSTILE) + len(FOREIGN)
    assert "𠮷野家𬱖䶮" in hostile.text
    assert "한국어ひらがな" in hostile.text


def test_a_cell_of_60000_characters_is_cut_at_2000_and_loses_none_of_them(hostile: Printed) -> None:
    assert hostile.text.count("巨") == 1_999
    assert hostile.text.count("…") == 1
    assert sum("巨" in page for page in hostile.pages) > 1


def test_nothing_is_attached_or_linked(hostile: Printed) -> None:
    with pikepdf.open(io.BytesIO(hostile.pdf)) as document:
        assert not document.attachments
        assert not any("/Annots" in page for page in document.pages)


def test_a_row_with_a_cell_too_many_is_the_caller_s_fault() -> None:
    with pytest.raises(ValueError, match="7 cells"):
        print_rows([["x"] * 7])


def test_printable_keeps_text_and_drops_commands() -> None:
    assert printable("王芳\t女\r\n") == "王芳 女  "
    assert printable("\ud800\u202e1\u200f2\x00") == "12"
    assert printable("a" + "\u0301" * 9) == "a" + "\u0301" * 3
    assert printable("字" * 2_000) == "字" * 2_000
    assert printable("字" * 2_001) == "字" * 1_999 + "…"


# --- walls -----------------------------------------------------------------------------------------


class Recorder(BaseHTTPRequestHandler):
    """Writes down who comes."""

    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def hits() -> Iterator[list[str]]:
    """Paths that were asked for at a local web server; its address is the first entry."""
    Recorder.hits = []
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Recorder.hits.append(f"http://127.0.0.1:{server.server_port}")
    yield Recorder.hits
    server.shutdown()


def test_the_press_fetches_nothing_even_where_markup_asks_for_it(hits: list[str], tmp_path: Path) -> None:
    """Markup that would fetch by seven ways; with the fetcher of the library the server is hit."""
    from weasyprint import HTML

    there = hits[0]
    (tmp_path / "secret.txt").write_text("secret")
    html = f"""<link rel=stylesheet href={there}/css><link rel=attachment href=file://{tmp_path}/secret.txt>
        <style>@import url({there}/import); @font-face {{font-family: f; src: url({there}/font)}}</style>
        <img src={there}/img><object data={there}/object></object>
        <p style="font-family:f;background:url({there}/bg)">x"""

    pdf = HTML(string=html, url_fetcher=NothingFetched()).write_pdf()
    hits_of_the_press = hits[1:]
    HTML(string=html).render()

    assert hits_of_the_press == []
    assert len(hits) > 4
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.attachments


def test_the_composer_works_with_that_fetcher(hits: list[str]) -> None:
    composer = Composer()
    composer._style += f"td {{background: url({hits[0]}/bg)}} @font-face {{font-family: f; src: url({hits[0]}/font)}}"

    composer.set_piece(make_piece(make_rows(1)))

    assert hits[1:] == []


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', {port}), 2)", "PermissionError"),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/')", "PermissionError"),
        ("import subprocess; subprocess.run(['/bin/true'])", "PermissionError"),
        ("import os; os.system('true')", "PermissionError"),
        ("open('{folder}/left-behind', 'wb', buffering=0).write(b'x')", "OSError: [Errno 27]"),
        ("bytearray(2**31)", "MemoryError"),
    ],
)
def test_the_walls_around_the_press_hold(attempt: str, refusal: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempt = attempt.format(port=server.getsockname()[1], folder=tmp_path)
        program = f"from app.adapters.pdf.sandbox import shut_in; shut_in(2**30)\n{attempt}"
        ended = subprocess.run([sys.executable, "-B", "-c", program], cwd=ROOT, capture_output=True, text=True)

    assert ended.returncode == 1
    assert refusal in ended.stderr.splitlines()[-1]


def test_the_parent_loads_neither_weasyprint_nor_pikepdf() -> None:
    program = """if True:
        import sys
        from app.adapters.pdf_weasyprint import WeasyPrinter
        from app.ports import Column, RegisterSheet
        sheet = RegisterSheet("t", "f", [], [Column("c", 1)], ["s"], "w", "m", "d")
        pdf, pages = WeasyPrinter().print_register(sheet, [["x"]], total=1, progress=lambda done: True)
        assert pages == 1
        print(sorted({"weasyprint", "pikepdf", "jinja2", "fontTools"} & sys.modules.keys()))
        """

    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "[]"


# --- how it ends -----------------------------------------------------------------------------------


def test_progress_never_goes_back_and_ends_at_all_rows(whole: Printed, pieces: Printed) -> None:
    for printed in (whole, pieces):
        assert printed.progress == sorted(printed.progress)
        assert printed.progress[-1] == 251


def print_with(progress: Callable[[int], bool]) -> None:
    WeasyPrinter(rows_per_chunk=20).print_register(SHEET, make_rows(60), total=60, progress=progress)


@pytest.mark.parametrize("after", [0, 1])
def test_a_cancelled_print_stops_and_leaves_no_process(after: int) -> None:
    asked: list[int] = []
    before = children()

    with pytest.raises(PrintStopped):
        print_with(lambda done: asked.append(done) is None and done < after)

    assert asked[-1] < 60
    assert children() == before


def test_a_press_that_is_killed_is_a_failed_print() -> None:
    before = children()

    def kill(_done: int) -> bool:
        for child in children() - before:
            os.kill(child, signal.SIGKILL)
        return True

    with pytest.raises(PrintFailed) as failure:
        print_with(kill)

    assert (failure.value.reason, failure.value.detail) == ("died", "-9")
    assert children() == before


def test_a_register_that_burns_too_much_time_is_a_failed_print() -> None:
    rows = [[str(n), f"{n}", "字 a" * 700, "", "", "巨a " * 700] for n in range(12)]
    before = children()

    with pytest.raises(PrintFailed) as failure:
        print_rows(rows, cpu_seconds_per_chunk=1)

    assert (failure.value.reason, failure.value.detail) == ("too_costly", "processor")
    assert children() == before


def test_a_press_without_memory_is_a_failed_print() -> None:
    with pytest.raises(PrintFailed):
        print_rows(make_rows(1), memory_bytes=120 * 2**20)


def test_a_press_that_does_not_answer_is_a_failed_print() -> None:
    before = children()

    def stop_the_press(_done: int) -> bool:
        for child in children() - before:
            os.kill(child, signal.SIGSTOP)
        return True

    printer = WeasyPrinter(wall_seconds=1.5)
    with pytest.raises(PrintFailed) as failure:
        # Enough rows that the press is still at work when it is asked how far it is.
        printer.print_register(SHEET, make_rows(500), total=500, progress=stop_the_press)

    assert (failure.value.reason, failure.value.detail) == ("too_costly", "time")
    assert children() == before


# --- parts -----------------------------------------------------------------------------------------


def test_the_tray_reads_only_as_far_as_it_must() -> None:
    read: list[int] = []
    tray = Tray((read.append(n) or [str(n)] for n in range(10)), lines_of=len)

    first = tray.take(3, 100)
    tray.lay_back(first[2:])

    assert first == [["0"], ["1"], ["2"]]
    assert len(read) <= 4
    assert tray.take(2, 100) == [["2"], ["3"]]
    assert not tray.is_empty()
    assert len(tray.take(99, 100)) == 6
    assert tray.is_empty()


def test_the_tray_gives_at_least_one_row_however_long() -> None:
    tray = Tray([["字" * 50], ["短"]], lines_of=lambda row: len(row[0]))

    assert tray.take(9, 10) == [["字" * 50]]
    assert tray.take(9, 10) == [["短"]]
    assert tray.take(9, 10) == []


def test_the_measure_sees_how_high_a_long_text_stands_in_a_narrow_column() -> None:
    lines_of = estimate_lines([5, 95])

    assert lines_of(["1", "短"]) == 1
    assert lines_of(["", "字" * 2_000]) < 30
    assert lines_of(["字" * 2_000, ""]) > 500
    assert lines_of(["a" * 2_000, ""]) > 250


@pytest.mark.parametrize(
    ("rows_of_pages", "pages"),
    [
        ([{"a", "b"}, {"c"}], 1),
        ([{"a"}, {"b"}, {"c"}], 2),
        ([{"a"}, {"b"}, {"b"}], 1),  # b is taller than a page
        ([{"a"}, {"a"}, {"a", "b"}], 0),
        ([{"a", "b"}], 0),
    ],
)
def test_a_cut_never_goes_through_a_row(rows_of_pages: list[set[str]], pages: int) -> None:
    assert full_pages(rows_of_pages) == pages
