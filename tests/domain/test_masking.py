"""Masked forms: what stays hidden matters more than what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity_numbers import IdKind
from app.domain.masking import (
    COMPOUND_SURNAMES,
    HIDDEN_HEALTH,
    IdMask,
    income_band,
    mask_address,
    mask_bank_card,
    mask_email,
    mask_health,
    mask_id_number,
    mask_identity,
    mask_income,
    mask_landline,
    mask_mobile,
    mask_name,
    mask_phone,
)
from tests.domain.examples import few, resident_ids

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NO_PLACE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5, exclude_characters="区县旗市州盟")
TEXT_MASKS = [
    mask_name,
    mask_id_number,
    lambda text: mask_id_number(text, IdMask.EXPORT),
    mask_mobile,
    mask_landline,
    mask_phone,
    mask_bank_card,
    lambda text: mask_bank_card(text, with_bank=True),
    mask_email,
    mask_address,
    mask_health,
]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("司马相如", "司马**"),
        ("张　三", "张*"),
        ("阿凡提·买买提", "阿******"),
        ("John Smith", "J*********"),
        ("张", "*"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_shows_its_surname(name: str | None, masked: str) -> None:
    assert mask_name(name) == masked


def test_the_name_of_an_organisation_is_not_personal() -> None:
    assert mask_name("福州城东机械有限公司", is_organisation=True) == "福州城东机械有限公司"
    assert mask_name(None, is_organisation=True) == ""


@given(st.text(HAN, min_size=2, max_size=6))
@few
def test_a_name_shows_one_character_or_a_compound_surname(name: str) -> None:
    masked = mask_name(name)

    shown = masked.rstrip("*")
    assert name.startswith(shown)
    assert len(masked) == len(name)
    assert len(shown) == 1 or shown in COMPOUND_SURNAMES
    assert len(shown) < len(name)


@pytest.mark.parametrize(
    ("number", "in_list", "in_export"),
    [
        ("110101199003070011", "110101********0011", "1****************1"),
        ("11010519491231002x", "110105********002X", "1****************X"),
        ("110105491231002", "110105******002", "1*************2"),
        ("E12345678", "E******78", "E*******8"),
        ("军字第0123456号", "军********6号", "军*********号"),
        ("1234567", "1****67", "1*****7"),
        ("123456", "******", "1****6"),
        ("12345", "*****", "*****"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_an_identity_number_shows_less_on_paper_than_in_lists(number: str | None, in_list: str, in_export: str) -> None:
    assert mask_id_number(number) == in_list
    assert mask_id_number(number, IdMask.EXPORT) == in_export


@given(resident_ids())
@few
def test_birth_date_and_sex_of_a_resident_number_stay_hidden(number: str) -> None:
    masked = mask_id_number(number)

    assert masked == number[:6] + "*" * 8 + number[14:]
    assert masked[6:14] == "********"


@given(st.text("0123456789", min_size=15, max_size=15))
@few
def test_the_whole_birthday_of_an_old_number_stays_hidden(number: str) -> None:
    assert mask_id_number(number)[6:12] == "******"


def test_the_credit_code_of_an_organisation_is_public() -> None:
    assert mask_identity(IdKind.USCC, "91350100M000100Y43") == "91350100M000100Y43"
    assert mask_identity(IdKind.USCC, None) == ""
    assert mask_identity(IdKind.RESIDENT_ID, "110101199003070011") == "110101********0011"
    assert mask_identity(IdKind.PASSPORT, "E12345678", IdMask.EXPORT) == "E*******8"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("1381234123", "**********"),
        ("138", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_mobile_number_hides_its_middle(number: str | None, masked: str) -> None:
    assert mask_mobile(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("010-65123412", "010-******12"),
        ("(0591)8765432", "0591-*****32"),
        ("010-65123412-8001", "010-******12"),
        ("65123412", "********"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_landline_shows_area_code_and_two_digits(number: str | None, masked: str) -> None:
    assert mask_landline(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("138-1234-1234", "138****1234"), ("01065123412", "010-******12"), ("95511", "*****"), (None, "")],
)
def test_a_telephone_number_is_masked_by_its_own_rule(number: str | None, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("number", "masked", "with_bank"),
    [
        ("6217000000000000004", "**** **** **** 0004", "621700*********0004"),
        ("6217 0000 0000 0004", "**** **** **** 0004", "621700******0004"),
        ("62170000000004", "**** **** **** 0004", "621700****0004"),
        ("6217000000004", "**** **** **** 0004", "**** **** **** 0004"),
        ("62170000004", "***********", "***********"),
        ("卡号6217000000000000004", "*********************", "*********************"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_card_shows_its_last_four(number: str | None, masked: str, with_bank: str) -> None:
    assert mask_bank_card(number) == masked
    assert mask_bank_card(number, with_bank=True) == with_bank


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("zhang@163.com", "z***@163.com"),
        ("Zhang.San@Mail.Example.CN", "Z***@mail.example.cn"),
        ("zs@163.com", "z***@163.com"),
        ("z@163.com", "***@163.com"),
        ("@163.com", "***@163.com"),
        ("zhang", "***"),
        ("zhang@corp", "***"),
        ("zhang@张三.cn", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_of_mail_shows_its_first_character_and_domain(address: str | None, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("北京市朝阳区建国路88号", "北京市朝阳区****"),
        ("北京朝阳区建国路88号", "北京朝阳区****"),
        ("福建省福州市鼓楼区东街口1号", "福建省福州市鼓楼区****"),
        ("福州市鼓楼区东街口", "福州市鼓楼区****"),
        ("浙江省义乌市稠城街道", "浙江省义乌市****"),
        ("浙江省台州市路桥区", "浙江省台州市路桥区****"),
        ("山东省济宁市市中区太白路", "山东省济宁市市中区****"),
        ("江西省景德镇市珠山区", "江西省景德镇市珠山区****"),
        ("江苏省镇江市京口区", "江苏省镇江市京口区****"),
        ("湖南省长沙市长沙县", "湖南省长沙市长沙县****"),
        ("重庆市云阳县", "重庆市云阳县****"),
        ("山西省阳泉市矿区", "山西省阳泉市矿区****"),
        ("内蒙古自治区锡林郭勒盟东乌珠穆沁旗", "内蒙古自治区锡林郭勒盟东乌珠穆沁旗****"),
        ("云南省西双版纳傣族自治州景洪市", "云南省西双版纳傣族自治州景洪市****"),
        ("贵州省安顺市镇宁布依族苗族自治县", "贵州省安顺市镇宁布依族苗族自治县****"),
        (" 北京市 朝阳区 1 号 ", "北京市朝阳区****"),
        ("江苏省苏州市工业园区星湖街1号", "江苏省苏州市****"),
        ("广东省东莞市南城街道华润花园小区3栋", "广东省东莞市****"),
        ("东莞市万科城市花园2栋", "东莞市****"),
        ("东莞市万科城东区", "东莞市****"),
        ("北京市东城区城市花园", "北京市东城区****"),
        ("北京路12号", "北京****"),
        ("幸福路小区3号楼", "****"),
        ("朝阳小区5号楼", "****"),
        ("建设镇农贸市场", "****"),
        ("海淀中关村", "****"),
        ("12号", "****"),
        ("No. 5 Any Street", "****"),
        ("   ", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_shows_no_more_than_its_district(address: str | None, masked: str) -> None:
    assert mask_address(address) == masked


@given(
    st.sampled_from(["", "福建省", "福州市", "福建省福州市", "福建省福州市鼓楼区", "上海市浦东新区"]),
    st.text(NO_PLACE | st.characters(min_codepoint=0x30, max_codepoint=0x39), max_size=4),
    st.sampled_from(["路", "街", "巷", "弄", "村", "镇中", "小区", "社区", "花园小区", "栋"]),
    st.text(HAN | st.sampled_from("0123456789号楼单元室区市县"), max_size=8),
)
@few
def test_road_and_house_stay_hidden(place: str, name: str, kind: str, rest: str) -> None:
    detail = f"路{name}{kind}8号{rest}"

    masked = mask_address(place + detail)

    assert masked == place + "****"


@pytest.mark.parametrize(
    ("cents", "masked"),
    [
        (0, "5万以下"),
        (4_999_999, "5万以下"),
        (5_000_000, "5–10万"),
        (12_345_600, "10–20万"),
        (20_000_000, "20–30万"),
        (30_000_000, "30–50万"),
        (99_999_999, "50–100万"),
        (100_000_000, "100万以上"),
        (10**15, "100万以上"),
        (-1, ""),
        (None, ""),
    ],
)
def test_an_income_is_shown_as_a_band(cents: int | None, masked: str) -> None:
    assert mask_income(cents) == masked


@given(st.integers(0, 10**12))
@few
def test_every_income_lies_inside_its_band(cents: int) -> None:
    low, high = income_band(cents)

    assert low * 1_000_000 <= cents
    assert high is None or cents < high * 1_000_000


def test_a_negative_income_falls_into_the_lowest_band() -> None:
    assert income_band(-1) == (0, 5)


def test_health_data_is_hidden_whole() -> None:
    assert mask_health("高血压 20 年") == HIDDEN_HEALTH
    assert (mask_health(" "), mask_health(None)) == ("", "")


@given(st.text(max_size=60), st.sampled_from(TEXT_MASKS))
@few
def test_no_mask_ever_fails_or_shows_a_long_text_whole(text: str, mask) -> None:  # type: ignore[no-untyped-def]
    masked = mask(text)

    assert masked == "" or masked != text or set(text) <= {"*"} or masked == HIDDEN_HEALTH


@given(st.text("0123456789Xx-", max_size=40), st.sampled_from(TEXT_MASKS[1:8]))
@few
def test_a_masked_number_hides_at_least_four_characters_or_everything(number: str, mask) -> None:  # type: ignore[no-untyped-def]
    masked = mask(number)

    shown = masked.replace("*", "").replace("-", "").replace(" ", "")
    assert masked.count("*") >= 4 or not shown
    assert len(shown) <= 10


def test_a_very_long_text_becomes_a_short_row() -> None:
    assert mask_mobile("字" * 5000) == "*" * 32
    assert len(mask_name("字" * 5000)) == 33
