"""What one does with one's own account: password, sessions, recovery codes, language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, TooManyTries
from app.queries.sessions import means_of, own_sessions
from app.services import own_account, sessions
from app.services.doors import DoorShut
from tests.cast import NOW, PEOPLE
from tests.phones import PASSWORD, Desk, account, events, give_phone, open_sessions

MINUTE = timedelta(minutes=1)
IDLE = timedelta(minutes=15)
FRESH = "Fresh-Bread-9"


@pytest.fixture
def desk(session: Session) -> Desk:
    """The sign-in, with a clerk and a manager who have phones."""
    give_phone(session, "clerk")
    give_phone(session, "manager")
    return Desk(session)


@pytest.fixture
def clerk(desk: Desk) -> Actor:
    """A clerk who is signed in twice; the second session is at hand."""
    desk.sign_in("clerk")
    return desk.sign_in("clerk", now=NOW + MINUTE).actor


def change(desk: Desk, who: Actor, current: str, password: str = FRESH) -> None:
    """Change a password."""
    own_account.change_password(desk.writing, who, current, password, "fresh", rules=desk.rules, now=NOW + MINUTE)


def test_a_changed_password_ends_other_sessions_and_renews_the_token(
    desk: Desk, session: Session, clerk: Actor
) -> None:
    change(desk, clerk, PASSWORD)

    (only,) = open_sessions(session, "clerk")
    assert (only.id, only.token_hash) == (clerk.session_id, "fresh")
    assert desk.password("clerk", FRESH)
    with pytest.raises(Invalid):
        desk.password("clerk", PASSWORD)
    assert len(events(session, "password_changed")) == 1


def test_the_password_at_hand_must_be_right(desk: Desk, session: Session, clerk: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        change(desk, clerk, "Wrong-Horse-7")

    assert refused.value.problems == {"current": ["password_wrong"]}
    assert desk.password("clerk", PASSWORD)
    assert [entry.reason for entry in events(session, "sign_in_failed")] == ["wrong_password_at_change"]


def test_guesses_at_the_password_at_hand_are_bounded(desk: Desk, clerk: Actor) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            change(desk, clerk, "Wrong-Horse-7")

    with pytest.raises(TooManyTries):
        change(desk, clerk, PASSWORD)


@pytest.mark.parametrize(("password", "problem"), [(PASSWORD, "password_used"), ("short", "password_short")])
def test_a_new_password_must_be_new_and_strong(desk: Desk, clerk: Actor, password: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(desk, clerk, PASSWORD, password)

    assert problem in refused.value.problems["password"]


def test_a_session_that_ended_meanwhile_changes_no_password(desk: Desk, session: Session, clerk: Actor) -> None:
    assert clerk.session_id is not None
    sessions.end_session(session, clerk.session_id, "ended_by_owner", now=NOW)

    with pytest.raises(DoorShut):
        change(desk, clerk, PASSWORD)


def test_one_sees_ones_own_sessions_last_used_first(session: Session, clerk: Actor) -> None:
    rows = own_sessions(session, clerk.account_id, current=clerk.session_id, idle=IDLE, now=NOW + 2 * MINUTE)

    assert [(row.device, row.address, row.is_this) for row in rows] == [
        ("Chrome · Windows", "10.0.0.1", True),
        ("Chrome · Windows", "10.0.0.1", False),
    ]


def test_sessions_that_rested_too_long_are_not_shown(session: Session, clerk: Actor) -> None:
    rows = own_sessions(session, clerk.account_id, current=clerk.session_id, idle=IDLE, now=NOW + IDLE + MINUTE)

    assert [row.id for row in rows] == [clerk.session_id]


def test_one_ends_another_session_of_ones_own(session: Session, clerk: Actor) -> None:
    other = next(row for row in open_sessions(session, "clerk") if row.id != clerk.session_id)

    own_account.end_own_session(session, clerk, other.id, now=NOW)

    assert [row.id for row in open_sessions(session, "clerk")] == [clerk.session_id]
    assert len(events(session, "session_ended")) == 1


def test_somebody_elses_session_looks_as_if_it_did_not_exist(desk: Desk, session: Session, clerk: Actor) -> None:
    stranger = desk.sign_in("manager").actor
    assert stranger.session_id is not None

    with pytest.raises(NotFound):
        own_account.end_own_session(session, clerk, stranger.session_id, now=NOW)
    with pytest.raises(NotFound):
        own_account.end_own_session(session, clerk, 999, now=NOW)

    assert len(open_sessions(session, "manager")) == 1


def test_one_ends_all_other_sessions_at_once(session: Session, clerk: Actor) -> None:
    assert own_account.end_other_sessions(session, clerk, now=NOW) == 1

    assert [row.id for row in open_sessions(session, "clerk")] == [clerk.session_id]
    assert own_account.end_other_sessions(session, clerk, now=NOW) == 0
    assert len(events(session, "session_ended")) == 1


def test_signing_out_ends_the_session_at_hand_only(session: Session, clerk: Actor) -> None:
    own_account.sign_out(session, clerk, now=NOW)

    (other,) = open_sessions(session, "clerk")
    assert other.id != clerk.session_id
    assert len(events(session, "signed_out")) == 1


def test_new_recovery_codes_replace_all_old_ones(desk: Desk, session: Session, clerk: Actor) -> None:
    old = own_account.make_recovery_codes(desk.writing, clerk, now=NOW)
    new = own_account.make_recovery_codes(desk.writing, clerk, now=NOW)

    with pytest.raises(Invalid):
        desk.recovery(desk.password("clerk"), old[0])
    assert means_of(session, clerk.account_id).codes_left == 10
    assert desk.recovery(desk.password("clerk"), new[0])
    assert means_of(session, clerk.account_id).codes_left == 9


def test_the_language_stays_with_the_account(session: Session, clerk: Actor) -> None:
    own_account.choose_language(session, clerk, "en")

    assert account(session, "clerk").locale == "en"
    assert account(session, "manager").locale == "zh"
    assert PEOPLE["clerk"][0] == clerk.account_id
