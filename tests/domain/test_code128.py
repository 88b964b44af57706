"""The bars of our labels: known check characters, and a reader of its own that finds the text again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.code128 import _PATTERNS, QUIET, bar_widths, bars, code_values, whole_width
from app.domain.scan_codes import KINDS, label_code, read_scan

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


def read_bars(widths: list[int]) -> str:
    """Read bars like a scanner: characters of eleven modules, the check looked at, start and stop left out."""
    stop = widths[-7:]
    assert stop == [2, 3, 3, 1, 1, 1, 2]
    body = widths[:-7]
    values = [_PATTERNS.index("".join(map(str, body[at : at + 6]))) for at in range(0, len(body), 6)]
    start, *characters, check = values
    assert start == 104
    assert (104 + sum(place * value for place, value in enumerate(characters, 1))) % 103 == check
    return "".join(chr(value + 32) for value in characters)


@pytest.mark.parametrize(("text", "check"), [("Wikipedia", 88), ("PJJ123C", 55), ("A", 34), ("AB", 102)])
def test_the_check_character_is_that_of_known_examples(text: str, check: int) -> None:
    assert code_values(text)[-2] == check


def test_the_table_has_no_slip_of_the_pen() -> None:
    """Every character is eleven modules with an even number of black ones, and no two are alike: ISO/IEC 15417."""
    assert len(_PATTERNS) == 107
    assert len(set(_PATTERNS)) == 107
    for pattern in _PATTERNS[:-1]:
        assert sum(map(int, pattern)) == 11
        assert sum(map(int, pattern[::2])) % 2 == 0
    assert sum(map(int, _PATTERNS[-1])) == 13


@given(PRINTABLE)
def test_what_is_drawn_can_be_read(text: str) -> None:
    assert read_bars(list(bar_widths(text))) == text


@given(PRINTABLE)
def test_bars_lie_inside_the_quiet_zones_and_never_touch(text: str) -> None:
    found = bars(text)

    assert found[0][0] == QUIET
    assert found[-1][0] + found[-1][1] == whole_width(text) - QUIET
    assert all(left + width < following for (left, width), (following, _) in pairwise(found))


@given(st.sampled_from(sorted(KINDS.values())), st.integers(1, 2**62 - 1))
def test_every_label_of_ours_goes_through_the_bars(kind: str, thing_id: int) -> None:
    read = read_scan(read_bars(list(bar_widths(label_code(kind, thing_id)))))

    assert (read.kind, read.id) == (kind, thing_id)


@pytest.mark.parametrize("text", ["", "盒", "a\n", "é"])
def test_what_has_no_bars_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        bar_widths(text)
