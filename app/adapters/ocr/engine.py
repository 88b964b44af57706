"""The reader itself: PP-OCRv6 by rapidocr, one thread, the raw image; a second look through a light blur where it was unsure.

Measured: the neural reader wants the raw image; flattening, denoising and thresholds make it worse. Only grain on faded pages
reads better through a Gaussian of 1.5, so that is tried when the first look was unsure, and the better of the two is kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from rapidocr import RapidOCR

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1280  # of the copy in which lines are looked for; they are read in full size
SURE = 0.90
BLUR = 1.5
_SAME_ROW = 0.5  # of a line's height
Line = tuple[str, int, int, int, int, float]


class Unreadable(Exception):
    """The image cannot be read; the reasons are those of `app.ports.PageFailed`."""


class Look(NamedTuple):
    """What one look at a page found."""

    lines: list[Line]

    @property
    def score(self) -> float:
        """How sure, weighted by characters."""
        count = sum(len(line[0]) for line in self.lines)
        return sum(line[5] * len(line[0]) for line in self.lines) / count if count else 0.0

    @property
    def worth(self) -> float:
        """How much was read surely: characters by their scores, the doubtful counting little."""
        return sum(len(line[0]) * line[5] ** 4 for line in self.lines)


class Engine:
    """One reader with its models loaded."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        threads = {
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        self._ocr = RapidOCR(
            params={
                **threads,
                "Global.log_level": "critical",
                "Global.use_cls": False,  # pages come upright
                "Global.text_score": 0.0,  # what is doubtful is told as doubtful, not left out
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "Rec.rec_batch_num": 1,  # a line at a time: no padding to the longest, a tenth less to do
            }
        )

    def warm_up(self) -> None:
        """Read something once, so that nothing has to be loaded any more."""
        image = np.full((200, 600, 3), 255, np.uint8)
        cv2.putText(image, "P2026-000123", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
        self._look(image)
        self._look(cv2.GaussianBlur(image, (0, 0), BLUR))

    def read(self, data: bytes) -> list[Line]:
        """Return the lines of a page in reading order; raises `Unreadable`."""
        image = _decoded(data)
        first = self._look(image)
        if first.lines and first.score >= SURE:
            return first.lines
        second = self._look(cv2.GaussianBlur(image, (0, 0), BLUR))
        return max(first, second, key=lambda look: look.worth).lines

    def _look(self, image: Any) -> Look:
        found: Any = self._ocr(image)
        if found.boxes is None or found.txts is None:
            return Look([])
        height, width = image.shape[:2]
        lines = [
            _line(text, float(score), box, width, height)
            for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
            if text.strip()
        ]
        return Look(_in_order(lines))


def _decoded(data: bytes) -> Any:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise Unreadable("damaged") from error
    if image is None:
        raise Unreadable("damaged")
    if image.shape[0] * image.shape[1] > MOST_PIXELS:
        raise Unreadable("too_large")
    return image


def _line(text: str, score: float, box: Any, width: int, height: int) -> Line:
    """Return a line with its place in thousandths of the page."""
    xs, ys = [point[0] / width for point in box], [point[1] / height for point in box]
    left, top, right, bottom = (
        max(0, min(1000, round(value * 1000))) for value in (min(xs), min(ys), max(xs), max(ys))
    )
    return text, left, top, right, bottom, round(score, 3)


def _in_order(lines: list[Line]) -> list[Line]:
    """Return lines row by row from the top, in a row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line[2] + line[4]):
        middle = (line[2] + line[4]) / 2
        if rows and abs(_middle(rows[-1]) - middle) < _SAME_ROW * max(line[4] - line[2], 1):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line[1])]


def _middle(row: list[Line]) -> float:
    return sum(line[2] + line[4] for line in row) / (2 * len(row))
