"""Complaints are counted as the trade counts them, by every dimension, and never with what one is barred from."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import Channel
from app.domain.figures import Tally
from app.models.cases import Case
from app.queries.case_figures import (
    DIMENSIONS,
    TREND,
    FigureFilter,
    aftermath,
    count_by_month,
    count_cases,
    repeated_complainants,
)
from tests.cast import EAST_CITY, NOW, WEST, actor
from tests.records import make_customer
from tests.services.casework import make_case

TODAY = date(2026, 11, 22)
AUTUMN = FigureFilter(date(2026, 10, 1), date(2026, 12, 31))


def tally(session: Session, who: Actor, wanted: FigureFilter = AUTUMN) -> Tally:
    return count_cases(session, who, wanted, today=TODAY).by("whole").get("", Tally())


def ended(case: Case, *, days: int, over: int = 0) -> None:
    case.state, case.decided_at, case.notified_at = "notified", NOW, NOW
    case.days_taken, case.days_over, case.clock_state = days, over, "overdue" if over else "met"


def some_cases(session: Session) -> dict[str, Case]:
    clerk, manager = actor(session, "clerk"), actor(session, "manager")
    long_ago = NOW - timedelta(days=40)
    cases = {
        "met": make_case(session, clerk, received_at=long_ago, line="life"),
        "late": make_case(session, clerk, received_at=long_ago, phone="13900000002", line="life"),
        "overdue": make_case(session, clerk, received_at=long_ago, phone="13900000003"),
        "open": make_case(session, clerk, channel=Channel.REGULATOR, forward_number="京办1", phone="13900000004"),
        "below": make_case(session, manager, branch_id=EAST_CITY, phone="13900000005", persons=2),
        "withdrawn": make_case(session, clerk, phone="13900000006"),
        "declined": make_case(session, clerk, phone="13900000007"),
    }
    ended(cases["met"], days=12)
    ended(cases["late"], days=30, over=15)
    cases["overdue"].clock_state = "overdue"
    cases["withdrawn"].state = "withdrawn"
    cases["declined"].state = "declined"
    session.flush()
    return cases


def test_complaints_are_counted_with_their_ends_and_limits(session: Session) -> None:
    some_cases(session)

    found = tally(session, actor(session, "manager"))

    assert (found.received, found.ended, found.withdrawn) == (6, 2, 1)
    assert (found.due, found.in_time, found.within_fifteen, found.days) == (3, 1, 1, 42)
    assert (found.overdue, found.forwarded, found.group) == (1, 1, 1)
    assert found.in_time_rate.value == 100 / 3


def test_each_dimension_adds_up_to_the_whole(session: Session) -> None:
    some_cases(session)

    counts = count_cases(session, actor(session, "manager"), AUTUMN, today=TODAY)
    counted = {name: counts.by(name) for name in DIMENSIONS}

    for name, groups in counted.items():
        assert sum(group.received for group in groups.values()) == 6, name
    assert counted["branch"][str(EAST_CITY)].received == 1
    assert counted["line"]["life"].received == 2
    assert counted["channel"]["regulator"].received == 1


def test_nothing_is_counted_of_other_branches_or_other_days(session: Session) -> None:
    some_cases(session)

    assert tally(session, actor(session, "manager_west")).received == 0
    assert tally(session, actor(session, "manager"), FigureFilter(AUTUMN.first, AUTUMN.last, WEST)).received == 0
    assert tally(session, actor(session, "manager"), FigureFilter(date(2026, 1, 1), date(2026, 9, 30))).received == 0


def test_who_is_barred_counts_without_the_case(session: Session) -> None:
    some_cases(session)
    before = tally(session, actor(session, "manager"))

    make_case(session, actor(session, "clerk"), accused_name="负责甲", phone="13900000009")

    assert tally(session, actor(session, "manager")) == before


def test_months_are_those_of_the_office(session: Session) -> None:
    # 00:30 on the first of November in the office is still October in UTC.
    night = NOW.replace(month=10, day=31, hour=16, minute=30)
    make_case(session, actor(session, "clerk"), received_at=night)

    assert list(count_by_month(session, actor(session, "manager"), AUTUMN, today=TODAY)) == ["2026-11"]


def test_a_trend_counts_each_month_as_its_span_does(session: Session) -> None:
    some_cases(session)
    manager = actor(session, "manager")

    months = count_by_month(session, manager, AUTUMN, today=TODAY)

    spans = {"2026-10": (date(2026, 10, 1), date(2026, 10, 31)), "2026-11": (date(2026, 11, 1), date(2026, 11, 30))}
    shown = ("received", "days", *TREND)
    assert {month: [getattr(found, name) for name in shown] for month, found in months.items()} == {
        month: [getattr(tally(session, manager, FigureFilter(*span)), name) for name in shown]
        for month, span in spans.items()
    }


def test_who_complained_more_than_once_is_led_to_by_the_newest_case(session: Session) -> None:
    clerk, customer_id = actor(session, "clerk"), make_customer(session, "王芳")
    first = make_case(session, clerk, customer_id=customer_id, received_at=NOW - timedelta(days=3))
    second = make_case(session, clerk, customer_id=customer_id, received_at=NOW - timedelta(days=1))
    make_case(session, clerk, phone="13900000002")
    manager = actor(session, "manager")
    counts = count_cases(session, manager, AUTUMN, today=TODAY)

    (found,) = repeated_complainants(session, manager, AUTUMN, counts)

    assert (found.case_id, found.number, found.times) == (second.id, second.number, 2)
    assert first.id != second.id


def test_there_is_no_rate_without_decisions(session: Session) -> None:
    some_cases(session)

    assert aftermath(session, actor(session, "manager"), AUTUMN).upheld.value is None
