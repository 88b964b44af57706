"""Pages as people write them."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.page_ranges import parse_pages, write_pages

KNOWN = range(1, 13)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("1-3,5", (1, 2, 3, 5)),
        ("5,1-3", (1, 2, 3, 5)),
        (" 2 ", (2,)),
        ("1，3、5；7", (1, 3, 5, 7)),
        ("1 至 3", None),
        ("1至3", (1, 2, 3)),
        ("2,2-3,3", (2, 3)),
        ("", tuple(KNOWN)),
        (",", tuple(KNOWN)),
        ("010", (10,)),
    ],
)
def test_pages_are_read_as_people_write_them(text: str, pages: tuple[int, ...] | None) -> None:
    if pages is None:
        with pytest.raises(Invalid):
            parse_pages(text, KNOWN, most=20)
    else:
        assert parse_pages(text, KNOWN, most=20) == pages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "pages.not_there"),
        ("13", "pages.not_there"),
        ("1-13", "pages.not_there"),
        ("1-9999", "pages.not_there"),
        ("3-1", "pages.unreadable"),
        ("-1", "pages.unreadable"),
        ("1-", "pages.unreadable"),
        ("1.5", "pages.unreadable"),
        ("٣", "pages.unreadable"),
        ("１", "pages.unreadable"),
        ("99999", "pages.unreadable"),
        ("x", "pages.unreadable"),
        ("1-11", "pages.too_many"),
        ("", "pages.too_many"),
    ],
)
def test_what_names_no_page_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_pages(text, KNOWN, most=10)

    assert refused.value.problems == {"pages": [code]}


def test_nothing_can_be_chosen_where_there_is_nothing() -> None:
    with pytest.raises(Invalid):
        parse_pages("", (), most=10)


def test_pages_too_scattered_for_their_column_are_refused() -> None:
    odd = ",".join(str(page) for page in range(101, 301, 2))

    with pytest.raises(Invalid) as refused:
        parse_pages(odd, range(1, 400), most=100)

    assert refused.value.problems == {"pages": ["pages.too_scattered"]}


@pytest.mark.parametrize("pages", [(1,), (1, 2, 3, 5), (2, 4, 6), (1, 2, 9, 10, 11)])
def test_what_is_written_reads_as_the_same_pages(pages: tuple[int, ...]) -> None:
    assert parse_pages(write_pages(pages), KNOWN, most=20) == pages
