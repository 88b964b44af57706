"""Interleaved two of five: the barcode that insurers print over application and policy numbers."""

from __future__ import annotations

from collections.abc import Iterator

# Which of a digit's five elements are wide.
_WIDE = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")


def bars(digits: str, left: float, width: float, *, unit: float = 0) -> Iterator[tuple[float, float]]:
    """Yield left edge and width of each dark bar of an even number of digits, fitted to `width` unless `unit` is given."""
    widths = _elements(digits)
    unit = unit or width / sum(widths)
    for index, element in enumerate(widths):
        if index % 2 == 0:
            yield left, element * unit
        left += element * unit


def module_count(digits: str) -> int:
    """Return how many narrow elements the code is wide."""
    return sum(_elements(digits))


def _elements(digits: str) -> list[int]:
    """Return the widths of bars and gaps in turn: start, each pair of digits interleaved, stop."""
    widths = [1, 1, 1, 1]
    for first, second in zip(digits[::2], digits[1::2], strict=True):
        for bar, gap in zip(_WIDE[int(first)], _WIDE[int(second)], strict=True):
            widths += [3 if bar == "1" else 1, 3 if gap == "1" else 1]
    return [*widths, 3, 1, 1]
