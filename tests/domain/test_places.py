"""Codes, levels, patterns and fill of places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.places import (
    Fill,
    Pattern,
    PlaceKind,
    check_pattern,
    check_spine,
    clean_code,
    join_code,
    kinds_inside,
    moved_code,
    planned,
)

PATTERNS = st.builds(
    Pattern, rows=st.integers(0, 4), bays=st.integers(0, 4), shelves=st.integers(0, 6), first=st.integers(1, 90)
)
FILLS = st.builds(Fill, used=st.integers(0, 2_000), width=st.integers(0, 2_000))


def test_levels_may_be_skipped_but_never_turned_round() -> None:
    assert kinds_inside(None) == (PlaceKind.ROOM,)
    assert kinds_inside("room") == (PlaceKind.ZONE, PlaceKind.ROW, PlaceKind.BAY, PlaceKind.SHELF)
    assert kinds_inside("bay") == (PlaceKind.SHELF,)
    assert kinds_inside("shelf") == ()


@pytest.mark.parametrize(("typed", "kept"), [(" k１ ", "K1"), ("a", "A"), ("03", "03")])
def test_a_code_is_kept_in_half_width_capitals(typed: str, kept: str) -> None:
    assert clean_code(typed) == kept


@pytest.mark.parametrize("typed", ["", "A-1", "库", "A" * 13, "A/1"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_code(typed)


def test_a_full_code_has_an_end() -> None:
    assert join_code("", "K1") == "K1"
    assert join_code("K1-A", "03") == "K1-A-03"
    with pytest.raises(Invalid):
        join_code("X" * 78, "003")


def test_a_renamed_place_takes_along_only_what_is_inside() -> None:
    assert moved_code("K1-A-03", "K1-A", "K1-B") == "K1-B-03"
    assert moved_code("K1-A", "K1-A", "K1-B") == "K1-B"
    with pytest.raises(ValueError, match="not in"):
        moved_code("K1-AB-03", "K1-A", "K1-B")


def test_three_rows_of_four_bays_of_six_shelves() -> None:
    pattern = Pattern(rows=3, bays=4, shelves=6)

    places = list(planned(pattern))

    assert pattern.total == len(places) == 3 + 12 + 72
    assert places[0].path == ("01",)
    assert places[-1].path == ("03", "04", "06")
    assert {place.width_mm for place in places if place.kind is PlaceKind.SHELF} == {900}


@given(PATTERNS)
def test_a_pattern_makes_what_it_says_each_place_after_its_parent(pattern: Pattern) -> None:
    places = list(planned(pattern))

    paths = [place.path for place in places]
    assert len(paths) == len(set(paths)) == pattern.total
    seen: set[tuple[str, ...]] = {()}
    for path in paths:
        assert path[:-1] in seen
        seen.add(path)


@pytest.mark.parametrize(
    ("pattern", "parent", "field"),
    [
        (Pattern(), "room", "shelves"),
        (Pattern(rows=2), "row", "rows"),
        (Pattern(bays=-1, shelves=1), "room", "bays"),
        (Pattern(shelves=31), "bay", "shelves"),
        (Pattern(rows=99, bays=99, shelves=30), "room", "rows"),
        (Pattern(shelves=3, width_mm=-1), "bay", "width_mm"),
        (Pattern(shelves=3, first=0), "bay", "first"),
    ],
)
def test_a_pattern_that_cannot_be_built_names_the_field(pattern: Pattern, parent: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_pattern(pattern, parent)

    assert list(refused.value.problems) == [field]


@given(FILLS)
def test_tenths_tell_empty_and_full_apart_from_nearly(fill: Fill) -> None:
    assert 0 <= fill.tenths <= 10
    assert 0 <= fill.per_cent <= 100
    if fill.width:
        assert (fill.tenths == 0) == (fill.used == 0)
        assert (fill.tenths == 10) == (fill.used >= fill.width)


@given(FILLS, st.integers(1, 500))
def test_a_shelf_takes_what_is_free_and_no_more(fill: Fill, more: int) -> None:
    assert fill.takes(more) == (fill.width == 0 or more <= fill.width - fill.used)


@pytest.mark.parametrize("width", [9, 101, 0, -1])
def test_a_spine_that_no_box_has_is_refused(width: int) -> None:
    with pytest.raises(Invalid):
        check_spine(width)
