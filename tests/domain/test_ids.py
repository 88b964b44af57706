"""Identifiers of records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import decode_id, encode_id, new_id
from tests.domain.examples import few

ids = st.integers(1, 2**62 - 1)


@given(ids)
@few
def test_an_identifier_comes_back_from_its_spelling(identifier: int) -> None:
    text = encode_id(identifier)

    assert decode_id(text) == identifier
    assert len(text) == 13
    assert text == text.lower()


@given(st.text(max_size=15))
@few
def test_whatever_is_read_has_exactly_this_spelling(text: str) -> None:
    try:
        identifier = decode_id(text)
    except ValueError:
        return

    assert encode_id(identifier) == text


@pytest.mark.parametrize(
    ("identifier", "text"),
    [(1, "0000000000001"), (31, "000000000000z"), (32, "0000000000010"), (2**62 - 1, "3zzzzzzzzzzzz")],
)
def test_known_spellings(identifier: int, text: str) -> None:
    assert encode_id(identifier) == text
    assert decode_id(text) == identifier


@pytest.mark.parametrize("identifier", [0, -1, 2**62])
def test_a_number_out_of_range_has_no_spelling(identifier: int) -> None:
    with pytest.raises(ValueError, match="range"):
        encode_id(identifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "000000000001",
        "00000000000001",
        "000000000000Z",
        "000000000000i",
        "000000000000l",
        "000000000000o",
        "000000000000u",
        "000000000000-",
        " 00000000000z",
        "000000000000１",
        "0000000000000",
        "4000000000000",
        "zzzzzzzzzzzzz",
    ],
)
def test_another_spelling_is_no_identifier(text: str) -> None:
    with pytest.raises(ValueError, match=r"identifier"):
        decode_id(text)


def test_new_identifiers_are_positive_and_differ() -> None:
    made = {new_id() for _ in range(200)}

    assert len(made) == 200
    assert all(0 < identifier < 2**62 for identifier in made)
    assert max(made) > 2**55


@pytest.mark.parametrize(("drawn", "identifier"), [(0, 1), (2**62 - 2, 2**62 - 1)])
def test_the_extremes_of_chance_are_still_identifiers(
    drawn: int, identifier: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[int] = []
    monkeypatch.setattr("app.domain.ids.secrets.randbelow", lambda limit: limits.append(limit) or drawn)

    assert new_id() == identifier
    assert limits == [2**62 - 1]
