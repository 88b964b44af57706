"""When a PDF's own text stands for its page."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.page_work import WorkNote, judge_reading, note_of_failure
from app.domain.text_layers import is_good_layer

CHINESE = "投保人王芳于二〇二六年五月一日向本公司申请投保终身寿险，保险金额人民币伍拾万元整，缴费期间二十年。" * 3
ENGLISH = (
    "The policyholder applied for whole life insurance on the first of May, with a sum insured of 500,000 yuan. " * 2
)
RNG = Random(5)
RARE = "".join(chr(RNG.randrange(0x4E00, 0x9FA5)) for _ in range(200))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CHINESE, id="chinese"),
        pytest.param(ENGLISH, id="english"),
        pytest.param("保单号 P2026000123456 缴费 12,000.00 元 2026-05-01\n" * 4, id="numbers"),
    ],
)
def test_a_true_text_stands_for_its_page(text: str) -> None:
    assert is_good_layer(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="none"),
        pytest.param("本件仅供内部使用 2026-11-22 第1页", id="a footer over a scan"),
        pytest.param(CHINESE.replace("保", "\ufffd"), id="replacement characters"),
        pytest.param("".join(chr(0xE000 + n % 900) for n in range(300)), id="private use"),
        pytest.param(RARE, id="characters at random"),
        pytest.param("i~ l| t .; 1 r- ,_ j ; f I ^ n v " * 20, id="Latin letters made of Chinese"),
    ],
)
def test_a_layer_that_lost_its_meaning_does_not(text: str) -> None:
    assert not is_good_layer(text)


def test_what_was_hardly_read_is_for_a_person() -> None:
    assert judge_reading("", 0.0) is WorkNote.NO_TEXT
    assert judge_reading("投保单", 0.4) is WorkNote.UNSURE
    assert judge_reading("投保单", 0.97) is None


def test_an_unknown_failure_counts_as_damage() -> None:
    assert note_of_failure("died") is WorkNote.DIED
    assert note_of_failure("whatever") is WorkNote.DAMAGED
