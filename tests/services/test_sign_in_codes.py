"""The phone's code: six ASCII digits, one step either way, taken once on every surface, few guesses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, TooManyTries
from app.models.accounts import Account
from app.services import own_account, totp
from tests.cast import NOW
from tests.phones import SECRET, Desk, account, code_at, events, give_phone, open_sessions, wrong_code

MINUTE = timedelta(minutes=1)
STEP = timedelta(seconds=30)


@pytest.fixture
def desk(session: Session) -> Desk:
    """The sign-in, with a clerk who has a phone."""
    give_phone(session, "clerk")
    return Desk(session)


def refuse(desk: Desk, code: str, *, times: int = 1, now=NOW) -> None:  # type: ignore[no-untyped-def]
    """Give a code that is refused, so many times."""
    for _ in range(times):
        with pytest.raises(Invalid) as refused:
            desk.code(desk.password("clerk", now=now), code, now=now)
        assert refused.value.problems == {"code": ["code_wrong"]}


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_that_is_one_step_off_does_no_harm(desk: Desk, session: Session, drift: int) -> None:
    desk.code(desk.password("clerk"), code_at(NOW + drift * STEP))

    assert len(open_sessions(session, "clerk")) == 1


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_clock_that_is_two_steps_off_is_refused(desk: Desk, drift: int) -> None:
    refuse(desk, code_at(NOW + drift * STEP))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda code: code.translate({ord(str(n)): 0xFF10 + n for n in range(10)}),  # １２３
        lambda code: code.translate({ord(str(n)): 0x1D7CE + n for n in range(10)}),  # 𝟏𝟐𝟑
        lambda code: code.translate({ord(str(n)): 0x0660 + n for n in range(10)}),  # Arabic-Indic
        lambda code: code + "\n",
        lambda code: f" {code}",
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: f"0{code}",
        lambda code: code[:5],
        lambda code: "",
    ],
)
def test_anything_but_six_ascii_digits_is_refused_like_a_wrong_code(desk: Desk, spoilt) -> None:  # type: ignore[no-untyped-def]
    refuse(desk, spoilt(code_at(NOW)))


def test_a_code_is_taken_once(desk: Desk, session: Session) -> None:
    desk.code(desk.password("clerk"), code_at(NOW))

    refuse(desk, code_at(NOW))

    assert len(open_sessions(session, "clerk")) == 1


def test_a_code_before_one_that_was_taken_is_dead(desk: Desk) -> None:
    desk.code(desk.password("clerk"), code_at(NOW + STEP))

    refuse(desk, code_at(NOW))


def test_a_code_given_at_sign_in_is_dead_for_step_up_and_the_other_way_round(desk: Desk) -> None:
    entered = desk.sign_in("clerk")

    with pytest.raises(Invalid):
        own_account.step_up(desk.writing, entered.actor, code_at(NOW), "t1", rules=desk.rules, now=NOW)
    own_account.step_up(desk.writing, entered.actor, code_at(NOW + STEP), "t2", rules=desk.rules, now=NOW)

    refuse(desk, code_at(NOW + STEP))


def test_a_clock_set_back_does_not_bring_a_code_back(desk: Desk) -> None:
    desk.sign_in("clerk", now=NOW + 5 * MINUTE)

    refuse(desk, code_at(NOW))


def test_of_two_steps_with_the_same_code_the_later_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totp, "code_of_step", lambda _secret, _step: "123456")

    assert totp.matching_step(SECRET, "123456", now=NOW) == int(NOW.timestamp()) // 30 + 1


def test_five_wrong_codes_close_the_code_stage_for_a_while(desk: Desk) -> None:
    refuse(desk, wrong_code(NOW), times=5)

    with pytest.raises(TooManyTries) as refused:
        desk.code(desk.password("clerk"), code_at(NOW))

    assert refused.value.minutes == 15


def test_a_new_sign_in_does_not_reset_the_count_of_wrong_codes(desk: Desk, session: Session) -> None:
    refuse(desk, wrong_code(NOW), times=4)
    elsewhere = Desk(session, address="10.2.2.2")
    refuse(elsewhere, wrong_code(NOW))

    with pytest.raises(TooManyTries):
        elsewhere.code(elsewhere.password("clerk"), code_at(NOW))


def test_a_right_code_does_not_erase_wrong_ones(desk: Desk) -> None:
    refuse(desk, wrong_code(NOW), times=4)
    desk.sign_in("clerk")
    refuse(desk, wrong_code(NOW + MINUTE), now=NOW + MINUTE)

    with pytest.raises(TooManyTries):
        desk.sign_in("clerk", now=NOW + 2 * MINUTE)


def test_right_codes_use_up_no_budget(desk: Desk) -> None:
    for minutes in range(7):
        desk.sign_in("clerk", now=NOW + minutes * MINUTE)


def test_twenty_wrong_codes_close_the_code_stage_for_the_day(desk: Desk) -> None:
    for quarter in range(4):
        at = NOW + quarter * 15 * MINUTE
        refuse(desk, wrong_code(at), times=5, now=at)

    with pytest.raises(TooManyTries) as refused:
        desk.sign_in("clerk", now=NOW + timedelta(hours=2))

    assert refused.value.minutes == 22 * 60
    assert desk.sign_in("clerk", now=NOW + timedelta(hours=24))


def test_a_closed_code_stage_leaves_the_passwords_of_all_and_the_codes_of_others_alone(
    desk: Desk, session: Session
) -> None:
    give_phone(session, "manager")
    refuse(desk, wrong_code(NOW), times=5)

    assert desk.password("clerk").stage == "password"
    assert desk.sign_in("manager")


def test_wrong_codes_at_step_up_and_wrong_recovery_codes_draw_on_the_same_budget(desk: Desk) -> None:
    actor = desk.sign_in("clerk").actor
    refuse(desk, wrong_code(NOW), times=2)
    for _ in range(2):
        with pytest.raises(Invalid):
            own_account.step_up(desk.writing, actor, wrong_code(NOW), "t", rules=desk.rules, now=NOW)
    with pytest.raises(Invalid):
        desk.recovery(desk.password("clerk"), "AAAA-AAAA-AAAA-AAAA-AAAA")

    with pytest.raises(TooManyTries):
        desk.code(desk.password("clerk"), code_at(NOW + STEP))
    with pytest.raises(TooManyTries):
        own_account.step_up(desk.writing, actor, code_at(NOW + STEP), "t", rules=desk.rules, now=NOW)
    with pytest.raises(TooManyTries):
        desk.recovery(desk.password("clerk"), "AAAA-AAAA-AAAA-AAAA-AAAA")


def test_a_step_up_renews_the_token_and_notes_the_time(desk: Desk, session: Session) -> None:
    actor = desk.sign_in("clerk").actor
    later = NOW + MINUTE

    own_account.step_up(desk.writing, actor, code_at(later), "fresh", rules=desk.rules, now=later)

    (row,) = open_sessions(session, "clerk")
    assert (row.token_hash, row.stepped_up_at) == ("fresh", later)
    assert [entry.session_id for entry in events(session, "stepped_up")] == [row.id]


def test_an_account_that_was_disabled_cannot_spend_a_code(desk: Desk, session: Session) -> None:
    session.execute(update(Account).where(Account.username == "clerk").values(state="disabled"))

    assert not totp.spend(session, account(session, "clerk").id, code_at(NOW), now=NOW)
