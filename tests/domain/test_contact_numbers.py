"""Telephone numbers and bank accounts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.contact_numbers import (
    ContactProblem,
    ContactRefused,
    Phone,
    PhoneKind,
    check_bank_card,
    check_company_account,
    check_mobile,
    check_phone,
    passes_luhn,
)
from tests.domain.examples import few

CARD = "6217000000000000004"


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "+86-138-0013-8000", "１３８００１３８０００"])
def test_a_mobile_number_has_one_spelling(typed: str) -> None:
    assert check_mobile(typed) == "13800138000"


@pytest.mark.parametrize("typed", ["12800138000", "1380013800", "138001380001", "010-65123456", "1380013800a"])
def test_a_wrong_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(ContactRefused) as caught:
        check_mobile(typed)

    assert caught.value.code is ContactProblem.MOBILE_FORM


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("138-0013-8000", PhoneKind.MOBILE, "13800138000"),
        ("01065123456", PhoneKind.LANDLINE, "010-65123456"),
        ("(0591)8765432", PhoneKind.LANDLINE, "0591-8765432"),
        ("021-65123456转8001", PhoneKind.LANDLINE, "021-65123456-8001"),
        ("4001234567", PhoneKind.SERVICE, "400-123-4567"),
        ("800-123-4567", PhoneKind.SERVICE, "800-123-4567"),
        ("95511", PhoneKind.HOTLINE, "95511"),
        ("955188", PhoneKind.HOTLINE, "955188"),
    ],
)
def test_a_telephone_number_is_known_by_its_form(typed: str, kind: PhoneKind, number: str) -> None:
    assert check_phone(typed) == Phone(kind, number)


@pytest.mark.parametrize(
    "typed", ["65123456", "0123456789", "010-651234", "010-123456789", "5001234567", "9551", "9551888", "电话"]
)
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(ContactRefused) as caught:
        check_phone(typed)

    assert caught.value.code is ContactProblem.PHONE_FORM


@pytest.mark.parametrize("typed", [CARD, "6217 0000 0000 0000 004", "6217-0000-0000-0000-004"])
def test_a_card_number_has_one_spelling(typed: str) -> None:
    assert check_bank_card(typed) == CARD


def test_the_shortest_card_number_has_12_digits() -> None:
    assert check_bank_card("621700000006") == "621700000006"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("6217000000000000005", ContactProblem.CARD_CHECK),
        ("0000000000000000", ContactProblem.CARD_CHECK),
        ("62170000000", ContactProblem.CARD_LENGTH),
        ("62170000000000000040", ContactProblem.CARD_LENGTH),
        ("6217OOOOOOOOOOOOOO4", ContactProblem.CARD_CHARACTERS),
        (" ", ContactProblem.EMPTY),
    ],
)
def test_a_wrong_card_number_is_refused(typed: str, code: ContactProblem) -> None:
    with pytest.raises(ContactRefused) as caught:
        check_bank_card(typed)

    assert caught.value.code is code


@pytest.mark.parametrize("digits", ["79927398713", "4111111111111111", "378282246310005", "18"])
def test_known_numbers_pass_luhns_check(digits: str) -> None:
    assert passes_luhn(digits)


@given(st.text("0123456789", min_size=11, max_size=18), st.data())
@few
def test_exactly_one_last_digit_passes_and_one_changed_digit_does_not(digits: str, data: st.DataObject) -> None:
    passing = [digits + last for last in "0123456789" if passes_luhn(digits + last)]

    assert len(passing) == 1
    place = data.draw(st.integers(0, len(digits)))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != passing[0][place]]))
    assert not passes_luhn(passing[0][:place] + other + passing[0][place + 1 :])


def test_an_account_of_an_organisation_needs_no_check_digit() -> None:
    assert check_company_account("1234 5678 9") == "123456789"
    assert check_company_account("1" * 32) == "1" * 32


@pytest.mark.parametrize("typed", ["1234567", "1" * 33, "账号12345678"])
def test_a_wrong_account_of_an_organisation_is_refused(typed: str) -> None:
    with pytest.raises(ContactRefused) as caught:
        check_company_account(typed)

    assert caught.value.code is ContactProblem.ACCOUNT_FORM


@pytest.mark.parametrize("check", [check_mobile, check_phone, check_bank_card, check_company_account])
def test_nothing_typed_is_said_to_be_nothing(check) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ContactRefused) as caught:
        check(" 　 ")

    assert caught.value.code is ContactProblem.EMPTY


@given(st.text("0123456789-+() 转", min_size=5, max_size=20))
@few
def test_a_refusal_never_carries_the_number(typed: str) -> None:
    with pytest.raises(ContactRefused) as caught:
        check_phone("号" + typed)

    assert str(caught.value) == caught.value.code.value
