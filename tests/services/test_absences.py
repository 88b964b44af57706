"""Days away and deputies, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.absences import Away, check_absence
from app.domain.errors import Invalid, NotFound, WrongState
from app.models.cases import Absence, CaseBar
from app.models.evidence import Notice
from app.queries.absences import deputies_for, list_absences
from app.queries.case_detail import require_seen
from app.services.absences import add_absence, cancel_absence
from tests.cast import NOW, PEOPLE, actor
from tests.services.casework import make_case

TODAY = date(2026, 11, 22)
CLERK, CITY, WEST, ARCHIVIST, MANAGER = (
    PEOPLE[name][0] for name in ("clerk", "clerk_city", "clerk_west", "archivist", "manager")
)


def add(
    session: Session,
    who: str = "clerk",
    account: int = CLERK,
    deputy: int | None = ARCHIVIST,
    *,
    first: int = 0,
    last: int = 3,
) -> int:
    """Write down days away, counted from today."""
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    return add_absence(session, actor(session, who), account, deputy, *days, "年休假", now=NOW)


def refusal(session: Session, *args: object, **kwargs: object) -> str:
    with pytest.raises(Invalid) as caught:
        add(session, *args, **kwargs)  # type: ignore[arg-type]
    return next(iter(caught.value.problems.values()))[0]


def test_a_deputy_is_told_and_sees_and_handles_the_cases_but_where_he_is_barred(session: Session) -> None:
    case = make_case(session, actor(session, "archivist"), handler_id=CITY)
    hidden = make_case(session, actor(session, "archivist"), handler_id=CITY, phone="13900000002")
    session.add(CaseBar(case_id=hidden.id, account_id=CLERK, relation="interest", barred_at=NOW))

    add(session, "clerk_city", CITY, CLERK)

    deputy = actor(session, "clerk")
    assert CITY in deputy.stands_for
    require_seen(session, deputy, case.id)
    with pytest.raises(NotFound):
        require_seen(session, deputy, hidden.id)
    assert session.scalars(select(Notice.account_id).where(Notice.kind == "deputy_named")).all() == [CLERK]


def test_days_that_make_no_sense_are_refused(session: Session) -> None:
    assert refusal(session, deputy=CLERK) == "absence.oneself"
    assert refusal(session, deputy=None) == "absence.deputy_missing"
    assert refusal(session, first=3, last=1) == "absence.days"
    assert refusal(session, first=-5, last=-1) == "absence.past"
    assert refusal(session, last=400) == "absence.too_long"


def test_a_deputy_is_of_the_same_branch_above_or_below(session: Session) -> None:
    named = {person.id for person in deputies_for(session, CLERK, now=NOW)}

    assert {CITY, ARCHIVIST, MANAGER} <= named
    assert WEST not in named and CLERK not in named and PEOPLE["agent"][0] not in named
    assert refusal(session, deputy=WEST) == "absence.deputy_unfit"
    assert refusal(session, deputy=PEOPLE["auditor"][0]) == "absence.deputy_unfit"


def test_nobody_is_away_twice_and_there_is_no_chain_and_no_circle(session: Session) -> None:
    add(session, first=1, last=5)

    assert refusal(session, first=5, last=9) == "absence.there_already"
    assert refusal(session, "archivist", ARCHIVIST, CLERK, first=3, last=3) == "absence.deputy_away"
    assert refusal(session, "archivist", ARCHIVIST, MANAGER, first=3, last=3) == "absence.stands_in"
    assert refusal(session, "manager", MANAGER, CLERK, first=0, last=1) == "absence.deputy_away"
    assert add(session, "archivist", ARCHIVIST, CLERK, first=6, last=7)


def test_a_manager_writes_down_his_peoples_days_and_a_stranger_does_not(session: Session) -> None:
    assert add(session, "manager", CITY, CLERK)

    with pytest.raises(NotFound):
        add(session, "clerk_west", CLERK, ARCHIVIST)
    with pytest.raises(NotFound):
        add(session, "archivist", CLERK, ARCHIVIST)
    rows = list_absences(session, actor(session, "clerk_west"), today=TODAY)
    assert rows == []


def test_cancelled_days_end_the_standing_in_and_make_room(session: Session) -> None:
    absence_id = add(session)
    with pytest.raises(NotFound):
        cancel_absence(session, actor(session, "archivist"), absence_id, now=NOW)

    cancel_absence(session, actor(session, "clerk"), absence_id, now=NOW)

    assert actor(session, "archivist").stands_for == frozenset()
    with pytest.raises(WrongState):
        cancel_absence(session, actor(session, "clerk"), absence_id, now=NOW)
    assert add(session)


def test_days_that_are_over_are_not_cancelled(session: Session) -> None:
    absence_id = add(session)
    session.get_one(Absence, absence_id)

    with pytest.raises(WrongState) as caught:
        cancel_absence(session, actor(session, "clerk"), absence_id, now=NOW + timedelta(days=9))

    assert caught.value.code == "absence.over"


def test_every_two_absences_are_checked_day_by_day() -> None:
    """The pure rule against a slow one that looks at each day."""
    people = (1, 2, 3)
    spans = [(first, last) for first in range(4) for last in range(first, 4)]
    for a, da in ((a, da) for a in people for da in people if a != da):
        for b, db in ((b, db) for b in people for db in people if b != db):
            for fa, la in spans:
                for fb, lb in spans:
                    _compare(Away(a, da, _day(fa), _day(la)), Away(b, db, _day(fb), _day(lb)))


def _compare(wanted: Away, other: Away) -> None:
    together = {_day(n) for n in range(4)}
    shared = any(
        w.first_on <= d <= w.last_on and other.first_on <= d <= other.last_on for d in together for w in (wanted,)
    )
    clash = wanted.account_id == other.account_id or wanted.deputy_id == other.account_id
    expected = shared and (clash or wanted.account_id == other.deputy_id)
    try:
        check_absence(wanted, [other], TODAY)
        refused = False
    except Invalid:
        refused = True
    assert refused == expected


def _day(n: int) -> date:
    return TODAY + timedelta(days=n)
