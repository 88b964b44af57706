"""What is read out of texts: numbers with their checks, names, dates, amounts; unsure things are said to be unsure."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.extracting import Find, FindKind, Why, best, extract
from app.domain.found_amounts import read_words
from app.domain.money import in_words
from tests.paper_texts import invent, text_of

TODAY = date(2026, 11, 22)


def one(text: str, kind: FindKind) -> Find:
    found = best(extract(text, TODAY), kind)
    assert found, f"no {kind} in {text}"
    return found[0]


def values(text: str, kind: FindKind) -> list[str]:
    return [find.value for find in best(extract(text, TODAY), kind)]


def test_an_identity_number_is_found_where_it_stands_and_checked() -> None:
    text = "证件号码 11010519491231002X 电话"

    find = one(text, FindKind.IDENTITY)

    assert (find.value, find.checked, find.label) == ("11010519491231002X", True, "证件号码")
    assert text[find.at :].startswith("11010519491231002X")


@pytest.mark.parametrize("raw", ["1l010519491231002X", "11O10519491231002X", "１１０１０５１９４９１２３１００２Ｘ"])
def test_one_letter_that_looks_like_a_digit_is_read_as_one_where_the_check_then_holds(raw: str) -> None:
    find = one(f"身份证号：{raw}", FindKind.IDENTITY)

    assert find.value == "11010519491231002X"
    assert find.checked is True


def test_two_letters_are_too_many_to_be_put_right_in_silence() -> None:
    find = one("身份证号：1lO10519491231002X", FindKind.IDENTITY)

    assert find.checked is False
    assert find.score < 0.5
    assert Why.TOO_MANY_REPAIRS in find.why


def test_a_number_whose_check_digit_fails_is_reported_as_it_stands() -> None:
    find = one("身份证号：110101199003070012", FindKind.IDENTITY)

    assert (find.value, find.checked) == ("110101199003070012", False)
    assert Why.CHECK_FAILS in find.why


def test_a_number_that_lost_a_digit_is_no_number() -> None:
    find = one("身份证号：11010119900307001", FindKind.IDENTITY)

    assert find.checked is False
    assert Why.LENGTH in find.why


def test_an_old_number_of_fifteen_digits_has_nothing_to_check_by() -> None:
    find = one("身份证号：110105491231002", FindKind.IDENTITY)

    assert find.checked is None


def test_a_credit_code_is_told_from_an_identity_number() -> None:
    find = one("统一社会信用代码\n91350100M000100Y43", FindKind.CREDIT_CODE)

    assert (find.value, find.checked) == ("91350100M000100Y43", True)
    assert values("统一社会信用代码 91350100M000100Y43", FindKind.IDENTITY) == []


def test_a_credit_code_with_a_letter_o_is_mended_and_checked() -> None:
    assert one("信用代码 9135O100M000100Y43", FindKind.CREDIT_CODE).checked is True


def test_digits_inside_a_longer_number_are_no_telephone() -> None:
    assert values("账号 6299982969625321360 编号 913800138000123", FindKind.PHONE) == []
    assert values("移动电话 13800138000", FindKind.PHONE) == ["13800138000"]
    assert values("联系电话\n0343-80008099。", FindKind.PHONE) == ["0343-80008099"]


def test_an_application_number_is_no_policy_number() -> None:
    found = extract("投保单号：22011204000035\n保单号 812012400000063", TODAY)

    assert [find.value for find in best(found, FindKind.APPLICATION)] == ["22011204000035"]
    assert [find.value for find in best(found, FindKind.POLICY)] == ["812012400000063"]


def test_a_policy_number_in_a_sentence_is_known_by_its_form() -> None:
    text = "您就保险单PDAA202432012500000154项下被保险人杨倩因运输途中货物受潮提出的理赔申请"

    assert values(text, FindKind.POLICY) == ["PDAA202432012500000154"]
    assert values(text, FindKind.NAME) == ["杨倩"]


def test_a_label_may_stand_on_the_line_above() -> None:
    text = "赔案号：\nC20250900000154\n报案号\nR20240706000196"

    assert values(text, FindKind.CLAIM) == ["C20250900000154"]
    assert values(text, FindKind.REPORT) == ["R20240706000196"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("姓    名 苏艳玲 性    别 女", ["苏艳玲"]),
        ("投保人签名： 刘平诚 销售人员签名： 韩宇海", ["刘平诚"]),
        ("被保险人张凯波于2026年07月04日在合肥市", ["张凯波"]),
        ("尊敬的 胡云诗 女士：", ["胡云诗"]),
        ("受益人\n欧阳婷婷\n", ["欧阳婷婷"]),
        ("姓名：阿不力米提·热合曼", ["阿不力米提·热合曼"]),
        ("受益人 法定 受益份额", []),
        ("投保人、被保险人声明与授权", []),
        ("投保人资料\n受益人变更", []),
    ],
)
def test_names_stand_after_their_labels(text: str, names: list[str]) -> None:
    assert [find.value for find in extract(text, TODAY) if find.kind is FindKind.NAME and find.score > 0.5] == names


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("日期： 2026年11月1日", "2026-11-01"),
        ("日期 2026-11-22", "2026-11-22"),
        ("签发日期：2026.05.11", "2026-05-11"),
        ("申请日期20261122", "2026-11-22"),
        ("二〇二六年十一月二十二日", "2026-11-22"),
        ("二○二六年一月三十日", "2026-01-30"),
        ("日期：2O26年l1月22日", "2026-11-22"),
        ("日期：２０２６年１１月２２日", "2026-11-22"),
    ],
)
def test_dates_are_read_however_they_are_written(text: str, day: str) -> None:
    assert values(text, FindKind.DATE) == [day]


def test_a_day_that_is_in_no_calendar_is_no_date() -> None:
    assert values("日期：2026年02月30日", FindKind.DATE) == []
    assert values("编号 20261122", FindKind.DATE) == []


def test_amounts_that_stand_there_in_words_as_well_are_sure() -> None:
    text = "合计 ¥33,309.59 （大写） 叁万叁仟叁佰零玖元伍角玖分"

    find = one(text, FindKind.AMOUNT)

    assert (find.value, find.checked) == ("33309.59", True)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("保险金额 200,000.00 元", "200000.00"), ("年收入 3.4 万元", "34000.00"), ("￥1234.5", "1234.50")],
)
def test_amounts_are_in_yuan(text: str, amount: str) -> None:
    assert values(text, FindKind.AMOUNT) == [amount]


@pytest.mark.parametrize("cents", [1, 10, 105, 100_000, 1_234_560, 10_050_001, 3_330_959, 100_000_000_000])
def test_words_of_amounts_are_read_back(cents: int) -> None:
    words = in_words(cents)

    assert read_words(words) == (cents if "元" in words else None)


def test_no_text_breaks_the_reading() -> None:
    for text in ("", "\n\n", "姓名", "证件号码", "：" * 500, "1" * 5000, "姓 名 " * 300, "壹" * 900, "(" * 900):
        extract(text, TODAY)


@pytest.mark.parametrize("kind", ["application", "claim_request", "policy_copy", "surrender", "complaint"])
def test_the_numbers_of_a_whole_paper_are_found(kind: str) -> None:
    facts = invent(kind, 5)
    text = text_of(kind, 5, facts)

    found = extract(text, TODAY)

    identities = {find.value for find in found if find.kind is FindKind.IDENTITY and find.checked}
    people = {facts.person, facts.policy.applicant, facts.policy.insured}
    assert identities == {person.identity_number for person in people if person.identity_number in text}
    assert facts.policy.number not in text or facts.policy.number in [find.value for find in found]
