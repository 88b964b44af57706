"""Resetting a sign-in by four eyes, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.models.accounts import SignInReset
from app.queries.sign_in_resets import count_to_confirm, decided_resets, is_waiting, waiting_resets
from app.services.accounts import disable_account
from app.services.sign_in_resets import ask_reset, confirm_reset, refuse_reset, withdraw_reset
from tests.cast import NOW, PEOPLE, actor
from tests.phones import Desk, account, events, give_phone, open_sessions

CLERK = PEOPLE["clerk"][0]
RAW_RESET = text(
    "insert into sign_in_resets (id, account_id, asked_by, asked_at, expires_at, reason, state, decided_by, decided_at)"
    " values (:id, :account, :asked_by, '2026-01-01 00:00:00', '2026-01-02 00:00:00', 'x', :state, :by, :at)"
)
DAY = "2026-01-01 10:00:00"


def ask(session: Session, username: str = "clerk", who: str = "secadmin") -> int:
    """Ask for a reset as a member of the cast."""
    return ask_reset(session, actor(session, who), PEOPLE[username][0], "手机丢失，本人已到场", now=NOW)


def confirm(session: Session, reset_id: int, who: str = "secadmin_other") -> str:
    """Confirm a reset as a member of the cast."""
    return confirm_reset(session, actor(session, who), reset_id, now=NOW)[1]


def test_asking_alone_takes_nothing_away(session: Session) -> None:
    give_phone(session, "clerk")

    ask(session)

    row = account(session, "clerk")
    assert row.state == "active"
    assert row.password_hash
    assert row.totp_secret
    assert is_waiting(session, CLERK, now=NOW)


def test_the_second_person_takes_password_phone_and_sessions_and_sees_the_code(session: Session) -> None:
    give_phone(session, "clerk")
    Desk(session).sign_in("clerk")
    reset_id = ask(session)

    code = confirm(session, reset_id)

    row = account(session, "clerk")
    assert code
    assert (row.state, row.password_hash, row.totp_secret) == ("pending", None, None)
    assert open_sessions(session, "clerk") == []
    assert events(session, "sign_in_reset")[0].after == {"asked_by": "secadmin", "confirmed_by": "secadmin_other"}
    assert "clerk" in actor_roles(session)


def actor_roles(session: Session) -> set[str]:
    """The roles that the clerk holds, whatever his account's state."""
    from app.queries.actors import held_roles

    return {held.role.value for held in held_roles(session, CLERK, now=NOW)}


@pytest.mark.parametrize(("username", "who"), [("clerk", "manager"), ("clerk_city", "manager"), ("agent", "manager")])
def test_the_head_of_the_branch_or_of_one_above_confirms(session: Session, username: str, who: str) -> None:
    assert confirm(session, ask(session, username), who)


