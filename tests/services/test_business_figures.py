"""Numbers of the business: typed in by the branch's head, summed over months, never more than their whole."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed
from app.domain.figures import Given
from app.domain.product_lines import InsuranceClass
from app.queries.case_figures import FigureFilter
from app.queries.service_figures import given_of, given_sums, service_figures
from app.services.business_figures import enter_figures
from tests.cast import EAST, NOW, WEST, actor

TODAY = date(2026, 11, 22)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AUTUMN = FigureFilter(OCTOBER, date(2026, 12, 31))


def enter(session: Session, who: str, month: date, values: dict[Given, int | None], branch_id: int = EAST) -> None:
    enter_figures(session, actor(session, who), branch_id, month, values, now=NOW, today=TODAY)


def test_months_are_summed_and_a_later_number_takes_the_place_of_the_first(session: Session) -> None:
    enter(session, "manager", OCTOBER, {Given.PREMIUM: 500, Given.POLICIES: 3})
    enter(session, "manager", NOVEMBER, {Given.PREMIUM: 200})
    enter(session, "manager", OCTOBER, {Given.PREMIUM: 600, Given.POLICIES: None})

    assert given_sums(session, actor(session, "manager"), AUTUMN) == {Given.PREMIUM: 800}
    assert given_of(session, EAST, OCTOBER) == {Given.PREMIUM: 600}


@pytest.mark.parametrize("who", ["clerk", "archivist", "manager_west"])
def test_only_the_head_of_the_branch_types_them_in(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        enter(session, who, NOVEMBER, {Given.PREMIUM: 1})


@pytest.mark.parametrize(
    ("month", "values", "field"),
    [
        (date(2026, 12, 1), {Given.PREMIUM: 1}, "month"),
        (date(2026, 11, 2), {Given.PREMIUM: 1}, "month"),
        (NOVEMBER, {Given.PREMIUM: -1}, "premium"),
        (NOVEMBER, {Given.CALLS: 5, Given.CALLS_ANSWERED: 6}, "calls_answered"),
        (NOVEMBER, {Given.CALLS_ANSWERED: 6}, "calls_answered"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    session: Session, month: date, values: dict[Given, int | None], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        enter(session, "manager", month, values)

    assert list(refused.value.problems) == [field]
    assert given_of(session, EAST, month) == {}


def test_other_branches_numbers_are_not_summed(session: Session) -> None:
    enter(session, "manager_west", NOVEMBER, {Given.PREMIUM: 700}, WEST)

    assert given_sums(session, actor(session, "manager"), AUTUMN) == {}


def test_without_anything_no_indicator_has_a_value(session: Session) -> None:
    found = service_figures(session, actor(session, "manager"), AUTUMN)

    assert found.claims[InsuranceClass.PERSONAL].closed.value is None
    assert found.change_days.value is None
    assert found.called_back.value is None
    assert found.share(Given.CALLS_ANSWERED, Given.CALLS).value is None
