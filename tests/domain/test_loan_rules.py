"""The rule matrix: which row holds, and what several items come to together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.loan_rules import CHAINS, EXTERNAL, ROLES, SEED, Case, Rule, Terms, Way, closest, strictest, terms_of

DAY = date(2026, 11, 22)
CODES = ["1", "11", "14", "2", "22", "3", "34", "5"]
WAYS = [way.value for way in Way]

cases = st.builds(
    Case,
    role=st.sampled_from(ROLES),
    category=st.sampled_from([code for code in CODES if len(code) == 2]),
    level=st.integers(1, 4),
    way=st.sampled_from(WAYS),
    day=st.just(DAY),
)
rules = st.builds(
    Rule,
    role=st.sampled_from(["", *ROLES]),
    category=st.sampled_from(["", *CODES]),
    level=st.none() | st.integers(1, 4),
    way=st.sampled_from(["", *WAYS]),
    approvers=st.sampled_from(CHAINS),
    days=st.integers(1, 30),
    renewals=st.integers(0, 3),
    on_site_only=st.booleans(),
    most_at_once=st.integers(1, 20),
    may_print=st.booleans(),
    may_copy=st.booleans(),
    effective_from=st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3)),
    active=st.booleans(),
    id=st.integers(1, 10**6),
)


def case(role: str = "clerk", category: str = "22", level: int = 2, way: str = "lend") -> Case:
    """A clerk borrows an application form."""
    return Case(role, category, level, way, DAY)


def seeded(wanted: Case) -> Rule:
    """The row of the seed that holds for a case."""
    found = closest(SEED, wanted)
    assert found is not None
    return found


@given(cases)
def test_the_seed_speaks_of_every_case_and_names_its_basis(wanted: Case) -> None:
    assert seeded(wanted).basis


@given(st.lists(rules, max_size=12), cases)
def test_what_holds_fits_and_nothing_that_fits_names_more(matrix: list[Rule], wanted: Case) -> None:
    found = closest(matrix, wanted)

    if found is None:
        assert not any(rule.fits(wanted) for rule in matrix)
    else:
        assert found.fits(wanted)
        assert all(found.closeness >= rule.closeness for rule in matrix if rule.fits(wanted))


@given(st.lists(rules, min_size=2, max_size=8, unique_by=lambda rule: rule.id), cases, st.randoms())
def test_the_order_of_the_rows_does_not_matter(matrix: list[Rule], wanted: Case, random: object) -> None:
    shuffled = sorted(matrix, key=lambda rule: hash((rule.id, str(random))))

    assert closest(shuffled, wanted) == closest(matrix, wanted)


@given(rules, cases)
def test_a_row_that_rests_or_comes_later_never_holds(rule: Rule, wanted: Case) -> None:
    assert closest([replace(rule, active=False)], wanted) is None
    assert closest([replace(rule, effective_from=DAY + timedelta(days=1))], wanted) is None


@given(st.lists(st.builds(terms_of, rules, st.sampled_from(WAYS), elsewhere=st.booleans()), min_size=1, max_size=6))
def test_together_nothing_is_laxer_than_its_strictest_item(each: list[Terms]) -> None:
    together = strictest(each)

    for terms in each:
        assert together.days <= terms.days
        assert together.renewals <= terms.renewals
        assert together.most_at_once <= terms.most_at_once
        assert together.on_site_only or not terms.on_site_only
        assert terms.may_print or not together.may_print
        assert terms.may_copy or not together.may_copy
        assert CHAINS.index(together.approvers) >= CHAINS.index(terms.approvers)
    assert together.rule_id in {terms.rule_id for terms in each}


@given(rules, st.sampled_from(WAYS))
def test_papers_of_another_branch_never_take_a_shorter_chain(rule: Rule, way: str) -> None:
    own, elsewhere = (terms_of(rule, way, elsewhere=far) for far in (False, True))

    assert elsewhere.approvers
    assert len(elsewhere.approvers.split()) >= len(own.approvers.split())
    assert replace(elsewhere, approvers=own.approvers) == own


@pytest.mark.parametrize(
    ("wanted", "chain", "days", "renewals", "on_site"),
    [
        (case(), "manager", 10, 1, False),
        (case(way="read"), "manager", 1, 0, True),
        (case(way="read", level=1), "", 1, 0, True),
        (case("archivist", way="read"), "", 1, 0, True),
        (case(level=3), "manager", 5, 0, False),
        (case(level=4), "manager upper", 1, 0, True),
        (case(level=4, way="electronic"), "manager upper", 1, 0, False),
        (case(way="electronic"), "manager", 5, 1, False),
        (case(EXTERNAL, way="read"), "manager", 1, 0, True),
        (case(EXTERNAL, level=4, way="lend"), "manager upper", 30, 1, False),
    ],
)
def test_the_seed_says_what_the_trade_says(wanted: Case, chain: str, days: int, renewals: int, on_site: bool) -> None:
    terms = terms_of(seeded(wanted), wanted.way, elsewhere=False)

    assert (terms.approvers, terms.days, terms.renewals, terms.on_site_only) == (chain, days, renewals, on_site)


def test_a_sub_class_holds_before_its_class_and_a_level_before_a_role() -> None:
    general, of_class, of_sub = Rule(id=1), Rule(category="2", id=2), Rule(category="22", id=3)
    of_role, of_level = Rule(role="clerk", id=4), Rule(level=2, id=5)

    assert closest([general, of_class, of_sub], case()) is of_sub
    assert closest([general, of_class, of_sub], case(category="21")) is of_class
    assert closest([of_role, of_level, of_sub], case()) is of_level
    assert closest([of_level, Rule(role="clerk", way="lend", id=6)], case()).id == 6  # type: ignore[union-attr]


def test_nobody_from_outside_reads_on_the_screen() -> None:
    assert not any(seeded(case(EXTERNAL, level=level, way="electronic")).allowed for level in (1, 2, 3, 4))
