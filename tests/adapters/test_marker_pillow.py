"""`PillowMarker`: the mark is in the pixels, on light and dark ground alike, and nothing is let through without it."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageChops, ImageStat

from app.adapters import marker_pillow
from app.adapters.marker_pillow import PillowMarker
from app.ports import MarkFailed, PageMark
from tests.adapters.made_files import png

MARK = PageMark(
    ("王小明（003217）", "2026-11-22 14:03　JY2026-000123"), "王小明（003217）　2026-11-22 14:03　JY2026-000123"
)
PAGE = (1240, 1754)


def page(ground: str | int = "white", size: tuple[int, int] = PAGE, mode: str = "RGB") -> bytes:
    """A page of one colour, as it lies in the store."""
    file = io.BytesIO()
    Image.new(mode, size, ground).save(file, "JPEG", quality=80)
    return file.getvalue()


def difference(before: bytes, after: bytes) -> Image.Image:
    """Where two images differ clearly, in white."""
    pair = [Image.open(io.BytesIO(data)).convert("L") for data in (before, after)]
    return ImageChops.difference(*pair).point(lambda value: 255 * (value > 24))


@pytest.mark.parametrize("ground", ["white", "black", "#808080", "#b02020"])
def test_the_mark_shows_all_over_a_page_of_any_ground(ground: str) -> None:
    before = page(ground)

    marked = difference(before, PillowMarker().burn(before, MARK))

    for left in range(0, 1240, 310):
        for top in range(0, 1754, 439):
            assert marked.crop((left, top, left + 310, top + 439)).getbbox(), (left, top)


def test_what_lies_under_the_mark_stays_legible() -> None:
    marked = Image.open(io.BytesIO(PillowMarker().burn(page("white"), MARK))).convert("L")

    without_foot = marked.crop((0, 0, 1240, 1690))

    assert ImageStat.Stat(without_foot).extrema[0][0] > 150
    assert ImageStat.Stat(without_foot).mean[0] > 230


def test_another_reader_and_another_minute_leave_another_mark() -> None:
    marker, before = PillowMarker(), page()
    others = (
        PageMark(("李雷（003218）", MARK.lines[1]), MARK.foot),
        PageMark((MARK.lines[0], "2026-11-22 14:04　JY2026-000123"), MARK.foot),
        PageMark(MARK.lines, "另一行"),
    )

    first = marker.burn(before, MARK)

    assert marker.burn(before, MARK) == first
    assert all(difference(first, marker.burn(before, other)).getbbox() for other in others)


@pytest.mark.parametrize(
    ("size", "mode"), [((1, 1), "RGB"), ((170, 240), "L"), ((2480, 300), "L"), ((90, 3000), "RGB")]
)
def test_a_page_of_any_shape_keeps_its_size_and_colours(size: tuple[int, int], mode: str) -> None:
    image = Image.open(io.BytesIO(PillowMarker().burn(page(200 if mode == "L" else "white", size, mode), MARK)))

    assert (image.format, image.size, image.mode) == ("JPEG", size, mode)


def test_a_foot_longer_than_the_page_is_set_smaller() -> None:
    before = page(size=(600, 800))
    long = PageMark(("",), "很长的脚注" * 14)

    marked = difference(before, PillowMarker().burn(before, long))

    left, _, right, _ = marked.crop((0, 770, 600, 800)).getbbox() or (0, 0, 0, 0)
    assert 0 < left < right < 600


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", page()[:500], png(), b"GIF89a"])
def test_what_is_no_whole_jpeg_is_not_let_through(data: bytes) -> None:
    with pytest.raises(MarkFailed) as failed:
        PillowMarker().burn(data, MARK)

    assert failed.value.reason == "damaged"


def test_what_is_too_large_is_not_even_decoded() -> None:
    with pytest.raises(MarkFailed, match="too_large"):
        PillowMarker(max_pixels=1_000_000).burn(page(), MARK)
    with pytest.raises(MarkFailed, match="too_large"):
        PillowMarker(max_bytes=1_000).burn(page(), MARK)


def test_without_a_chinese_font_no_page_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marker_pillow, "FONTS", (("/nowhere/font.ttc", 0),))
    for kept in (marker_pillow._face, marker_pillow._tilted, marker_pillow._line):
        kept.cache_clear()

    with pytest.raises(MarkFailed, match="no_font"):
        PillowMarker().burn(page(), MARK)


def test_threads_share_a_marker() -> None:
    marker, before = PillowMarker(), page(size=(400, 600))
    expected = marker.burn(before, MARK)

    with ThreadPoolExecutor(8) as pool:
        burnt = list(pool.map(lambda _n: marker.burn(before, MARK), range(24)))

    assert set(burnt) == {expected}
