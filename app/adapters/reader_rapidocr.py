"""`TextReader` by rapidocr with the models of its package, offline, in warm children that can reach nothing.

A child reads one page at a time on one core. A child that dies, hangs or has read many pages is replaced; the page that it died
over is tried once more by a new one, then given up alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from app.adapters.warm.child import Pool, Terms, cores
from app.ports import PageFailed, PageText, TextLine

READER = "rapidocr 3.10 PP-OCRv6-small"
_MEMORY = 4 << 30


class RapidOcrReader:
    """Reads pages in children that are started with the first page and end by themselves when nobody asks."""

    def __init__(self, *, children: int = 0, page_seconds: float = 90.0, idle_seconds: int = 300) -> None:
        """Set the limits; `children` 0 takes as many as cores, at most two."""
        terms = Terms("ocr.entry", ("rapidocr",), _MEMORY, patience=page_seconds, idle_seconds=idle_seconds)
        self.pool = Pool(terms, children or cores())

    def read(self, images: Iterable[bytes]) -> Iterator[PageText | PageFailed]:
        """Yield for each image, in order, what stands on it, or why it could not be read; several at once inside."""
        return self.pool.ask_all(images, _page_text)


def _page_text(answer: bytes) -> PageText:
    """Return what a child told; raises `PageFailed`."""
    try:
        told = json.loads(answer)
        if "failed" in told:
            raise PageFailed(str(told["failed"]))
        return PageText(tuple(TextLine(*line) for line in told["lines"]), READER)
    except (ValueError, KeyError, TypeError) as error:
        raise PageFailed("died") from error
