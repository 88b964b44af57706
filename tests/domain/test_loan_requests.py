"""What a borrowing request says, and the papers of those from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.loan_requests import EXTERNAL_WAYS, REQUIRED_PAPERS, External, ExternalKind, Paper, Wish, check_wish
from app.domain.loan_rules import Way

TODAY = date(2026, 11, 22)
WISH = Wish("lend", "claim")


def problems_of(wish: Wish) -> dict[str, list[str]]:
    """What is wrong with a wish, nothing when all is well."""
    try:
        check_wish(wish, TODAY)
    except Invalid as invalid:
        return invalid.problems
    return {}


def complete(kind: ExternalKind) -> External:
    """Somebody from outside who has shown everything."""
    papers = {paper.value: f"{paper.value} 号" for paper in REQUIRED_PAPERS[kind]}
    return External(kind, "赵六", "城东公安分局", "13812345678", papers)


@pytest.mark.parametrize("kind", ExternalKind)
@pytest.mark.parametrize("way", Way)
def test_who_shows_all_his_papers_may_ask_in_the_ways_that_are_his(kind: ExternalKind, way: Way) -> None:
    problems = problems_of(Wish(way, "justice", external=complete(kind)))

    assert (problems == {}) == (way in EXTERNAL_WAYS[kind])


@given(st.sampled_from(ExternalKind), st.data())
def test_every_missing_paper_is_named(kind: ExternalKind, data: st.DataObject) -> None:
    shown = complete(kind)
    missing = data.draw(st.sets(st.sampled_from(REQUIRED_PAPERS[kind]), min_size=1))
    left = {name: text for name, text in shown.papers.items() if name not in missing}
    way = sorted(EXTERNAL_WAYS[kind])[0]

    problems = problems_of(Wish(way, "justice", external=replace(shown, papers=left)))

    assert set(problems) == {paper.value for paper in missing}


@given(
    st.text(max_size=400),
    st.text(max_size=80),
    st.dictionaries(st.text(max_size=12), st.text(max_size=200), max_size=5),
)
def test_nothing_typed_breaks_the_check_and_no_unknown_paper_is_kept(
    note: str, name: str, papers: dict[str, str]
) -> None:
    wish = Wish("read", "other", note, external=External("customer", name, papers=papers))

    try:
        checked = check_wish(wish, TODAY)
    except Invalid as invalid:
        assert all(codes for codes in invalid.problems.values())
    else:
        assert checked.external is not None
        assert set(checked.external.papers) <= {paper.value for paper in Paper}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"way": "steal"}, "way"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "other"}, "purpose_note"),
        ({"purpose_note": "x" * 301}, "purpose_note"),
        ({"days": -1}, "days"),
        ({"wanted_from": TODAY - timedelta(days=1)}, "wanted_from"),
        ({"wanted_from": TODAY + timedelta(days=181)}, "wanted_from"),
        ({"wanted_from": TODAY, "way": "electronic"}, "wanted_from"),
        ({"external": External("spy", "赵六")}, "external_kind"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    assert set(problems_of(replace(WISH, **changes))) == {field}  # type: ignore[arg-type]


def test_two_officers_are_two_people() -> None:
    twice = replace(complete(ExternalKind.COURT), papers={"officer_1": "赵六 1", "officer_2": "赵六  1", "letter": "1"})

    assert problems_of(replace(WISH, external=twice)) == {"officer_2": ["loan.same_officer"]}


def test_a_day_for_which_something_is_reserved_may_be_today_or_later() -> None:
    assert problems_of(replace(WISH, wanted_from=TODAY)) == {}
    assert problems_of(replace(WISH, wanted_from=TODAY + timedelta(days=180))) == {}
