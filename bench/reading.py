"""Reading pages: seconds a page, and characters read wrongly, as the page came and after it was restored for the eye."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from rapidfuzz.distance import Levenshtein

from app.adapters.pagetool_opencv import OpenCvPageTool
from app.adapters.reader_rapidocr import RapidOcrReader
from app.domain.page_work import judge_reading
from app.ports import PageFailed, PageText, RestoredPage
from bench.pages import CONDITIONS, Known, as_jpeg, page
from bench.table import Figure, figure

PAGES = 6
GOALS = {"clean": 1.0, "yellowed, grain, 2° askew": 3.0}


def run() -> list[Figure]:
    """Return seconds and error rates of each condition."""
    reader, tool = RapidOcrReader(), OpenCvPageTool()
    list(reader.read([as_jpeg(page(0).image)] * 2))  # the models are loaded once, by the first pages
    figures: list[Figure] = []
    for name, wear in CONDITIONS.items():
        known = [page(serial) for serial in range(PAGES)]
        images = [as_jpeg(wear(one.image, Random(serial))) for serial, one in enumerate(known)]
        figures += _measured(name, reader, tool, known, images)
    reader.pool.close()
    tool.restorers.close()
    return figures


def _measured(
    name: str, reader: RapidOcrReader, tool: OpenCvPageTool, known: Sequence[Known], images: Sequence[bytes]
) -> list[Figure]:
    started, used = time.perf_counter(), _cpu_seconds(reader)
    raw = list(reader.read(images))
    seconds = (time.perf_counter() - started) / len(images)
    cpu = (_cpu_seconds(reader) - used) / len(images)
    restored = [one.image for one in tool.restore(images) if isinstance(one, RestoredPage)]
    shown = list(reader.read(restored))
    return [
        figure(f"{name}: reading a page, two cores", [seconds], "s"),
        figure(f"{name}: processor for a page", [cpu], "s", goal=4.5),
        # Beside no other program's: error rates can be compared on the same pages only.
        figure(f"{name}: characters read wrongly", [_wrong(raw, known)], "%", goal=GOALS.get(name)),
        figure(f"{name}: the same off the restored copy", [_wrong(shown, known)], "%"),
        figure(f"{name}: pages empty or unsure", [100 * sum(map(_is_doubtful, raw)) / len(raw)], "%"),
    ]


def _wrong(found: Sequence[PageText | PageFailed], known: Sequence[Known]) -> float:
    """Return how many of a hundred characters were read wrongly, over all pages."""
    errors = total = 0
    for read, page_known in zip(found, known, strict=True):
        words = "".join(read.text.split()) if isinstance(read, PageText) else ""
        errors += Levenshtein.distance(words, page_known.words)
        total += len(page_known.words)
    return 100 * errors / total


def _is_doubtful(read: PageText | PageFailed) -> bool:
    return isinstance(read, PageFailed) or judge_reading(read.text, read.score) is not None


def _cpu_seconds(reader: RapidOcrReader) -> float:
    """Return what the reader's children have used of the processor so far."""
    rows = (Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in reader.pool.processes())
    return sum(int(row[11]) + int(row[12]) for row in rows) / os.sysconf("SC_CLK_TCK")
