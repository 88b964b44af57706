"""Identity documents: what is accepted, what it tells, why it is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.credit_codes import ALPHABET, credit_check_character
from app.domain.identity_numbers import (
    BirthInFuture,
    IdentityRefused,
    IdKind,
    IdWarning,
    ImpossibleBirthDate,
    Mismatch,
    Sex,
    UnknownProvince,
    WrongCharacters,
    WrongCheckDigit,
    WrongForm,
    WrongLength,
    age_on,
    check_identity,
    compare_with_typed,
)
from app.domain.resident_ids import PROVINCES, check_character
from tests.domain.examples import TODAY, few, resident_ids

CREDIT_CODE = "91350100M000100Y43"


def with_check(seventeen: str) -> str:
    return seventeen + check_character(seventeen)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        ("110101199003070011", date(1990, 3, 7), Sex.MALE),
        ("110101199003077758", date(1990, 3, 7), Sex.MALE),
    ],
)
def test_a_valid_resident_number_tells_birth_date_and_sex(number: str, born: date, sex: Sex) -> None:
    facts = check_identity(IdKind.RESIDENT_ID, number, TODAY)

    assert (facts.kind, facts.number, facts.modern_number) == (IdKind.RESIDENT_ID, number, number)
    assert (facts.birth_date, facts.sex, facts.warnings) == (born, sex, ())


def test_a_resident_number_is_normalised_before_it_is_read() -> None:
    facts = check_identity(IdKind.RESIDENT_ID, " １１０１０５ 19491231-002x ", TODAY)

    assert facts.number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "refusal", "code"),
    [
        ("110101199003070012", WrongCheckDigit, "identity.check_digit"),
        ("", WrongLength, "identity.length.resident_id"),
        ("11010119900307001", WrongLength, "identity.length.resident_id"),
        ("1101011990030700111", WrongLength, "identity.length.resident_id"),
        ("11010119900307001A", WrongCharacters, "identity.charset"),
        ("1101011990X3070011", WrongCharacters, "identity.charset"),
        ("110101199003O70011", WrongCharacters, "identity.charset"),
        ("११०१०११९९००३०७००११", WrongCharacters, "identity.charset"),
        ("11010190030700X", WrongCharacters, "identity.charset"),
        (with_check("16010119900307001"), UnknownProvince, "identity.province"),
        ("160101900307001", UnknownProvince, "identity.province"),
        (with_check("11010119900230001"), ImpossibleBirthDate, "identity.birth_date"),
        (with_check("11010119901301001"), ImpossibleBirthDate, "identity.birth_date"),
        (with_check("11010100000101001"), ImpossibleBirthDate, "identity.birth_date"),
        (with_check("11010118951231001"), ImpossibleBirthDate, "identity.birth_date"),
        (with_check("11010119010229001"), ImpossibleBirthDate, "identity.birth_date"),
        (with_check("11010120261123001"), BirthInFuture, "identity.future_birth"),
        ("110101901301001", ImpossibleBirthDate, "identity.birth_date"),
    ],
)
def test_a_wrong_resident_number_is_refused_with_its_reason(
    number: str, refusal: type[IdentityRefused], code: str
) -> None:
    with pytest.raises(refusal) as caught:
        check_identity(IdKind.RESIDENT_ID, number, TODAY)

    assert caught.value.code == code


def test_somebody_born_today_is_accepted() -> None:
    facts = check_identity(IdKind.RESIDENT_ID, with_check("11010120261122001"), TODAY)

    assert facts.birth_date == TODAY


@pytest.mark.parametrize(("year", "warns"), [("1916", False), ("1915", True), ("1896", True)])
def test_somebody_of_more_than_110_years_is_worth_a_look(year: str, warns: bool) -> None:
    facts = check_identity(IdKind.RESIDENT_ID, with_check(f"110101{year}0101001"), TODAY)

    assert (IdWarning.VERY_OLD in facts.warnings) == warns


def test_an_old_number_of_15_digits_is_accepted_and_flagged() -> None:
    facts = check_identity(IdKind.RESIDENT_ID, "110105491231002", TODAY)

    assert facts.number == "110105491231002"
    assert facts.modern_number == "11010519491231002X"
    assert (facts.birth_date, facts.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert facts.warnings == (IdWarning.OLD_15_DIGITS,)


@pytest.mark.parametrize("sequence", ["996", "997", "998", "999"])
def test_the_century_of_an_old_number_of_a_centenarian_stays_open(sequence: str) -> None:
    facts = check_identity(IdKind.RESIDENT_ID, "110105491231" + sequence, TODAY)

    assert facts.birth_date is None
    assert facts.modern_number == facts.number
    assert facts.warnings == (IdWarning.OLD_15_DIGITS, IdWarning.CENTURY_UNCERTAIN)


def test_a_number_of_a_residence_permit_typed_as_a_card_is_worth_a_look() -> None:
    facts = check_identity(IdKind.RESIDENT_ID, with_check("81000019900307001"), TODAY)

    assert facts.warnings == (IdWarning.RESIDENCE_PERMIT_NUMBER,)


@pytest.mark.parametrize("province", ["81", "82", "83"])
def test_a_residence_permit_is_read_like_a_card(province: str) -> None:
    facts = check_identity(IdKind.HMT_RESIDENCE, with_check(f"{province}000019900307002"), TODAY)

    assert (facts.kind, facts.birth_date, facts.sex) == (IdKind.HMT_RESIDENCE, date(1990, 3, 7), Sex.FEMALE)
    assert facts.warnings == ()


def test_a_residence_permit_begins_with_81_82_or_83() -> None:
    with pytest.raises(UnknownProvince):
        check_identity(IdKind.HMT_RESIDENCE, "110101199003070011", TODAY)


def test_a_residence_permit_has_no_short_form() -> None:
    with pytest.raises(WrongLength) as caught:
        check_identity(IdKind.HMT_RESIDENCE, "810000900307001", TODAY)

    assert caught.value.code == "identity.length.hmt_residence"


def test_the_list_of_provinces_is_complete() -> None:
    expected = [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)]

    assert sorted(map(int, PROVINCES)) == [*expected, 71, 81, 82, 83]


@given(resident_ids(), st.integers(0, 17), st.integers(1, 9))
@few
def test_one_changed_digit_never_passes(number: str, place: int, shift: int) -> None:
    old = number[place]
    new = str((int(old) + shift) % 10) if old != "X" else str(shift)
    changed = number[:place] + new + number[place + 1 :]

    with pytest.raises(IdentityRefused):
        check_identity(IdKind.RESIDENT_ID, changed, TODAY)


@given(resident_ids(), st.integers(0, 16))
@few
def test_two_neighbours_swapped_never_pass(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped == number:
        return

    with pytest.raises(IdentityRefused):
        check_identity(IdKind.RESIDENT_ID, swapped, TODAY)


@given(resident_ids())
@few
def test_every_valid_number_tells_what_is_written_in_it(number: str) -> None:
    facts = check_identity(IdKind.RESIDENT_ID, number, TODAY)

    assert facts.birth_date is not None
    assert f"{facts.birth_date:%Y%m%d}" == number[6:14]
    assert facts.sex == (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(st.sampled_from(IdKind), st.text(max_size=40) | resident_ids())
@few
def test_no_refusal_carries_the_number(kind: IdKind, number: str) -> None:
    try:
        check_identity(kind, number, TODAY)
    except IdentityRefused as refused:
        told = " ".join([str(refused), refused.code, *map(str, vars(refused).values())])
        assert told.count("identity.") >= 1
        assert len(number.strip()) < 4 or number.strip() not in told


def test_the_check_digit_is_not_told_to_who_guesses() -> None:
    with pytest.raises(WrongCheckDigit) as caught:
        check_identity(IdKind.RESIDENT_ID, "110101199003070012", TODAY)

    assert vars(caught.value) == {"code": "identity.check_digit"}
    assert caught.value.args == ("identity.check_digit",)


@pytest.mark.parametrize(
    ("kind", "typed", "number", "warnings"),
    [
        (IdKind.PASSPORT, "e12345678", "E12345678", ()),
        (IdKind.PASSPORT, "EA 1234567", "EA1234567", ()),
        (IdKind.PASSPORT, "512345678", "512345678", (IdWarning.FOREIGN_FORM,)),
        (IdKind.HK_MACAO_PERMIT, "h12345678", "H12345678", ()),
        (IdKind.HK_MACAO_PERMIT, "M1234567801", "M1234567801", ()),
        (IdKind.TAIWAN_PERMIT, "0123 4567", "01234567", ()),
        (IdKind.FOREIGN_PERMANENT, "usa110074022901", "USA110074022901", (IdWarning.OLD_FORM,)),
        (IdKind.MILITARY_ID, "军字第 0123456 号", "军字第0123456号", ()),
        (IdKind.HOUSEHOLD_BOOK, "０１２３４５６７８", "012345678", ()),
        (IdKind.BIRTH_CERTIFICATE, "p123456789", "P123456789", ()),
        (IdKind.USCC, CREDIT_CODE.lower(), CREDIT_CODE, ()),
        (IdKind.OTHER, "警官证-77（甲）", "警官证-77(甲)", ()),
    ],
)
def test_other_documents_are_normalised_and_tell_nothing_of_their_holder(
    kind: IdKind, typed: str, number: str, warnings: tuple[IdWarning, ...]
) -> None:
    facts = check_identity(kind, typed, TODAY)

    assert (facts.kind, facts.number, facts.modern_number, facts.warnings) == (kind, number, number, warnings)
    assert (facts.birth_date, facts.sex) == (None, None)


@pytest.mark.parametrize(
    ("kind", "number", "refusal", "code"),
    [
        (IdKind.PASSPORT, "E123", WrongForm, "identity.form.passport"),
        (IdKind.PASSPORT, "护照12345678", WrongForm, "identity.form.passport"),
        (IdKind.HK_MACAO_PERMIT, "H123456789", WrongForm, "identity.form.hk_macao_permit"),
        (IdKind.HK_MACAO_PERMIT, "A12345678", WrongForm, "identity.form.hk_macao_permit"),
        (IdKind.TAIWAN_PERMIT, "1234567", WrongForm, "identity.form.taiwan_permit"),
        (IdKind.FOREIGN_PERMANENT, "US1110074022901", WrongForm, "identity.form.foreign_permanent"),
        (IdKind.FOREIGN_PERMANENT, "110101199003070011", WrongForm, "identity.form.foreign_permanent"),
        (IdKind.FOREIGN_PERMANENT, "9", WrongLength, "identity.length.foreign_permanent"),
        (IdKind.BIRTH_CERTIFICATE, "1234567890", WrongForm, "identity.form.birth_certificate"),
        (IdKind.MILITARY_ID, "军", WrongLength, "identity.length.military_id"),
        (IdKind.MILITARY_ID, "军" * 33, WrongLength, "identity.length.military_id"),
        (IdKind.HOUSEHOLD_BOOK, "<b>1</b>", WrongCharacters, "identity.charset"),
        (IdKind.HOUSEHOLD_BOOK, "----", WrongCharacters, "identity.charset"),
        (IdKind.OTHER, "1", WrongLength, "identity.length.other"),
        (IdKind.USCC, "91350100M000100Y4", WrongLength, "identity.length.uscc"),
        (IdKind.USCC, "91350100I000100Y43", WrongCharacters, "identity.charset"),
        (IdKind.USCC, "91A50100M000100Y43", WrongCharacters, "identity.charset"),
        (IdKind.USCC, "91350100M000100Y44", WrongCheckDigit, "identity.check_digit"),
    ],
)
def test_a_wrong_number_of_another_document_is_refused(
    kind: IdKind, number: str, refusal: type[IdentityRefused], code: str
) -> None:
    with pytest.raises(refusal) as caught:
        check_identity(kind, number, TODAY)

    assert caught.value.code == code


def test_a_new_permanent_residence_number_tells_birth_date_and_sex() -> None:
    facts = check_identity(IdKind.FOREIGN_PERMANENT, with_check("93184019850203001"), TODAY)

    assert (facts.kind, facts.birth_date, facts.sex) == (IdKind.FOREIGN_PERMANENT, date(1985, 2, 3), Sex.MALE)


@given(st.text("0123456789", min_size=6, max_size=6), st.text(ALPHABET, min_size=9, max_size=9), st.data())
@few
def test_one_changed_character_of_a_credit_code_never_passes(region: str, inner: str, data: st.DataObject) -> None:
    code = "91" + region + inner
    code += credit_check_character(code)
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([mark for mark in ALPHABET if mark != code[place]]))

    assert check_identity(IdKind.USCC, code, TODAY).number == code
    with pytest.raises(IdentityRefused):
        check_identity(IdKind.USCC, code[:place] + other + code[place + 1 :], TODAY)


@pytest.mark.parametrize(
    ("inner", "warns"), [("M000100Y4", False), ("M000100Y5", True), ("00000000X", True), ("000000000", False)]
)
def test_the_old_organisation_code_inside_has_a_check_of_its_own(inner: str, warns: bool) -> None:
    code = "91350100" + inner

    facts = check_identity(IdKind.USCC, code + credit_check_character(code), TODAY)

    assert (IdWarning.ORGANISATION_CODE in facts.warnings) == warns


def test_an_organisation_code_may_end_in_x() -> None:
    # 4·3 is 12, which leaves 1 by 11: the check would be 10, written X.
    code = "9135010040000000X"

    facts = check_identity(IdKind.USCC, code + credit_check_character(code), TODAY)

    assert facts.warnings == ()


@pytest.mark.parametrize(
    ("born", "sex", "mismatches"),
    [
        (date(1990, 3, 7), Sex.MALE, []),
        (None, None, []),
        (date(1990, 3, 7), Sex.UNKNOWN, []),
        (date(1990, 7, 3), Sex.MALE, [Mismatch.BIRTH_DATE]),
        (None, Sex.FEMALE, [Mismatch.SEX]),
        (date(1990, 3, 8), Sex.FEMALE, [Mismatch.BIRTH_DATE, Mismatch.SEX]),
    ],
)
def test_what_was_typed_is_compared_with_the_number(
    born: date | None, sex: Sex | None, mismatches: list[Mismatch]
) -> None:
    facts = check_identity(IdKind.RESIDENT_ID, "110101199003070011", TODAY)

    assert compare_with_typed(facts, born, sex) == mismatches


def test_a_document_that_tells_nothing_contradicts_nothing() -> None:
    facts = check_identity(IdKind.PASSPORT, "E12345678", TODAY)

    assert compare_with_typed(facts, date(1990, 3, 7), Sex.FEMALE) == []


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 5, 6), date(2026, 5, 5), 25),
        (date(2000, 5, 6), date(2026, 5, 6), 26),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (TODAY, TODAY, 0),
    ],
)
def test_age_is_counted_in_full_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_a_birth_date_of_tomorrow_is_accepted_tomorrow() -> None:
    number = with_check("11010120261123001")

    assert check_identity(IdKind.RESIDENT_ID, number, TODAY + timedelta(days=1)).birth_date == date(2026, 11, 23)