def test_the_head_of_another_branch_does_not_even_see_it(session: Session) -> None:
    reset_id = ask(session)

    with pytest.raises(NotFound):
        confirm(session, reset_id, "manager_west")
    assert waiting_resets(session, actor(session, "manager_west"), now=NOW) == []


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "clerk", "archivist_head", "agent"])
def test_nobody_else_asks_or_confirms(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(session, "clerk_west", who)
    reset_id = ask(session)
    with pytest.raises(NotFound):
        confirm(session, reset_id, who)


def test_a_manager_confirms_but_never_asks(session: Session) -> None:
    with pytest.raises(NotAllowed):
        ask(session, "clerk", "manager")


def test_who_asked_never_confirms_or_refuses(session: Session) -> None:
    reset_id = ask(session)

    with pytest.raises(NotAllowed):
        confirm(session, reset_id, "secadmin")
    with pytest.raises(NotAllowed):
        refuse_reset(session, actor(session, "secadmin"), reset_id, "不对", now=NOW)


def test_nobody_asks_or_confirms_for_himself(session: Session) -> None:
    with pytest.raises(NotAllowed):
        ask(session, "secadmin", "secadmin")
    for username in ("manager", "secadmin_other"):
        reset_id = ask(session, username)
        with pytest.raises(NotAllowed):
            confirm(session, reset_id, username)


def test_a_wish_needs_a_reason_and_an_account_that_is_open(session: Session) -> None:
    secadmin = actor(session, "secadmin")
    disable_account(session, actor(session, "sysadmin"), PEOPLE["agent"][0], "离职", now=NOW)

    with pytest.raises(Invalid):
        ask_reset(session, secadmin, CLERK, "  ", now=NOW)
    with pytest.raises(NotFound):
        ask_reset(session, secadmin, 999, "手机丢失", now=NOW)
    with pytest.raises(WrongState):
        ask(session, "agent")


def test_one_wish_at_a_time(session: Session) -> None:
    ask(session)

    with pytest.raises(WrongState) as refused:
        ask(session, "clerk", "secadmin_other")

    assert refused.value.code == "reset_waiting"


def test_a_wish_runs_out_and_makes_room_for_another(session: Session) -> None:
    reset_id = ask(session)
    later = NOW + timedelta(days=2)

    with pytest.raises(WrongState):
        confirm_reset(session, actor(session, "secadmin_other"), reset_id, now=later)
    assert [row.state for row in decided_resets(session, actor(session, "secadmin"), now=later)] == ["expired"]
    second = ask_reset(session, actor(session, "secadmin"), CLERK, "再次申请", now=later)

    assert session.get_one(SignInReset, reset_id).state == "expired"
    assert confirm_reset(session, actor(session, "secadmin_other"), second, now=later)


def test_what_was_decided_is_decided(session: Session) -> None:
    confirmed, refused, withdrawn = ask(session), ask(session, "agent"), ask(session, "archivist")
    confirm(session, confirmed)
    refuse_reset(session, actor(session, "secadmin_other"), refused, "未核实本人", now=NOW)
    withdraw_reset(session, actor(session, "secadmin"), withdrawn, now=NOW)

    for reset_id in (confirmed, refused, withdrawn):
        with pytest.raises(WrongState):
            confirm(session, reset_id)
    states = {row.state for row in decided_resets(session, actor(session, "secadmin"), now=NOW)}
    assert states == {"confirmed", "refused", "withdrawn"}
    assert len(events(session, "sign_in_reset_refused")) == len(events(session, "sign_in_reset_withdrawn")) == 1


def test_a_refusal_needs_a_reason_and_only_the_asker_takes_a_wish_back(session: Session) -> None:
    reset_id = ask(session)

    with pytest.raises(Invalid):
        refuse_reset(session, actor(session, "secadmin_other"), reset_id, "", now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_reset(session, actor(session, "secadmin_other"), reset_id, now=NOW)


def test_a_wish_dies_with_the_power_of_who_asked(session: Session) -> None:
    reset_id = ask(session)
    disable_account(session, actor(session, "sysadmin"), PEOPLE["secadmin"][0], "停职", now=NOW)

    with pytest.raises(WrongState) as refused:
        confirm(session, reset_id)

    assert refused.value.code == "reset_asker_gone"


def test_the_lists_say_what_waits_for_whom(session: Session) -> None:
    ask(session)
    asker, other, manager = (actor(session, name) for name in ("secadmin", "secadmin_other", "manager"))

    assert [count_to_confirm(session, who, now=NOW) for who in (asker, other, manager)] == [0, 1, 1]
    mine = waiting_resets(session, asker, now=NOW)[0]
    theirs = waiting_resets(session, manager, now=NOW)[0]
    assert (mine.is_mine, mine.may_confirm) == (True, False)
    assert (theirs.is_mine, theirs.may_confirm, theirs.asked_by) == (False, True, "安全甲")


@pytest.mark.parametrize(
    ("asked_by", "state", "by", "at"),
    [
        pytest.param("clerk", "asked", None, None, id="for oneself"),
        pytest.param("secadmin", "confirmed", "secadmin", DAY, id="confirmed by who asked"),
        pytest.param("secadmin", "confirmed", "clerk", DAY, id="confirmed by the person himself"),
        pytest.param("secadmin", "confirmed", None, DAY, id="confirmed by nobody"),
        pytest.param("secadmin", "confirmed", "manager", None, id="confirmed at no time"),
        pytest.param("secadmin", "done", None, DAY, id="a state that does not exist"),
    ],
)
def test_the_database_itself_keeps_four_eyes(
    session: Session, asked_by: str, state: str, by: str | None, at: str | None
) -> None:
    values = {"id": new_id(), "account": CLERK, "asked_by": PEOPLE[asked_by][0], "state": state, "at": at}

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(RAW_RESET, {**values, "by": PEOPLE[by][0] if by else None})


def test_the_database_takes_a_reset_of_four_eyes_and_one_open_wish(session: Session) -> None:
    values = {"account": CLERK, "asked_by": PEOPLE["secadmin"][0]}
    decided = {"state": "confirmed", "by": PEOPLE["manager"][0], "at": DAY}
    waiting = {"state": "asked", "by": None, "at": None}
    session.execute(RAW_RESET, {"id": new_id(), **values, **decided})
    session.execute(RAW_RESET, {"id": new_id(), **values, **waiting})

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(RAW_RESET, {"id": new_id(), **values, **waiting})
