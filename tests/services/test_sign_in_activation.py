"""Activation codes: printed once, good once, for some days; and the reset that gives a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, TooManyTries, WrongState
from app.models.accounts import Account, RecoveryCode
from app.queries.actors import LiveSession
from app.services import activation, passwords, recovery
from tests.cast import NOW, PEOPLE
from tests.phones import PASSWORD, Desk, account, events, give_phone, open_sessions

DAY = timedelta(days=1)
FIRST = "First-Light-1"


@pytest.fixture
def desk(session: Session) -> Desk:
    """The sign-in."""
    return Desk(session)


def pending(session: Session, username: str = "newcomer") -> Account:
    """Somebody whose account waits for activation."""
    row = account(session, username)
    row.state, row.password_hash, row.totp_secret = "pending", None, None
    session.flush()
    return row


def redeem(desk: Desk, code: str, password: str = FIRST, *, now=NOW) -> LiveSession:  # type: ignore[no-untyped-def]
    """Redeem a code and return the door that it opens."""
    activation.redeem(desk.writing, code, password, desk.visit(), rules=desk.rules, now=now)
    return desk.live(now)


def test_an_activation_code_has_a_hundred_bits_and_is_kept_as_a_hash(session: Session) -> None:
    row = pending(session)

    code = activation.issue(session, row, NOW)

    assert len(code.replace("-", "")) == 20
    assert row.activation_hash is not None
    assert code.replace("-", "") not in row.activation_hash


def test_redeeming_sets_the_password_and_leads_to_enrolment(desk: Desk, session: Session) -> None:
    code = activation.issue(session, pending(session), NOW)

    door = redeem(desk, code.lower().replace("-", " "))

    row = account(session, "newcomer")
    assert door.stage == "enrol"
    assert (row.state, row.activation_hash, row.password_changed_at) == ("active", None, NOW)
    assert desk.password("newcomer", FIRST).stage == "enrol"
    assert [entry.object_label for entry in events(session, "account_activated")] == ["newcomer"]


def test_an_activation_code_is_good_once(desk: Desk, session: Session) -> None:
    code = activation.issue(session, pending(session), NOW)
    redeem(desk, code)

    with pytest.raises(Invalid) as refused:
        redeem(desk, code, "Second-Light-2")

    assert refused.value.problems == {"code": ["activation_wrong"]}


def test_an_activation_code_expires(desk: Desk, session: Session) -> None:
    code = activation.issue(session, pending(session), NOW)

    with pytest.raises(Invalid):
        redeem(desk, code, now=NOW + 7 * DAY)

    assert redeem(desk, code, now=NOW + 6 * DAY)


def test_a_new_activation_code_kills_the_one_before(desk: Desk, session: Session) -> None:
    row = pending(session)
    old, new = activation.issue(session, row, NOW), activation.issue(session, row, NOW)

    with pytest.raises(Invalid):
        redeem(desk, old)

    assert redeem(desk, new)


@pytest.mark.parametrize("state", ["active", "disabled"])
def test_only_a_pending_account_is_given_an_activation_code(session: Session, state: str) -> None:
    row = account(session, "newcomer")
    row.state = state

    with pytest.raises(WrongState):
        activation.issue(session, row, NOW)


def test_an_account_disabled_before_activation_stays_disabled(desk: Desk, session: Session) -> None:
    row = pending(session)
    code = activation.issue(session, row, NOW)
    row.state = "disabled"
    session.flush()

    with pytest.raises(Invalid):
        redeem(desk, code)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("Short-1", "password_short"),
        ("onlysmallletters", "password_classes"),
        ("Newcomer-2026", "password_username"),
    ],
)
def test_a_weak_password_is_refused_and_the_code_stays_good(
    desk: Desk, session: Session, password: str, problem: str
) -> None:
    code = activation.issue(session, pending(session), NOW)

    with pytest.raises(Invalid) as refused:
        redeem(desk, code, password)

    assert refused.value.problems == {"password": [problem]}
    assert redeem(desk, code)


def test_guesses_at_activation_codes_are_bounded_for_an_address(desk: Desk) -> None:
    for _ in range(60):
        with pytest.raises(Invalid):
            redeem(desk, "AAAA-AAAA-AAAA-AAAA-AAAA")

    with pytest.raises(TooManyTries):
        redeem(desk, "AAAA-AAAA-AAAA-AAAA-AAAA")


def test_a_reset_takes_everything_that_one_can_sign_in_with(desk: Desk, session: Session) -> None:
    give_phone(session, "clerk")
    recovery.replace_codes(session, PEOPLE["clerk"][0], recovery.make_codes().kept)
    desk.sign_in("clerk")

    activation.reset_sign_in(session, PEOPLE["clerk"][0], NOW)

    row = account(session, "clerk")
    assert (row.state, row.password_hash, row.totp_secret, row.totp_enrolled_at) == ("pending", None, None, None)
    assert open_sessions(session, "clerk") == []
    assert session.scalars(select(RecoveryCode.id)).all() == []
    with pytest.raises(Invalid):
        desk.password("clerk")


def test_after_a_reset_the_new_code_leads_back_in_but_not_with_the_old_password(desk: Desk, session: Session) -> None:
    give_phone(session, "clerk")
    code = activation.reset_sign_in(session, PEOPLE["clerk"][0], NOW)

    with pytest.raises(Invalid) as refused:
        redeem(desk, code, PASSWORD)
    door = redeem(desk, code)

    assert refused.value.problems == {"password": ["password_used"]}
    assert desk.new_phone(door).entered.actor.roles == {"clerk"}


def test_a_disabled_or_unknown_account_is_not_reset(session: Session) -> None:
    account(session, "clerk").state = "disabled"
    session.flush()

    with pytest.raises(WrongState):
        activation.reset_sign_in(session, PEOPLE["clerk"][0], NOW)
    with pytest.raises(NotFound):
        activation.reset_sign_in(session, 999, NOW)


def test_the_last_five_passwords_are_not_taken_again(session: Session) -> None:
    row = account(session, "clerk")
    for number in range(6):
        row.password_hash = passwords.hash_password(f"Old-Horse-{number}")
        passwords.put_aside(session, row, now=NOW + number * DAY)
        session.flush()
    row.password_hash = passwords.hash_password("Old-Horse-6")
    session.flush()
    earlier = passwords.earlier_hashes(session, row.id)

    for number in (2, 3, 4, 5, 6):
        with pytest.raises(Invalid):
            passwords.refuse_unfit(f"Old-Horse-{number}", "clerk", earlier)
    passwords.refuse_unfit("Old-Horse-1", "clerk", earlier)
