"""Codes on paper: how they are made, written and read back."""

from __future__ import annotations

import pytest

from app.domain.one_time_codes import ALPHABET, in_groups, new_code, read_code


def test_a_code_has_a_hundred_random_bits() -> None:
    codes = {new_code() for _ in range(100)}

    assert len(codes) == 100
    assert all(len(code) == 20 and set(code) <= set(ALPHABET) for code in codes)
    assert len(ALPHABET) == 32


def test_a_code_is_written_in_groups_of_four() -> None:
    assert in_groups("K7QP3M9XK7QP3M9XK7QP") == "K7QP-3M9X-K7QP-3M9X-K7QP"
    assert in_groups("ABCDEFGH", " ") == "ABCD EFGH"


@pytest.mark.parametrize(
    "typed",
    [
        "K7QP-3M9X-00QP-1M9X-K1QP",
        "k7qp3m9x00qp1m9xk1qp",
        " K7QP 3M9X ooqp lm9x kiqp ",
        "Ｋ７ＱＰ－３Ｍ９Ｘ－００ＱＰ－１Ｍ９Ｘ－Ｋ１ＱＰ",
        "K7QP—3M9X—00QP—1M9X—K1QP。",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "K7QP3M9X00QP1M9XK1QP"


@pytest.mark.parametrize("typed", ["", "K7QP", "K7QP-3M9X-00QP-1M9X-K1QPX", "U" * 20, "密" * 20, "٣" * 20])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""
