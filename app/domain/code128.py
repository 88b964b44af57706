"""Code 128, set B: the bars on our labels, as widths that any pen can draw.

Each character is six bars and spaces of together eleven modules, bar first; the stop has seven. The check character is
the sum of values times places, modulo 103. Source: ISO/IEC 15417.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

QUIET = 10  # modules without ink on either side
_START_B, _STOP = 104, 106
_PATTERNS = re.findall(
    r"\d+",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
    """,
)


def code_values(text: str) -> Sequence[int]:
    """Return start, characters, check and stop as values; raises `ValueError` for what is not printable ASCII."""
    if not text or not all(" " <= character <= "~" for character in text):
        raise ValueError("not printable ASCII")
    values = [ord(character) - 32 for character in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, start=1))) % 103
    return [_START_B, *values, check, _STOP]


def bar_widths(text: str) -> Sequence[int]:
    """Return the widths in modules, bar and space by turns, beginning and ending with a bar."""
    return [int(width) for value in code_values(text) for width in _PATTERNS[value]]


def bars(text: str) -> Sequence[tuple[int, int]]:
    """Return each bar as its distance from the left edge of the quiet zone and its width, in modules."""
    at, found = QUIET, []
    for index, width in enumerate(bar_widths(text)):
        if index % 2 == 0:
            found.append((at, width))
        at += width
    return found


def whole_width(text: str) -> int:
    """Return how many modules the code takes with its quiet zones."""
    return sum(bar_widths(text)) + 2 * QUIET
