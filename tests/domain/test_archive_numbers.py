"""Archive numbers 档号 and their templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.archive_numbers import (
    DEFAULT_TEMPLATE,
    ITEM_TEMPLATE,
    SERIES_NAMES,
    VOLUME_TEMPLATE,
    BadNumberPart,
    BadTemplate,
    NotAnArchiveNumber,
    NumberParts,
    TemplateProblem,
    check_template,
    clean_archive_number,
    format_archive_number,
    is_fonds_number,
    is_series_code,
    parse_archive_number,
)
from tests.domain.examples import few

BY_ITEM = NumberParts("J019", "CB", 2026, "D30", 318)
BY_VOLUME = NumberParts("J019", "LP", 2026, "Y", 7, volume=12)

parts_by_item = st.builds(
    NumberParts,
    fonds=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True),
    series=st.sampled_from(sorted(SERIES_NAMES)),
    year=st.integers(1949, 2100),
    period=st.sampled_from(["Y", "D5", "D10", "D30", "D100"]),
    item=st.integers(1, 10**7),
)


def test_the_default_is_by_item() -> None:
    assert DEFAULT_TEMPLATE == ITEM_TEMPLATE


@pytest.mark.parametrize(
    ("template", "parts", "number"),
    [
        (ITEM_TEMPLATE, BY_ITEM, "J019-ZY·CB·2026·D30-00318"),
        (ITEM_TEMPLATE, NumberParts("J019", "CB", 2026, "D30", 123456), "J019-ZY·CB·2026·D30-123456"),
        (VOLUME_TEMPLATE, BY_VOLUME, "J019-ZY·LP·2026·Y-00012-007"),
        ("{fonds}-{year}·{period}·{series}-{item}", BY_ITEM, "J019-2026·D30·CB-318"),
    ],
)
def test_a_number_is_written_and_read_by_its_template(template: str, parts: NumberParts, number: str) -> None:
    assert format_archive_number(template, parts) == number
    assert parse_archive_number(template, number) == parts


@given(parts_by_item, st.none() | st.integers(1, 10**6))
@few
def test_every_number_comes_back_from_its_text(parts: NumberParts, volume: int | None) -> None:
    template = ITEM_TEMPLATE if volume is None else VOLUME_TEMPLATE
    parts = NumberParts(parts.fonds, parts.series, parts.year, parts.period, parts.item, volume)

    number = format_archive_number(template, parts)

    assert parse_archive_number(template, number) == parts
    assert clean_archive_number(number) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "J019-ZY·CB·2026·D30-318",
        "J019-ZY·CB·2026·D30-000318",
        "J019-ZY·CB·2026·D30-00000",
        "J019-ZY·CB·2026·D-00318",
        "J019-ZY·CB·0026·D30-00318",
        "j019-ZY·CB·2026·D30-00318",
        "J019-ZY.CB.2026.D30-00318",
        "J019-ZY·CB·2026·D30-00318-001",
        "J019-ZY·CB·2026·D30-００３１８",
        "J019-ZY·CB·2026·D30-00318\n",
    ],
)
def test_another_text_is_no_number_of_this_template(text: str) -> None:
    with pytest.raises(NotAnArchiveNumber):
        parse_archive_number(ITEM_TEMPLATE, text)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (NumberParts("019", "CB", 2026, "D30", 1), "fonds"),
        (NumberParts("j019", "CB", 2026, "D30", 1), "fonds"),
        (NumberParts("J019", "cb", 2026, "D30", 1), "series"),
        (NumberParts("J019", "CB", 26, "D30", 1), "year"),
        (NumberParts("J019", "CB", 2026, "30", 1), "period"),
        (NumberParts("J019", "CB", 2026, "D0", 1), "period"),
        (NumberParts("J019", "CB", 2026, "D30", 0), "item"),
        (NumberParts("J019", "CB", 2026, "D30", 1, volume=1), "volume"),
    ],
)
def test_a_part_of_another_form_is_refused(parts: NumberParts, field: str) -> None:
    with pytest.raises(BadNumberPart) as caught:
        format_archive_number(ITEM_TEMPLATE, parts)

    assert caught.value.field == field


@pytest.mark.parametrize("volume", [None, 0])
def test_a_template_by_volume_needs_a_volume(volume: int | None) -> None:
    with pytest.raises(BadNumberPart) as caught:
        format_archive_number(VOLUME_TEMPLATE, NumberParts("J019", "CB", 2026, "D30", 1, volume))

    assert caught.value.field == "volume"


@pytest.mark.parametrize(
    ("template", "reason", "field"),
    [
        ("", TemplateProblem.MISSING_FIELD, "fonds"),
        ("{fonds}-ZY·{series}·{year}-{item:05d}", TemplateProblem.MISSING_FIELD, "period"),
        ("{fonds}-ZY·{series}·{year}·{period}-", TemplateProblem.MISSING_FIELD, "item"),
        ("{fonds}-{series}·{year}·{period}-{box}-{item}", TemplateProblem.UNKNOWN_FIELD, "box"),
        ("{fonds}-{series}·{year}·{period}-{item}-{item}", TemplateProblem.REPEATED_FIELD, "item"),
        ("{fonds}-{series}·{year:04d}·{period}-{item}", TemplateProblem.WRONG_WIDTH, "year"),
        ("{fonds}-{series}·{year}·{period}-{item:5d}", TemplateProblem.STRAY_BRACE, ""),
        ("{fonds.__class__}-{series}·{year}·{period}-{item}", TemplateProblem.STRAY_BRACE, ""),
        ("{fonds}-{series}·{year}·{period}-{item}}", TemplateProblem.STRAY_BRACE, ""),
        ("{fonds}-类·{series}·{year}·{period}-{item}", TemplateProblem.BAD_LITERAL, "-类·"),
        ("{fonds} {series}·{year}·{period}-{item}", TemplateProblem.BAD_LITERAL, " "),
        ("{fonds}{series}·{year}·{period}-{item}", TemplateProblem.NOT_SEPARATED, ""),
        ("{fonds}-{series}·{year}·{period}{item}", TemplateProblem.NOT_SEPARATED, ""),
        ("{fonds}-{series}CB·{year}·{period}-{item}", TemplateProblem.NOT_SEPARATED, ""),
        ("{fonds}-{series}·CB{year}·{period}-{item}", TemplateProblem.NOT_SEPARATED, ""),
        ("{fonds}-{item}-{series}·{year}·{period}", TemplateProblem.ITEM_NOT_LAST, "item"),
        ("{fonds}-{series}·{year}·{period}-{item}-A", TemplateProblem.ITEM_NOT_LAST, "item"),
    ],
)
def test_a_template_that_gives_no_unique_readable_numbers_is_refused(
    template: str, reason: TemplateProblem, field: str
) -> None:
    with pytest.raises(BadTemplate) as caught:
        check_template(template)

    assert (caught.value.reason, caught.value.field) == (reason, field)


@pytest.mark.parametrize("template", [ITEM_TEMPLATE, VOLUME_TEMPLATE, "A-{fonds}-{series}-{year}-{period}-{item:09d}"])
def test_a_good_template_passes(template: str) -> None:
    check_template(template)


def test_numbers_run_inside_a_block() -> None:
    assert BY_ITEM.block == "J019|CB|2026|D30"
    assert BY_VOLUME.block == "J019|LP|2026|Y|12"


@pytest.mark.parametrize(
    "typed", ["j019-zy.cb.2026.d30-00318", " J019—ZY•CB・2026･D30－00318 ", "Ｊ０１９-ZY·CB·2026·D30-00318"]
)
def test_a_typed_number_finds_its_spelling(typed: str) -> None:
    assert clean_archive_number(typed) == "J019-ZY·CB·2026·D30-00318"


@pytest.mark.parametrize(("text", "is_one"), [("J019", True), ("j019", False), ("J19", False), ("J0190", False)])
def test_a_fonds_number_is_a_letter_and_three_digits(text: str, is_one: bool) -> None:
    assert is_fonds_number(text) == is_one


@pytest.mark.parametrize(("text", "is_one"), [("CB", True), ("cb", False), ("C", False), ("承保", False)])
def test_a_series_code_is_two_letters(text: str, is_one: bool) -> None:
    assert is_series_code(text) == is_one
