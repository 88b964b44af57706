"""Where on a page the words stand that somebody looks for: boxes to be drawn over its image.

A box is as wide as its characters' share of the line, Chinese ones counting twice. What is split over two lines is found
as well: Chinese in reading order, and everything between a line and the next, or the one below it in its column.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.folding import fold
from app.domain.page_places import led_over
from app.domain.search import Question, highlight_spans

_TALL = 2  # so many times as high as wide: written from top to bottom
_NEAR = 1.6  # of a line's height: the line below it in its column begins within


class PlacedLine(Protocol):
    """A line of text with its place in thousandths of the page."""

    @property
    def text(self) -> str: ...
    @property
    def left(self) -> int: ...
    @property
    def top(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def bottom(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in thousandths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int


def find_boxes(lines: Sequence[PlacedLine], question: Question) -> list[Box]:
    """Return where the parts of `question` stand, line by line; what is split over two lines has a box on each."""
    if not _can_be_here(lines, question):
        return []
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for at, start, end in [*_in_reading_order(lines, question), *_over_two_lines(lines, question)]:
        found[at].add((start, end))
    return [_box(lines[at], start, end) for at in sorted(found) for start, end in _whole(found[at])]


def moved_boxes(boxes: Sequence[Box], way: Sequence[float]) -> list[Box]:
    """Return boxes on another image of the page, to which `way` leads (3×3, row by row); what is cut off there goes."""
    led = (led_over((box.left, box.top, box.right, box.bottom), way) for box in boxes)
    return [Box(*place) for place in led if place is not None]


def _can_be_here(lines: Sequence[PlacedLine], question: Question) -> bool:
    """Say whether all characters of some part occur: most pages of a long document are done with this."""
    there = set(fold("".join(line.text for line in lines)))
    return any(set(part.text) - {"-"} <= there for part in question.parts)


def _in_reading_order(lines: Sequence[PlacedLine], question: Question) -> Iterator[tuple[int, int, int]]:
    """Yield hits in the page read as one text; a line break means nothing between Chinese characters."""
    yield from _placed([*range(len(lines))], lines, "\n", highlight_spans(question, _joined(lines, "\n")))


def _over_two_lines(lines: Sequence[PlacedLine], question: Question) -> Iterator[tuple[int, int, int]]:
    for first, second in sorted(set(_neighbours(lines))):
        break_at = len(lines[first].text)
        spans = highlight_spans(question, lines[first].text + lines[second].text)
        over = [span for span in spans if span[0] < break_at < span[1]]
        yield from _placed([first, second], lines, "", over)


def _neighbours(lines: Sequence[PlacedLine]) -> Iterator[tuple[int, int]]:
    for at, line in enumerate(lines[:-1]):
        yield at, at + 1
        below = [other for other in range(at + 1, len(lines)) if _is_below(line, lines[other])]
        if below:
            yield at, min(below, key=lambda other: lines[other].top)


def _is_below(line: PlacedLine, other: PlacedLine) -> bool:
    height = line.bottom - line.top
    overlap = min(line.right, other.right) - max(line.left, other.left)
    is_next = line.top + height / 2 < other.top < line.bottom + _NEAR * height
    return is_next and 2 * overlap > min(line.right - line.left, other.right - other.left)


def _joined(lines: Sequence[PlacedLine], between: str) -> str:
    return between.join(line.text for line in lines)


def _placed(
    order: Sequence[int], lines: Sequence[PlacedLine], between: str, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield each span of the joined text as (line, start, end), a piece for each line that it touches."""
    begins = 0
    for at in order:
        length = len(lines[at].text)
        for start, end in spans:
            first, last = max(start - begins, 0), min(end - begins, length)
            if first < last:
                yield at, first, last
        begins += length + len(between)


def _whole(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order without those that lie within others."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def _box(line: PlacedLine, start: int, end: int) -> Box:
    widths = [_width(character) for character in line.text]
    total = sum(widths)
    first, last = sum(widths[:start]) / total, sum(widths[:end]) / total
    width, height = line.right - line.left, line.bottom - line.top
    if len(line.text) > 1 and height > _TALL * width:
        return Box(line.left, line.top + round(first * height), line.right, line.top + round(last * height))
    return Box(line.left + round(first * width), line.top, line.left + round(last * width), line.bottom)


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
