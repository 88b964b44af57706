"""The image tool: tells what a file is, draws its pages, and comes to no harm from any file."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from app.adapters.imagetool_sandbox import SandboxedImageTool
from app.adapters.sandbox.bounds import Bounds
from app.adapters.sandbox.pdf import clean
from app.ports import Examined, RefusedFile, RenderedPage
from tests.adapters import made_files as made

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "images"
RED, WHITE = (200, 0, 0), (255, 255, 255)
SLOW = made.pdf_with_image(9000, 9000, pages=99)
TRIALS = {
    "socket",
    "local_socket",
    "read_file",
    "write_file",
    "make_folder",
    "start_process",
    "signal_parent",
    "more_memory",
}


@pytest.fixture(scope="module")
def tool() -> SandboxedImageTool:
    return SandboxedImageTool()


@pytest.fixture(autouse=True)
def _no_child_outlives_its_test() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def children(pid: int | str = "self") -> set[str]:
    return {child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()}


def reason(tool: SandboxedImageTool, data: bytes) -> str:
    """Return why `data` is refused, at the latest when its pages are drawn."""
    try:
        tool.examine(data)
        list(tool.render(data))
    except RefusedFile as refused:
        return str(refused)
    return "accepted"


def only_page(tool: SandboxedImageTool, data: bytes) -> RenderedPage:
    [page] = tool.render(data)
    return page


def colour(page: RenderedPage, across: float, down: float) -> tuple[int, int, int]:
    image = Image.open(io.BytesIO(page.image)).convert("RGB")
    assert image.size == (page.width, page.height)
    pixel = image.getpixel((int(page.width * across), int(page.height * down)))
    assert isinstance(pixel, tuple)
    return pixel[:3]


def is_near(pixel: tuple[int, ...], wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


# --- what is accepted ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "examined"),
    [
        (made.jpeg(), Examined("image/jpeg", 1)),
        (made.png(), Examined("image/png", 1)),
        (made.fax(3), Examined("image/tiff", 3)),
        (made.pdf_of_pages(4), Examined("application/pdf", 4)),
    ],
    ids=["jpeg", "png", "tiff", "pdf"],
)
def test_the_content_tells_type_and_pages(tool: SandboxedImageTool, data: bytes, examined: Examined) -> None:
    assert tool.examine(data) == examined

    assert [page.number for page in tool.render(data)] == list(range(1, examined.pages + 1))


def test_a_page_of_a_pdf_is_drawn_at_150_dpi(tool: SandboxedImageTool) -> None:
    page = only_page(tool, made.pdf(made.CATALOG, made.ONE_PAGE, made.page(box=b"0 0 595 842")))

    assert (page.width, page.height) == (1240, 1755)
    assert max(Image.open(io.BytesIO(page.thumbnail)).size) == 240


@pytest.mark.parametrize("box", [b"0 0 3000 2000", b"0 0 14400 14400", b"0 0 1e9 1e9", b"0 0 14400 1", b"0 0 0 0"])
def test_a_page_of_any_size_stays_within_2000_pixels(tool: SandboxedImageTool, box: bytes) -> None:
    page = only_page(tool, made.pdf(made.CATALOG, made.ONE_PAGE, made.page(box=box)))

    assert max(page.width, page.height) <= 2000


def test_chinese_text_is_drawn_even_when_the_font_is_not_in_the_file(tool: SandboxedImageTool) -> None:
    page = only_page(tool, made.pdf_with_text("保险合同"))

    assert page.text == "保险合同"
    if not list(Path("/usr/share/fonts").rglob("Noto*CJK-Regular.ttc")):
        pytest.skip("no Chinese font here")
    drawn = Image.open(io.BytesIO(page.image)).convert("L")
    ink = ImageChops.invert(drawn).getbbox()
    assert ink is not None
    assert ink[2] - ink[0] > 250  # four characters at 40 points and 150 dpi are 330 pixels wide


def test_a_page_that_was_never_on_paper_is_told_from_a_scan(tool: SandboxedImageTool) -> None:
    scan = made.saved(made.drawn((600, 800)), "PDF")

    pages = [next(tool.render(data)) for data in (made.pdf_with_text(), scan, made.jpeg())]

    assert [page.is_digital for page in pages] == [True, False, False]


def test_the_text_layer_has_plain_newlines_and_no_control_characters(tool: SandboxedImageTool) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    html = "<p>第一行<br>𠮷野家的保单</p><p>third\u200b</p>"

    page = only_page(tool, weasyprint.HTML(string=html).write_pdf())

    assert page.text.split() == ["第一行", "𠮷野家的保单", "third\u200b"] or "𠮷野家的保单" in page.text
    assert "\r" not in page.text
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in page.text)


def test_lines_of_the_text_layer_stand_where_they_are_drawn(tool: SandboxedImageTool) -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    text = made.stream(
        b"BT /F1 40 Tf 100 600 Td (P2026 0001) Tj 500 0 Td (far) Tj -500 -400 Td (low) Tj 0 -900 Td (off) Tj ET"
    )
    resources = b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/CropBox[0 0 1000 800]/Rotate "
    upright, lying = (
        only_page(
            tool, made.pdf(made.CATALOG, made.ONE_PAGE, made.page(resources + turn, b"0 0 1000 1000"), text, font)
        )
        for turn in (b"0", b"90")
    )

    lines = {line.text: line for line in upright.lines}
    assert set(lines) == {"P2026 0001", "far", "low"}
    assert (lines["P2026 0001"].left, lines["far"].left) == pytest.approx((100, 600), abs=5)
    assert lines["P2026 0001"].top < 250 < lines["P2026 0001"].bottom + 5 < 280
    assert lines["low"].top < 750 < lines["low"].bottom + 5
    turned = next(line for line in lying.lines if line.text == "P2026 0001")
    assert (turned.top, turned.right) == pytest.approx((100, 1000 - lines["P2026 0001"].top), abs=5)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("保\x00险\x02合\x7f同\x9f", "保险合同"),
        ("a\ud800b\ufffec", "abc"),
        ("𠮷㛃𬱖\U00031350", "𠮷㛃𬱖\U00031350"),
    ],
)
def test_controls_are_taken_out_of_the_text(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_an_endless_text_layer_is_cut(tool: SandboxedImageTool) -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    text = made.stream(b"BT /F1 1 Tf 1 1 Td " + b"(aaaaaaaaaaaaaaaaaaa ) Tj 0 1.2 Td " * 11_000 + b"ET")
    resources = b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"

    page = only_page(tool, made.pdf(made.CATALOG, made.ONE_PAGE, made.page(resources, b"0 0 14400 14400"), text, font))

    assert 100_000 < len(page.text) <= 200_000


def test_fields_of_a_filled_form_are_drawn(tool: SandboxedImageTool) -> None:
    look = made.stream(b"0.8 0 0 rg 0 0 400 400 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 400 400]")
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(x)/Rect[0 0 400 400]/F 4/AP<</N 5 0 R>>/P 3 0 R>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>"

    page = only_page(tool, made.pdf(catalog, made.ONE_PAGE, made.page(b"/Annots[4 0 R]"), field, look))

    assert not is_near(colour(page, 0.5, 0.5), WHITE)


@pytest.mark.parametrize(("orientation", "corner"), [
    (1, (0.25, 0.25)), (2, (0.75, 0.25)), (3, (0.75, 0.75)), (4, (0.25, 0.75)),
    (5, (0.25, 0.25)), (6, (0.75, 0.25)), (7, (0.75, 0.75)), (8, (0.25, 0.75)),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_photo_is_turned_upright(
    tool: SandboxedImageTool, kind: str, orientation: int, corner: tuple[float, float]
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    data = made.saved(made.drawn((400, 200)), kind, exif=exif)

    page = only_page(tool, data)

    assert (page.width, page.height) == ((400, 200) if orientation < 5 else (200, 400))
    assert is_near(colour(page, *corner), RED)
    assert is_near(colour(page, 1 - corner[0], 1 - corner[1]), WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_what_the_sender_put_beside_the_pixels_is_gone(tool: SandboxedImageTool, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary-in-exif"
    notes = {"comment": b"canary-in-comment"} if kind == "JPEG" else {}

    page = only_page(tool, made.saved(made.drawn((80, 60)), kind, exif=exif, dpi=(72, 72), **notes))

    for image in (page.image, page.thumbnail):
        assert b"canary" not in image
        assert not Image.open(io.BytesIO(image)).getexif()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_colour_of_jpeg_is_drawn(tool: SandboxedImageTool, mode: str) -> None:
    page = only_page(tool, made.jpeg((400, 200), mode))

    assert is_near(colour(page, 0.75, 0.75), WHITE)
    assert not is_near(colour(page, 0.25, 0.25), WHITE, 60)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_of_png_is_drawn(tool: SandboxedImageTool, mode: str) -> None:
    page = only_page(tool, made.png((400, 200), mode))

    assert is_near(colour(page, 0.75, 0.75), WHITE)
    assert not is_near(colour(page, 0.25, 0.25), WHITE, 60)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_every_colour_of_tiff_is_drawn(tool: SandboxedImageTool, mode: str, compression: str | None) -> None:
    page = only_page(tool, made.saved(made.drawn((400, 200), mode), "TIFF", compression=compression))

    assert is_near(colour(page, 0.75, 0.75), WHITE)
    assert not is_near(colour(page, 0.25, 0.25), WHITE, 60)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white_paper(tool: SandboxedImageTool, mode: str) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0)).convert(mode)
    options = {"transparency": image.getpixel((0, 0))} if mode == "P" else {}

    page = only_page(tool, made.saved(image, "PNG", **options))

    assert is_near(colour(page, 0.5, 0.5), WHITE)


@pytest.mark.parametrize(
    ("size", "drawn"),
    [((6000, 3000), (2400, 1200)), ((100, 9000), (27, 2400)), ((20_000, 3), (2400, 1)), ((9, 7), (9, 7))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_shrunk_and_a_small_one_is_not_enlarged(
    tool: SandboxedImageTool, kind: str, size: tuple[int, int], drawn: tuple[int, int]
) -> None:
    page = only_page(tool, made.saved(made.drawn(size), kind))

    assert (page.width, page.height) == drawn
    assert max(Image.open(io.BytesIO(page.thumbnail)).size) <= 240
    if min(size) > 50:
        assert is_near(colour(page, 0.25, 0.25), RED)
        assert is_near(colour(page, 0.75, 0.25), WHITE)


def test_a_phone_photo_that_carries_a_second_picture_is_one_page(tool: SandboxedImageTool) -> None:
    data = made.saved(made.drawn((400, 200)), "MPO", save_all=True, append_images=[made.drawn((100, 50))])

    assert tool.examine(data) == Examined("image/jpeg", 1)
    assert (only_page(tool, data).width, only_page(tool, data).height) == (400, 200)


def test_the_small_copy_beside_a_scan_is_no_page(tool: SandboxedImageTool) -> None:
    small = made.drawn((60, 80), "1")
    small.encoderinfo = {"tiffinfo": {254: 1}}
    data = made.saved(made.drawn((600, 800), "1"), "TIFF", save_all=True, append_images=[small])

    assert tool.examine(data).pages in {1, 2}
    assert next(iter(tool.render(data))).width == 600


def test_a_bad_note_beside_a_photo_is_no_reason_to_refuse_it(tool: SandboxedImageTool) -> None:
    orientation_in_words = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04abc\0\0\0\0\0"
    data = made.saved(made.drawn((40, 20)), "JPEG", exif=orientation_in_words)

    assert only_page(tool, data).width == 40


def test_a_jpeg_with_an_archive_behind_it_is_drawn_without_the_archive(tool: SandboxedImageTool) -> None:
    page = only_page(tool, made.jpeg() + b"PK\x03\x04canary" * 100)

    assert b"canary" not in page.image


def test_a_pdf_behind_stray_bytes_is_what_the_decoder_says(tool: SandboxedImageTool) -> None:
    data = b"\r\n@PJL stray\r\n" + made.pdf_of_pages(1)

    assert tool.examine(data) == Examined("application/pdf", 1)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples here")
def test_real_photos_are_drawn(tool: SandboxedImageTool) -> None:
    for path in sorted(SAMPLES.iterdir()):
        page = only_page(tool, path.read_bytes())

        assert max(page.width, page.height) <= 2400, path.name


# --- what is refused -------------------------------------------------------------------------------


def test_an_empty_file_is_refused(tool: SandboxedImageTool) -> None:
    assert reason(tool, b"") == "empty"
    with pytest.raises(RefusedFile, match="empty"):
        list(tool.render(b""))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (Path(sys.executable).read_bytes()[:100_000], "unknown_type elf"),
        (b"MZ\x90\0" + bytes(500) + made.pdf_of_pages(1), "unknown_type exe"),
        (b"PK\x03\x04" + bytes(100), "unknown_type zip"),
        (b"GIF89a" + bytes(100), "unknown_type gif"),
        (b"<!DOCTYPE html><p>%PDF-1.4</p>", "unknown_type markup"),
        (b"\n  <svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_type markup"),
        (b"#!/bin/sh\nexit", "unknown_type script"),
        (b"\0\0\0\x18ftypavif" + bytes(100), "unknown_type avif"),
        (b"BM" + bytes(100), "unknown_type bmp"),
        (b"just words", "unknown_type"),
        (b"\0", "unknown_type"),
        (bytes(2000) + b"%PDF-1.4", "unknown_type"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_whatever_its_name(tool: SandboxedImageTool, data: bytes, why: str) -> None:
    assert reason(tool, data) == why


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0"]
)
@pytest.mark.parametrize("rest", [b"", bytes(500), b"\x7fELF" + bytes(500)])
def test_a_right_beginning_with_nothing_behind_it_is_damaged(
    tool: SandboxedImageTool, head: bytes, rest: bytes
) -> None:
    assert reason(tool, head + rest).startswith("damaged")


@pytest.mark.parametrize("data", [made.jpeg(), made.png(), made.fax(1)], ids=["jpeg", "png", "tiff"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_damaged_already_when_examined(
    tool: SandboxedImageTool, data: bytes, share: float
) -> None:
    with pytest.raises(RefusedFile, match="damaged"):
        tool.examine(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_pdf_truncated_before_its_page_is_damaged(tool: SandboxedImageTool, share: float) -> None:
    data = made.pdf(made.CATALOG, made.ONE_PAGE, made.stream(bytes(2000)), made.page())

    assert reason(tool, data[: int(len(data) * share)]).startswith("damaged")


def encrypted(**passwords: str) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf_of_pages(1))) as document:
        document.save(file, encryption=pikepdf.Encryption(R=6, **passwords))
    return file.getvalue()


def test_a_pdf_that_wants_a_password_is_refused(tool: SandboxedImageTool) -> None:
    assert reason(tool, encrypted(user="secret", owner="secret")) == "encrypted"


def test_a_pdf_that_anyone_can_open_is_no_secret(tool: SandboxedImageTool) -> None:
    assert tool.examine(encrypted(user="", owner="secret")).pages == 1


@pytest.mark.parametrize("make", [made.pdf_of_pages, lambda pages: made.fax(pages, (8, 8))], ids=["pdf", "tiff"])
def test_too_many_pages_are_refused(make: object) -> None:
    tool = SandboxedImageTool(max_pages=7)

    assert callable(make)
    assert tool.examine(make(7)).pages == 7
    assert reason(tool, make(8)).startswith("too_many_pages")


def test_a_pdf_that_lies_about_its_pages_ends_well(tool: SandboxedImageTool) -> None:
    many = made.pdf(made.CATALOG, b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000), made.page())

    assert reason(tool, many) == "too_many_pages 100000"


def test_declared_pixels_are_counted_before_anything_is_decoded(tool: SandboxedImageTool) -> None:
    assert reason(tool, made.png_of_one_colour(50_000, 50_000)) == "too_many_pixels 50000x50000"
    assert reason(tool, made.pdf_with_image(20_000, 20_000)) == "too_many_pixels 20000x20000"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_the_limit_of_pixels_is_exact(kind: str) -> None:
    tool = SandboxedImageTool(max_pixels=100 * 100)

    assert tool.examine(made.saved(made.drawn((100, 100)), kind)).pages == 1
    assert reason(tool, made.saved(made.drawn((101, 100)), kind)) == "too_many_pixels 101x100"


def test_a_large_frame_between_small_ones_is_found(tool: SandboxedImageTool) -> None:
    small = made.drawn((10, 10), "1")
    frames = [Image.new("1", (12_000, 12_000)), small]
    data = made.saved(small, "TIFF", compression="group4", save_all=True, append_images=frames)

    assert reason(tool, data) == "too_many_pixels 12000x12000"


@pytest.mark.parametrize(
    "data",
    [made.pdf_content_bomb(2 << 30), made.pdf_billion_laughs(12), made.pdf_with_image(9000, 9000)],
    ids=["content", "laughs", "image"],
)
def test_a_pdf_that_unfolds_costs_no_more_than_the_limits(data: bytes) -> None:
    tool = SandboxedImageTool(memory_bytes=192 << 20, cpu_seconds=5)

    assert reason(tool, data) in {"accepted", "too_costly time", "too_costly memory"}


def test_memory_has_a_limit() -> None:
    tool = SandboxedImageTool(memory_bytes=160 << 20)

    assert reason(tool, made.png_of_one_colour(9900, 9900)) == "too_costly memory"


def test_processor_time_has_a_limit() -> None:
    tool = SandboxedImageTool(cpu_seconds=1)

    assert reason(tool, SLOW) == "too_costly time"


def test_the_clock_has_a_limit() -> None:
    tool = SandboxedImageTool(wall_seconds=1)

    assert reason(tool, SLOW) == "too_costly time"


def test_the_clock_stands_still_while_the_caller_looks_at_a_page() -> None:
    tool = SandboxedImageTool(wall_seconds=2)
    pages = tool.render(made.fax(40))  # more than a pipe holds, so the child has to wait

    next(pages)
    time.sleep(2.5)

    assert len(list(pages)) == 39


@pytest.mark.parametrize(("pages", "turns"), [(1, 1), (100, 1), (101, 2), (500, 5)])
def test_a_long_file_gets_its_time_again_for_every_hundred_pages(pages: int, turns: int) -> None:
    assert Bounds(30, 60, 1 << 30, 500, 100_000_000).turns(pages) == turns


# --- the sandbox -----------------------------------------------------------------------------------


def test_the_child_can_reach_nothing(tool: SandboxedImageTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAODANG_SECRET", "canary")

    seen = tool.self_test()

    assert {name for name in TRIALS if seen[name] != "denied"} == set()
    assert seen["environment"] == ""
    assert seen["foreign_modules"] == ""
    assert seen["no_new_files"] == seen["no_new_privileges"] == seen["nobody"] == "True"


def test_the_walls_that_this_machine_can_build_stand(tool: SandboxedImageTool) -> None:
    possible = subprocess.run(["unshare", "-Urnm", "true"], capture_output=True).returncode == 0

    seen = tool.self_test()

    assert seen["own_namespaces"] == seen["empty_root"] == str(possible)


WITHOUT_NAMESPACES = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" -c "$1"'
SELF_TEST = """
from app.adapters.imagetool_sandbox import SandboxedImageTool
seen = SandboxedImageTool().self_test()
assert seen["own_namespaces"] == "False", seen
print(*[name for name, answer in seen.items() if answer == "denied"])
"""


def test_without_namespaces_the_other_walls_hold() -> None:
    if subprocess.run(["unshare", "-Ur", "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces of our own here")
    command = ["unshare", "-Ur", "sh", "-ec", WITHOUT_NAMESPACES, sys.executable, SELF_TEST]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    # Root that may not become nobody may still start processes; they inherit all other walls.
    assert set(done.stdout.split()) >= TRIALS - {"start_process", "signal_parent"}


def test_closing_early_ends_the_child(tool: SandboxedImageTool) -> None:
    before = children()
    pages = tool.render(made.fax(50))
    next(pages)
    assert len(children()) == len(before) + 1

    pages.close()  # type: ignore[attr-defined]

    assert children() == before


def test_an_iterator_that_nobody_started_costs_nothing(tool: SandboxedImageTool) -> None:
    before = children()

    tool.render(made.fax(50))

    assert children() == before


def test_a_killed_child_is_a_refused_file(tool: SandboxedImageTool) -> None:
    before = children()
    pages = tool.render(SLOW)
    next(pages)

    for child in children() - before:
        os.kill(int(child), signal.SIGKILL)

    with pytest.raises(RefusedFile):
        list(pages)


RENDER_AND_WAIT = """
import sys, time
from app.adapters.imagetool_sandbox import SandboxedImageTool
pages = SandboxedImageTool().render(sys.stdin.buffer.read())
next(pages)
print("drawn", flush=True)
time.sleep(600)
"""


def test_the_child_of_a_killed_parent_ends(tool: SandboxedImageTool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RENDER_AND_WAIT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(made.fax(200))
        parent.stdin.close()
        assert parent.stdout.readline() == b"drawn\n"
        orphans = children(parent.pid)
        parent.kill()

    deadline = time.monotonic() + 20
    while alive(orphans) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert orphans
    assert alive(orphans) == []


def alive(pids: set[str]) -> list[str]:
    def state(pid: str) -> str:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return "gone"

    return [pid for pid in pids if state(pid) not in {"gone", "Z", "X"}]


# --- mutated files ---------------------------------------------------------------------------------

SEED = 20261122
WHOLE_FILES = {
    "pdf": made.pdf_with_text("保险合同"),
    "jpeg": made.jpeg((200, 150), quality=60),
    "png": made.png((200, 150), "P"),
    "tiff": made.fax(3, (200, 150)),
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with a few bytes changed, moved, doubled or lost."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at, length = chance.randrange(len(out)), chance.choice([1, 1, 2, 4, 40])
        match chance.randrange(5):
            case 0:
                out[at : at + length] = chance.randbytes(length)
            case 1:
                out[at] ^= 1 << chance.randrange(8)
            case 2:
                out[at : at + length] = b""
            case 3:
                out[at:at] = out[chance.randrange(len(out)) :][:length]
            case _:
                out[at : at + length] = chance.choice([b"\xff", b"\0", b"\x7f\xff\xff\xff", b"9" * 9])
        if not out:
            return b"\0"
    return bytes(out)


@pytest.mark.parametrize("kind", WHOLE_FILES)
def test_a_mutated_file_is_drawn_or_refused_and_nothing_else(tool: SandboxedImageTool, kind: str) -> None:
    chance = random.Random(f"{SEED} {kind}")
    files = [mutated(WHOLE_FILES[kind], chance) for _ in range(60)]

    if kind == "png":
        files[::2] = map(made.with_mended_checksums, files[::2])

    def answer(data: bytes) -> str:
        try:
            if len(data) % 4 == 0:
                tool.examine(data)
            return "drawn" if all(page.image for page in tool.render(data)) else "blank"
        except RefusedFile as refused:
            return refused.reason

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(answer, files))

    assert len(answers) == 60
    assert set(answers) <= {
        "drawn",
        "damaged",
        "unknown_type",
        "too_many_pixels",
        "too_many_pages",
        "too_costly",
        "encrypted",
    }
    assert answers.count("drawn") >= 3, f"seed {SEED}: {answers}"
