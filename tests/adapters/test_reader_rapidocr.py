"""Reading pages: the models are loaded once for all of these tests."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.adapters.reader_rapidocr import RapidOcrReader
from app.ports import PageFailed, PageText
from tests.adapters.drawn_pages import LINES, PAPER, as_jpeg, printed


@pytest.fixture(scope="module")
def reader() -> Iterator[RapidOcrReader]:
    """One reader with one child."""
    made = RapidOcrReader(children=1)
    yield made
    made.pool.close()


def test_lines_are_read_with_their_places_and_pages_stay_in_order(reader: RapidOcrReader) -> None:
    first, blank, damaged, last = reader.read(
        [as_jpeg(printed()), as_jpeg(Image.new("RGB", (900, 420), PAPER)), b"no picture", as_jpeg(printed(LINES[:1]))]
    )

    assert isinstance(first, PageText)
    assert [line.text for line in first.lines] == list(LINES)
    assert first.score > 0.95
    top = first.lines[0]
    # It was written at 60, 30 in 30 points on 900 × 420.
    assert abs(top.left - 67) < 12 and abs(top.top - 90) < 40 and abs(top.right - 300) < 15
    assert isinstance(blank, PageText) and blank.lines == () and blank.score == 0.0
    assert isinstance(damaged, PageFailed) and damaged.reason == "damaged"
    assert isinstance(last, PageText) and last.text == LINES[0]


def test_a_page_outlives_the_child_that_was_to_read_it(reader: RapidOcrReader) -> None:
    list(reader.read([as_jpeg(printed(LINES[:1]))]))
    [before] = reader.pool.processes()
    os.kill(before, signal.SIGKILL)

    [found] = reader.read([as_jpeg(printed(LINES[:1]))])

    assert isinstance(found, PageText) and found.text == LINES[0]
    assert reader.pool.processes() != [before]


def test_a_child_can_reach_nothing_and_goes_with_its_parent(reader: RapidOcrReader) -> None:
    list(reader.read([as_jpeg(printed(LINES[:1]))]))
    [child] = reader.pool.processes()
    limits = Path(f"/proc/{child}/limits").read_text()

    assert any(line.split()[3:5] == ["0", "0"] for line in limits.splitlines() if line.startswith("Max open files"))

    reader.pool.close()
    until = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
