"""Changing classes, periods and the template of archive numbers, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.categories import next_code
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.models.documents import Category, RetentionPeriod
from app.queries.catalogue import may_change_rules, read_category, read_period, read_periods, read_scheme
from app.queries.documents import category_choices
from app.services.catalogue import (
    CategoryData,
    PeriodData,
    add_category,
    add_period,
    change_template,
    edit_category,
    edit_period,
    example_number,
    remove_period,
)
from app.services.settings import NUMBER_TEMPLATE, in_force, setting
from tests.cast import NOW, actor
from tests.phones import events

TODAY = date(2026, 11, 22)
SCANS = CategoryData("电子影像", "KH", 2, "D10", "本单位保管期限表")
FIFTEEN = PeriodData(15, "本机构自定", TODAY)
OTHER_TEMPLATE = "{fonds}-ZY·{series}·{year}·{period}-{item:06d}"


def category(session: Session, code: str) -> Category:
    """A class as the database has it."""
    return session.scalars(select(Category).where(Category.code == code)).one()


def as_typed(row: Category, **changes: object) -> CategoryData:
    """A class as its form sends it."""
    typed = CategoryData(row.name, row.series, row.default_level, row.default_period, row.basis, row.active)
    return replace(typed, **changes)  # type: ignore[arg-type]


def edit(session: Session, code: str, *, version: int = 1, **changes: object) -> None:
    """Change a class as the archivist of the head office."""
    row = category(session, code)
    edit_category(session, actor(session, "archivist_head"), row.id, as_typed(row, **changes), version=version, now=NOW)


def add(session: Session, parent: str = "1", typed: CategoryData = SCANS) -> int:
    """Add a sub-class as the archivist of the head office."""
    return add_category(session, actor(session, "archivist_head"), category(session, parent).id, typed, now=NOW)


def period(session: Session, typed: PeriodData = FIFTEEN) -> str:
    """Add a period as the archivist of the head office."""
    return add_period(session, actor(session, "archivist_head"), typed, now=NOW, today=TODAY)


@pytest.mark.parametrize("who", ["archivist", "archivist_west", "manager", "clerk", "sysadmin", "secadmin", "auditor"])
def test_only_the_archivist_of_the_head_office_changes_the_rules(session: Session, who: str) -> None:
    person, row = actor(session, who), category(session, "11")

    assert not may_change_rules(session, person)
    with pytest.raises(NotAllowed):
        edit_category(session, person, row.id, as_typed(row, name="证件"), version=1, now=NOW)
    with pytest.raises(NotAllowed):
        add_category(session, person, category(session, "1").id, SCANS, now=NOW)
    with pytest.raises(NotAllowed):
        add_period(session, person, FIFTEEN, now=NOW, today=TODAY)
    with pytest.raises(NotAllowed):
        edit_period(session, person, "D10", FIFTEEN, version=1, now=NOW, today=TODAY)
    with pytest.raises(NotAllowed):
        remove_period(session, person, "D20", now=NOW)
    with pytest.raises(NotAllowed):
        change_template(session, person, OTHER_TEMPLATE, "DA/T 13", version=0, now=NOW)


def test_a_class_is_renamed_and_the_difference_stays(session: Session) -> None:
    edit(session, "11", name="身份证件", default_level=3)

    row = category(session, "11")
    entry = events(session, "rules_changed")[0]
    assert (row.name, row.default_level, row.version) == ("身份证件", 3, 2)
    assert entry.before == {"name": "身份信息", "default_level": "2"}
    assert entry.after == {"name": "身份证件", "default_level": "3"}
    assert (entry.object_kind, entry.object_label) == ("category", "11")


def test_saving_without_a_change_leaves_no_trace(session: Session) -> None:
    edit(session, "11")

    assert events(session, "rules_changed") == []
    assert category(session, "11").version == 1


def test_the_series_of_a_class_stays_because_numbers_bear_it(session: Session) -> None:
    edit(session, "11", series="QT", name="身份证件")

    assert category(session, "11").series == "KH"


def test_what_is_wrong_with_a_class_is_said_field_by_field(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, typed=CategoryData(" ", "K1", 5, "D7", ""))

    assert refused.value.problems == {
        "name": ["category.name_missing"],
        "series": ["category.series"],
        "default_level": ["category.level"],
        "default_period": ["document.period"],
        "basis": ["rules.basis_missing"],
    }


def test_who_was_overtaken_gets_both_texts(session: Session) -> None:
    edit(session, "11", name="身份证件")

    with pytest.raises(ChangedMeanwhile) as overtaken:
        edit(session, "11", name="证件", version=1)

    assert [(item.yours, item.theirs) for item in overtaken.value.differences] == [("证件", "身份证件")]


def test_a_new_sub_class_follows_its_sisters_and_can_be_chosen(session: Session) -> None:
    first, second = add(session), add(session, typed=replace(SCANS, name="电子签名", series="kh"))

    codes = [row.code for row in read_scheme(session)]
    chosen = {choice.code for choice in category_choices(session)}
    assert (read_category(session, first).code, read_category(session, second).code) == ("15", "16")
    assert codes[codes.index("14") : codes.index("14") + 4] == ["14", "15", "16", "2"]
    assert {"15", "16"} <= chosen
    assert read_category(session, second).series == "KH"


def test_a_sub_class_has_no_sub_classes(session: Session) -> None:
    with pytest.raises(NotFound):
        add(session, parent="11")


def test_codes_go_on_with_letters_and_end() -> None:
    assert next_code("1", ["11", "14"]) == "15"
    assert next_code("1", [f"1{digit}" for digit in range(1, 10)]) == "1A"
    assert next_code("1", ["1Z", "21"]) is None
    assert next_code("6", []) == "61"


def test_a_full_class_says_so(session: Session) -> None:
    for _ in range(31):
        add(session)

    with pytest.raises(Invalid) as refused:
        add(session)

    assert refused.value.problems == {"": ["category.full"]}


def test_a_sub_class_that_rests_is_not_offered_any_more(session: Session) -> None:
    edit(session, "12", active=False)

    assert "12" not in {choice.code for choice in category_choices(session)}


def test_a_class_rests_only_when_all_under_it_rest(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        edit(session, "5", active=False)
    for code in ("51", "52", "53", "5"):
        edit(session, code, active=False)
    with pytest.raises(Invalid) as back:
        edit(session, "51", active=True, version=2)
    with pytest.raises(Invalid) as under_rest:
        add(session, "5")

    assert refused.value.problems == {"active": ["category.has_active"]}
    assert back.value.problems == {"active": ["category.parent_inactive"]}
    assert under_rest.value.problems == {"": ["category.parent_inactive"]}


def test_a_period_is_added_with_its_code_and_label(session: Session) -> None:
    code = period(session)

    row = session.get_one(RetentionPeriod, code)
    assert (row.code, row.label, row.years, row.effective_from) == ("D15", "15年", 15, TODAY)
    assert [row.code for row in read_periods(session)] == ["Y", "D30", "D20", "D15", "D10", "D5"]
    assert (events(session, "rules_changed")[0].after or {})["code"] == "D15"


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (replace(FIFTEEN, years=4), {"years": ["period.below_floor"]}),
        (replace(FIFTEEN, years=0), {"years": ["period.below_floor"]}),
        (replace(FIFTEEN, years=101), {"years": ["period.too_long"]}),
        (replace(FIFTEEN, years=10), {"years": ["period.there_already"]}),
        (replace(FIFTEEN, years=None), {"years": ["period.there_already"]}),
        (replace(FIFTEEN, basis=" "), {"basis": ["rules.basis_missing"]}),
        (replace(FIFTEEN, effective_from=None), {"effective_from": ["rules.effective_missing"]}),
        (replace(FIFTEEN, effective_from=date(2026, 11, 23)), {"effective_from": ["rules.effective_later"]}),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    session: Session, typed: PeriodData, problems: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        period(session, typed)

    assert refused.value.problems == problems


def test_a_periods_basis_changes_but_never_its_length(session: Session) -> None:
    archivist = actor(session, "archivist_head")
    typed = PeriodData(3, "国家档案局令第10号", date(2026, 1, 1))

    edit_period(session, archivist, "D10", typed, version=1, now=NOW, today=TODAY)

    row = session.get_one(RetentionPeriod, "D10")
    assert (row.years, row.basis, row.version) == (10, "国家档案局令第10号", 2)
    with pytest.raises(ChangedMeanwhile):
        edit_period(session, archivist, "D10", FIFTEEN, version=1, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        edit_period(session, archivist, "D7", FIFTEEN, version=1, now=NOW, today=TODAY)


def test_a_period_in_use_stays_and_one_that_nothing_has_goes(session: Session) -> None:
    archivist = actor(session, "archivist_head")
    code = period(session)

    with pytest.raises(WrongState):
        remove_period(session, archivist, "D10", now=NOW)
    remove_period(session, archivist, code, now=NOW)

    assert session.get(RetentionPeriod, code) is None
    assert {row.code: row.in_use for row in read_periods(session)}["D10"]
    with pytest.raises(NotFound):
        remove_period(session, archivist, code, now=NOW)


@pytest.mark.parametrize("code", ["\x00", "D7", "d10", "D10\n", ""])
def test_a_code_that_is_none_is_not_found(session: Session, code: str) -> None:
    archivist = actor(session, "archivist_head")

    with pytest.raises(NotFound):
        read_period(session, code)
    with pytest.raises(NotFound):
        remove_period(session, archivist, code, now=NOW)
    with pytest.raises(NotFound):
        edit_period(session, archivist, code, FIFTEEN, version=1, now=NOW, today=TODAY)


def test_a_template_is_put_into_force_with_its_basis(session: Session) -> None:
    archivist = actor(session, "archivist_head")

    change_template(session, archivist, OTHER_TEMPLATE, "总公司〔2026〕3 号", version=0, now=NOW)

    now_in_force = in_force(session, NUMBER_TEMPLATE)
    entry = events(session, "rules_changed")[0]
    assert setting(session, NUMBER_TEMPLATE) == OTHER_TEMPLATE
    assert (now_in_force.basis, now_in_force.effective_from, now_in_force.version) == ("总公司〔2026〕3 号", NOW, 1)
    assert entry.after == {"value": OTHER_TEMPLATE, "basis": "总公司〔2026〕3 号"}


def test_a_template_is_versioned_from_the_first_change_on(session: Session) -> None:
    archivist = actor(session, "archivist_head")
    with pytest.raises(ChangedMeanwhile):
        change_template(session, archivist, OTHER_TEMPLATE, "DA/T 13", version=3, now=NOW)
    change_template(session, archivist, OTHER_TEMPLATE, "DA/T 13", version=0, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        change_template(session, archivist, OTHER_TEMPLATE.replace("06d", "04d"), "DA/T 13", version=0, now=NOW)


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{fonds}-{item:05d}", "template.missing_field"),
        (OTHER_TEMPLATE.replace("-ZY", "-zy"), "template.bad_literal"),
        ("{fonds}-ZY·{series}·{year}·{period}-{volume:05d}-{item:03d}", "template.volume"),
        ("", "template.missing_field"),
    ],
)
def test_a_template_that_would_fail_at_filing_is_refused(session: Session, template: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_template(session, actor(session, "archivist_head"), template, "DA/T 13", version=0, now=NOW)

    assert refused.value.problems == {"value": [problem]}


def test_an_example_shows_how_numbers_will_read() -> None:
    assert example_number(OTHER_TEMPLATE) == "J019-ZY·CB·2026·D10-000037"
