"""Giving cases to people, on both databases: who may, who may be given one, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cases import CaseKind, CaseState
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.policy import Action
from app.models.cases import Absence, Case, CaseBar, CaseNote
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.queries.case_candidates import candidates, open_cases_of
from app.queries.visibility import cases_for, team_cases_for
from app.services.case_assigning import assign, hand_over_all
from tests.cast import EAST_CITY, NOW, PEOPLE, actor
from tests.services.casework import make_case

CLERK, CITY, ARCHIVIST, HEAD_ARCHIVIST, MANAGER, WEST = (
    PEOPLE[name][0] for name in ("clerk", "clerk_city", "archivist", "archivist_head", "manager", "clerk_west")
)


def a_case(session: Session, handler: int | None = CLERK, **values: Any) -> Case:
    return make_case(session, actor(session, "archivist"), handler_id=handler, **values)


def bar(session: Session, case: Case, account_id: int) -> None:
    session.add(CaseBar(case_id=case.id, account_id=account_id, relation="interest", barred_at=NOW))
    session.flush()


def give(session: Session, who: str, case: Case, to_id: int | None, word: str = "") -> None:
    assign(session, actor(session, who), case.id, to_id, word=word, version=case.version, now=NOW)


def test_a_manager_gives_a_case_and_the_receiver_has_to_declare_anew(session: Session) -> None:
    case = a_case(session)

    give(session, "manager", case, ARCHIVIST, "转给您办理")

    assert (case.handler_id, case.declared_at) == (ARCHIVIST, None)
    notices = session.execute(select(Notice.account_id, Notice.kind).where(Notice.kind == "case_given")).all()
    assert [tuple(row) for row in notices] == [(ARCHIVIST, "case_given")]
    assert session.scalars(select(CaseNote.text)).one() == "转给您办理"
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "case_handed_over")).one()
    assert "archivist" in str(entry.after) and "clerk" in str(entry.before)


def test_a_manager_takes_a_case_himself(session: Session) -> None:
    case = a_case(session, None)

    give(session, "manager", case, MANAGER)

    assert case.handler_id == MANAGER
    assert session.scalars(select(TrailEntry.event).where(TrailEntry.event == "case_assigned")).one()


def test_its_handler_hands_a_case_on_and_so_does_who_stands_in(session: Session) -> None:
    case, other = a_case(session), a_case(session, phone="13900000002")
    session.add(Absence(account_id=CLERK, deputy_id=ARCHIVIST, first_on=NOW.date(), last_on=NOW.date(), created_at=NOW))
    session.flush()

    give(session, "clerk", case, ARCHIVIST)
    give(session, "archivist", other, MANAGER)

    assert (case.handler_id, other.handler_id) == (ARCHIVIST, MANAGER)


def test_who_only_registered_or_only_sees_a_case_cannot_give_it_on(session: Session) -> None:
    case = a_case(session)

    with pytest.raises(NotAllowed):
        give(session, "archivist", case, ARCHIVIST)
    with pytest.raises(NotFound):
        give(session, "clerk_city", case, CITY)


@pytest.mark.parametrize(
    ("to_id", "code"),
    [
        (None, "assign.nobody"),
        (CLERK, "assign.same"),
        (CITY, "assign.not_fit"),
        (WEST, "assign.not_fit"),
        (PEOPLE["agent"][0], "assign.not_fit"),
        (PEOPLE["newcomer"][0], "assign.not_fit"),
        (999, "assign.not_fit"),
    ],
)
def test_only_people_of_the_branch_may_be_given_a_case(session: Session, to_id: int | None, code: str) -> None:
    case = a_case(session)

    with pytest.raises(Invalid) as caught:
        give(session, "manager", case, to_id)

    assert caught.value.problems == {"to_id": [code]}
    assert case.handler_id == CLERK


def test_the_barred_are_never_given_a_case_nor_named_for_it(session: Session) -> None:
    case = a_case(session)
    bar(session, case, ARCHIVIST)
    manager = actor(session, "manager")

    named = {person.id for person in candidates(session, case, manager, now=NOW)}
    with pytest.raises(Invalid) as caught:
        give(session, "manager", case, ARCHIVIST)

    assert named == {CLERK, MANAGER}
    assert caught.value.problems == {"to_id": ["assign.barred"]}
    done = hand_over_all(session, manager, CLERK, ARCHIVIST, [case.id], word="", now=NOW)
    assert (done.given, done.left, case.handler_id) == (0, 1, CLERK)


def test_a_manager_who_is_barred_does_not_find_the_case(session: Session) -> None:
    case = a_case(session)
    bar(session, case, MANAGER)

    with pytest.raises(NotFound):
        give(session, "manager", case, ARCHIVIST)
    assert open_cases_of(session, actor(session, "manager"), CLERK, ARCHIVIST, now=NOW) == ([], False)


def test_an_old_page_and_a_case_that_is_over_are_refused(session: Session) -> None:
    case = a_case(session)

    with pytest.raises(WrongState) as caught:
        assign(session, actor(session, "manager"), case.id, ARCHIVIST, version=case.version - 1, now=NOW)
    assert caught.value.code == "case.changed"
    case.state = CaseState.CLOSED.value
    session.flush()
    with pytest.raises(WrongState) as caught:
        give(session, "manager", case, ARCHIVIST)
    assert caught.value.code == "assign.over"


def test_a_re_examination_goes_to_the_branch_or_above_but_not_to_who_decided_first(session: Session) -> None:
    first, review = a_case(session), a_case(session, ARCHIVIST, phone="13900000002")
    review.kind, review.parent_id = CaseKind.REVIEW.value, first.id
    session.flush()

    named = {person.id for person in candidates(session, review, actor(session, "manager"), now=NOW)}

    assert HEAD_ARCHIVIST in named and CLERK not in named and CITY not in named


def test_candidates_show_their_load_and_their_days_away(session: Session) -> None:
    case = a_case(session)
    a_case(session, ARCHIVIST, phone="13900000002")
    session.add(Absence(account_id=CLERK, deputy_id=MANAGER, first_on=NOW.date(), last_on=NOW.date(), created_at=NOW))
    session.flush()

    people = {person.id: person for person in candidates(session, case, actor(session, "manager"), now=NOW)}

    assert (people[CLERK].open_cases, people[MANAGER].open_cases) == (1, 0)
    assert (people[CLERK].away_until, people[CLERK].deputy) == (NOW.date(), "负责甲")
    assert people[ARCHIVIST].away_until is None


def test_all_open_cases_are_handed_over_but_those_that_changed_meanwhile(session: Session) -> None:
    cases = [a_case(session, phone=f"1390000001{n}") for n in range(3)]
    found, more = open_cases_of(session, actor(session, "manager"), CLERK, ARCHIVIST, now=NOW)
    give(session, "manager", cases[2], MANAGER)

    ids = [case.id for case in cases]
    done = hand_over_all(session, actor(session, "manager"), CLERK, ARCHIVIST, ids, word="离职交接", now=NOW)

    assert ({row.id for row in found if row.fits}, more) == (set(ids), False)
    assert (done.given, done.left) == (2, 1)
    assert [case.handler_id for case in cases] == [ARCHIVIST, ARCHIVIST, MANAGER]
    assert session.scalars(select(Notice.kind).where(Notice.kind == "cases_given")).all() == ["cases_given"]


def test_nobody_hands_over_what_he_may_not_give(session: Session) -> None:
    case = a_case(session)

    done = hand_over_all(session, actor(session, "clerk_west"), CLERK, WEST, [case.id], word="", now=NOW)

    assert (done.given, case.handler_id) == (0, CLERK)
    for to_id, ids, code in (
        (CLERK, [1], "assign.same"),
        (None, [1], "assign.nobody"),
        (WEST, [], "assign.none_chosen"),
    ):
        with pytest.raises(Invalid) as caught:
            hand_over_all(session, actor(session, "manager"), CLERK, to_id, ids, word="", now=NOW)
        assert code in str(caught.value.problems)


def test_the_manager_above_takes_a_case_of_a_branch_below(session: Session) -> None:
    case = a_case(session, None)
    case.branch_id = EAST_CITY
    session.flush()

    give(session, "manager", case, MANAGER)

    assert case.handler_id == MANAGER


def test_the_board_holds_no_case_that_its_reader_may_not_see(session: Session) -> None:
    cases = [a_case(session, who, phone=f"1390000200{who % 10}") for who in (CLERK, ARCHIVIST, MANAGER)]
    cases[0].branch_id = EAST_CITY
    cases[2].level = 4
    bar(session, cases[1], MANAGER)

    for name in ("clerk", "clerk_city", "archivist", "archivist_city", "manager", "manager_west", "auditor"):
        who = actor(session, name)
        seen = set(session.scalars(select(Case.id).where(cases_for(who, Action.CASE_VIEW))))
        for by_index in (True, False):
            assert set(session.scalars(select(Case.id).where(team_cases_for(who, by_index=by_index)))) <= seen
    manager, clerk = actor(session, "manager"), actor(session, "clerk")
    assert set(session.scalars(select(Case.id).where(team_cases_for(manager)))) == {cases[0].id, cases[2].id}
    assert set(session.scalars(select(Case.id).where(team_cases_for(clerk)))) == {cases[0].id}
