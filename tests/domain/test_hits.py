"""Boxes of hits on a page: their share of the line, words split over lines."""

from __future__ import annotations

from app.domain.hits import Box, find_boxes
from app.domain.search import understand
from app.ports import TextLine


def line(text: str, left: int = 100, top: int = 100, right: int = 900, bottom: int = 120) -> TextLine:
    """A line of text at a place."""
    return TextLine(text, left, top, right, bottom, 0.99)


def boxes(question: str, *lines: TextLine) -> list[Box]:
    """What is found of a question."""
    return find_boxes(lines, understand(question))


def test_a_word_inside_a_line_has_its_share_of_the_line() -> None:
    assert boxes("投保", line("甲乙投保丙丁戊己")) == [Box(300, 100, 500, 120)]


def test_letters_and_digits_are_half_as_wide_as_chinese() -> None:
    # Eight digits are as wide as four characters.
    assert boxes("12345678", line("甲乙丙丁12345678")) == [Box(500, 100, 900, 120)]


def test_full_width_and_letter_case_make_no_difference() -> None:
    assert boxes("p2026-000123", line("Ｐ２０２６－０００１２３")) == [Box(100, 100, 900, 120)]


def test_every_hit_has_a_box_and_lines_without_one_have_none() -> None:
    found = boxes(
        "王芳", line("王芳与王芳一二三四五"), line("别人", top=140, bottom=160), line("王芳", top=180, bottom=200)
    )

    assert found == [Box(100, 100, 260, 120), Box(340, 100, 500, 120), Box(100, 180, 900, 200)]


def test_a_word_over_two_lines_has_a_box_on_each() -> None:
    found = boxes("被保险人", line("甲乙丙丁戊己被保"), line("险人甲乙丙丁戊己", top=130, bottom=150))

    assert found == [Box(700, 100, 900, 120), Box(100, 130, 300, 150)]


def test_a_number_over_two_lines_is_found() -> None:
    found = boxes("P2026-000123", line("保单号P2026-"), line("000123甲乙", top=130, bottom=150))

    assert [(box.top, box.bottom) for box in found] == [(100, 120), (130, 150)]


def test_a_word_that_goes_on_below_in_its_column_is_found_past_the_column_beside() -> None:
    cells = (
        line("深圳市福田", 100, 100, 400, 120),
        line("联系电话", 500, 100, 700, 120),
        line("街道一号", 100, 125, 340, 145),
    )

    assert boxes("福田街道", *cells) == [Box(280, 100, 400, 120), Box(100, 125, 220, 145)]


def test_parts_of_longer_numbers_are_no_hits() -> None:
    assert boxes("138", line("13800001111")) == []


def test_upright_writing_is_cut_from_top_to_bottom() -> None:
    assert boxes("保险", line("中国保险", 500, 100, 520, 500)) == [Box(500, 300, 520, 500)]


def test_nothing_asked_and_nothing_read_have_no_boxes() -> None:
    assert boxes("", line("王芳")) == []
    assert boxes("王芳") == []
