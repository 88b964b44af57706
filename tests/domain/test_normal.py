"""One spelling for what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.normal import (
    clean_email,
    clean_name,
    clean_note,
    clean_number,
    clean_phone,
    clean_text,
    compact_number,
    fold_width,
)
from tests.domain.examples import few


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  平安福　终身寿险 ", "平安福 终身寿险"),
        ("ＡＢＣ１２３", "ABC123"),
        ("（一）条款，说明；", "（一）条款，说明；"),
        ("a\t\n b", "a b"),
        ("零\u200b宽\ufeff\u202e", "零宽"),
        ("", ""),
        ("\x00\x1f", ""),
    ],
)
def test_text_keeps_chinese_punctuation_and_loses_stray_blanks(typed: str, cleaned: str) -> None:
    assert clean_text(typed) == cleaned


def test_text_keeps_rare_characters_of_names_that_nfkc_would_change() -> None:
    assert clean_text("\uf9dc①㎡") == "\uf9dc①㎡"


def test_a_note_keeps_its_lines() -> None:
    assert clean_note("\n 第一行　\n\n第二行  完\n") == "第一行\n\n第二行 完"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("张　三", "张三"),
        (" 张 三 丰 ", "张三丰"),
        ("John   Smith", "John Smith"),
        ("阿凡提•买买提", "阿凡提·买买提"),
        ("阿凡提 ・ 买买提", "阿凡提·买买提"),
        ("张 San", "张 San"),
    ],
)
def test_a_name_has_one_spelling(typed: str, cleaned: str) -> None:
    assert clean_name(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (" 1101０5 19491231 002x ", "11010519491231002X"),
        ("pdaa—2025－001", "PDAA-2025-001"),
        ("６２１７ ００００", "62170000"),
    ],
)
def test_a_number_is_half_width_upper_case_and_without_blanks(typed: str, cleaned: str) -> None:
    assert clean_number(typed) == cleaned


def test_a_compact_number_has_no_dashes_either() -> None:
    assert compact_number("6217-0000 0000—0004") == "6217000000000004"


def test_width_is_folded_for_punctuation_of_numbers_too() -> None:
    assert fold_width("（０１０）－￥") == "(010)-￥"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "138-0013-8000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("＋８６１３８００１３８０００", "13800138000"),
        ("(010) 6512 3456", "01065123456"),
        ("+86 10 6512 3456", "01065123456"),
        ("+86 21-65123456", "021-65123456"),
        ("+86 951 1234567", "09511234567"),
        ("+86 95511", "95511"),
        ("+86 400 123 4567", "4001234567"),
        ("010-65123456转8001", "010-65123456-8001"),
        ("010-65123456 ext. 8001", "010-65123456-8001"),
        ("010-65123456-转-8001", "010-65123456-8001"),
        ("86512345", "86512345"),
        ("", ""),
    ],
)
def test_a_telephone_number_loses_the_country_code_and_ornaments(typed: str, cleaned: str) -> None:
    assert clean_phone(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [(" Zhang.San@163.COM ", "Zhang.San@163.com"), ("ａ＠ｂ．ｃｎ", "a@b.cn"), ("no-at", "no-at"), ("", "")],
)
def test_an_address_of_mail_keeps_the_case_of_its_local_part(typed: str, cleaned: str) -> None:
    assert clean_email(typed) == cleaned


@given(st.text(max_size=30))
@few
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_text, clean_note, clean_name, fold_width):
        assert clean(clean(text)) == clean(text)
