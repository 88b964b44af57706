"""HEIC, OFD and ZIP: taken for what they are, and of no harm whatever is in them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.adapters.imagetool_sandbox import SandboxedImageTool
from app.adapters.sandbox import frames
from app.ports import Examined, PackedFile, RefusedFile
from tests.adapters import made_files as made
from tests.adapters import made_packages as packages
from tests.adapters.test_imagetool import mutated

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ofd"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
SEED = 20261123


@pytest.fixture(scope="module")
def tool() -> SandboxedImageTool:
    return SandboxedImageTool()


def unpacked(tool: SandboxedImageTool, data: bytes) -> list[PackedFile]:
    return list(tool.unpack(data))


def refusal(act: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(RefusedFile) as refused:
        act(data)
    return str(refused.value)


# --- HEIC ------------------------------------------------------------------------------------------


def test_a_picture_of_a_telephone_is_drawn(tool: SandboxedImageTool) -> None:
    assert tool.examine(packages.HEIC) == Examined("image/heic", 1)

    [page] = tool.render(packages.HEIC)

    picture = Image.open(io.BytesIO(page.image)).convert("RGB")
    assert picture.size == (64, 48)
    red, green, _ = picture.getpixel((10, 8))  # type: ignore[misc]
    assert red > 150 > 60 > green


def test_other_pictures_in_the_same_wrapping_are_not_taken(tool: SandboxedImageTool) -> None:
    head = b"\0\0\0\x18ftypavif\0\0\0\0avifmif1"

    assert refusal(tool.examine, head + bytes(100)) == "unknown_type avif"
    assert refusal(tool.examine, head.replace(b"avif", b"isom") + bytes(100)) == "unknown_type video"


def test_a_heic_of_too_many_pixels_is_refused() -> None:
    assert refusal(SandboxedImageTool(max_pixels=64 * 47).examine, packages.HEIC) == "too_many_pixels 64x48"


# --- OFD -------------------------------------------------------------------------------------------


def test_an_ofd_is_read_page_by_page(tool: SandboxedImageTool) -> None:
    data = packages.ofd(["保单号 P2026-000123", "第二页"])

    pages = list(tool.render(data))

    assert tool.examine(data) == Examined("application/ofd", 2)
    assert [page.text.strip() for page in pages] == ["保单号 P2026-000123", "第二页"]
    drawn = Image.open(io.BytesIO(pages[0].image)).convert("L")
    assert ImageChops.invert(drawn).getbbox() is not None  # the note that the layout is not drawn, and the text


def test_an_ofd_with_more_text_than_fits_is_read_whole(tool: SandboxedImageTool) -> None:
    [page] = tool.render(packages.ofd(["险" * 20_000]))

    assert page.text.count("险") == 20_000


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.ofd")), ids=lambda path: path.stem)
def test_a_real_ofd_is_read(tool: SandboxedImageTool, sample: Path) -> None:
    pages = list(tool.render(sample.read_bytes()))

    assert pages
    assert all(page.text.strip() for page in pages)


def test_entities_in_an_ofd_are_refused(tool: SandboxedImageTool) -> None:
    assert refusal(tool.examine, packages.ofd(["&b;"], before=LAUGHS)) == "too_costly size"


def test_an_ofd_without_pages_is_damaged(tool: SandboxedImageTool) -> None:
    assert refusal(tool.examine, packages.ofd([])) == "damaged"


def test_a_zip_is_no_document(tool: SandboxedImageTool) -> None:
    assert refusal(tool.examine, packages.zipped({"a.jpg": made.jpeg()})) == "unknown_type zip"
    assert refusal(tool.examine, b"PK\x03\x04 and no more") == "unknown_type zip"


# --- ZIP -------------------------------------------------------------------------------------------


def test_files_come_in_the_order_of_their_names_without_folders(tool: SandboxedImageTool) -> None:
    names = ("b/10.jpg", "b/2.jpg", "a.pdf", "b/")

    found = unpacked(tool, packages.zipped(dict.fromkeys(names, b"x")))

    assert [file.name for file in found] == ["a.pdf", "2.jpg", "10.jpg"]


def test_notes_of_the_system_are_left_out(tool: SandboxedImageTool) -> None:
    names = ("__MACOSX/a.jpg", ".DS_Store", "x/.hidden", "Thumbs.db", "../保单.pdf")

    assert [file.name for file in unpacked(tool, packages.zipped(dict.fromkeys(names, b"x")))] == ["保单.pdf"]


def test_names_as_windows_writes_them_are_read(tool: SandboxedImageTool) -> None:
    assert unpacked(tool, packages.zipped_as_in_china("投保单.jpg", b"x")) == [PackedFile("投保单.jpg", b"x")]


def test_a_zip_inside_of_a_zip_stays_closed(tool: SandboxedImageTool) -> None:
    inner = packages.zipped({"a.jpg": b"x"})

    assert unpacked(tool, packages.zipped({"inner.zip": inner})) == [PackedFile("inner.zip", inner)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packages.zipped(dict.fromkeys(map(str, range(501)), b"")), "too_many_files 501"),
        (packages.zipped({"a": bytes(60 << 20)}), "too_costly size"),
        (packages.locked(packages.zipped({"a": b"secret"})), "encrypted"),
        (packages.zipped({"a": b"x" * 500})[:80], "damaged"),
        (b"no zip", "damaged"),
        (b"", "empty"),
    ],
    ids=["many", "bomb", "locked", "cut", "none", "empty"],
)
def test_a_zip_that_cannot_be_opened_says_why(tool: SandboxedImageTool, data: bytes, reason: str) -> None:
    assert refusal(lambda zipped: unpacked(tool, zipped), data) == reason


def test_a_damaged_file_in_a_zip_is_found_by_its_checksum(tool: SandboxedImageTool) -> None:
    data = packages.zipped({"a": b"original"}, compressed=False).replace(b"original", b"0riginal", 1)

    assert refusal(lambda zipped: unpacked(tool, zipped), data) == "damaged"


@pytest.mark.parametrize("body", [b"", b"\0\0\0\0x", frames.pack_file("a/b", b"x"), frames.pack_file("a\nb", b"x")])
def test_the_parent_believes_no_name_that_leads_somewhere(body: bytes) -> None:
    with pytest.raises(frames.BrokenFrame):
        frames.unpack_file(body)


# --- mutated files ---------------------------------------------------------------------------------

WHOLE_FILES = {
    "heic": packages.HEIC,
    "ofd": packages.ofd(["保单", "批单"]),
    "zip": packages.zipped({"a.jpg": made.jpeg((40, 30)), "b.txt": b"text " * 40}),
}
KNOWN = {"damaged", "unknown_type", "too_many_pixels", "too_many_pages", "too_costly", "too_many_files", "encrypted"}


@pytest.mark.parametrize("kind", WHOLE_FILES)
def test_a_mutated_package_is_taken_or_refused_and_nothing_else(tool: SandboxedImageTool, kind: str) -> None:
    chance = random.Random(f"{SEED} {kind}")
    files = [mutated(WHOLE_FILES[kind], chance) for _ in range(24)]

    def answer(data: bytes) -> str:
        try:
            found = list(tool.unpack(data)) if kind == "zip" else list(tool.render(data))
        except RefusedFile as refused:
            return refused.reason
        return "taken" if found else "nothing in it"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(answer, files))

    assert set(answers) <= KNOWN | {"taken", "nothing in it"}, f"seed {SEED}"


@pytest.mark.parametrize(
    "line", [frames.Line("x", 5, 5, 5, 9), frames.Line("x", 0, 0, 1001, 9), frames.Line("", 0, 0, 9, 9)]
)
def test_a_line_that_stands_nowhere_breaks_the_frame(line: frames.Line) -> None:
    good = frames.Page(1, 9, 9, b"\xff\xd8\xff", b"\xff\xd8\xff", "x", False, (frames.Line("保", 0, 0, 9, 9),))

    assert frames.unpack_page(frames.pack_page(good)) == good
    for body in (frames.pack_page(good._replace(lines=(line,))), frames.pack_page(good)[:-1]):
        with pytest.raises(frames.BrokenFrame):
            frames.unpack_page(body)
