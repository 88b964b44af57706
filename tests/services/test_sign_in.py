"""Password, then code, on both databases: what opens a door, what leads through it, and what ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, TooManyTries
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, SignInAttempt, SignInSession
from app.queries.actors import session_by_token
from app.services import attempts, passwords, sign_in
from app.services.doors import DoorShut
from app.services.slow_hash import SlowHash
from tests.cast import NOW, PEOPLE
from tests.phones import (
    PASSWORD,
    SECRET,
    Desk,
    account,
    code_at,
    events,
    give_password,
    give_phone,
    open_sessions,
    steps_in,
    wrong_code,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session: Session) -> Desk:
    """The sign-in, with a clerk who has a phone."""
    give_phone(session, "clerk")
    return Desk(session)


def test_password_and_code_open_a_session(desk: Desk, session: Session) -> None:
    entered = desk.sign_in("clerk")

    (opened,) = open_sessions(session, "clerk")
    assert entered.actor.session_id == opened.id
    assert opened.stepped_up_at == NOW
    assert opened.expires_at == NOW + timedelta(hours=12)
    assert [entry.account_id for entry in events(session, "signed_in")] == [PEOPLE["clerk"][0]]


def test_an_administrators_session_is_shorter(desk: Desk, session: Session) -> None:
    give_phone(session, "secadmin")

    desk.sign_in("secadmin")

    (opened,) = open_sessions(session, "secadmin")
    assert opened.expires_at == NOW + timedelta(hours=8)


def test_the_password_alone_opens_a_door_and_no_session(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")

    assert door.stage == "password"
    assert door.actor.held == ()
    assert open_sessions(session, "clerk") == []


def test_somebody_without_a_phone_is_led_to_enrolment(desk: Desk, session: Session) -> None:
    give_password(session, "newcomer")

    door = desk.password("newcomer")

    assert door.stage == "enrol"


@pytest.mark.parametrize("typed", ["CLERK", " clerk ", "ｃｌｅｒｋ"])
def test_a_user_name_is_known_however_it_is_typed(desk: Desk, typed: str) -> None:
    assert desk.password(typed).stage == "password"


def test_a_password_typed_in_full_width_is_the_same_password(desk: Desk) -> None:
    typed = "".join(chr(ord(character) + 0xFEE0) for character in PASSWORD)

    assert desk.password("clerk", typed).stage == "password"


@pytest.mark.parametrize("reason", ["unknown_account", "wrong_password", "account_disabled", "account_pending"])
def test_every_refusal_of_a_password_looks_the_same(desk: Desk, session: Session, reason: str) -> None:
    username = "nobody" if reason == "unknown_account" else "clerk"
    password = "Wrong-Horse-7" if reason == "wrong_password" else PASSWORD
    if reason.startswith("account_"):
        session.execute(
            update(Account).where(Account.username == "clerk").values(state=reason.removeprefix("account_"))
        )

    with pytest.raises(Invalid) as refused:
        desk.password(username, password)

    assert refused.value.problems == {"": ["sign_in_wrong"]}
    (entry,) = events(session, "sign_in_failed")
    assert (entry.outcome, entry.reason, entry.address) == ("refused", reason, "10.0.0.1")


def test_every_refusal_of_a_password_costs_one_slow_hash(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = SlowHash.is_of
    monkeypatch.setattr(SlowHash, "is_of", lambda self, kept, typed: checked.append(kept) or real(self, kept, typed))
    session.execute(update(Account).where(Account.username == "manager").values(state="disabled"))

    for username in ("nobody", "clerk", "manager", "auditor"):
        with pytest.raises(Invalid):
            desk.password(username, "Wrong-Horse-7")

    assert len(checked) == 4


def test_an_unknown_user_name_is_kept_as_a_fingerprint_only(desk: Desk, session: Session) -> None:
    with pytest.raises(Invalid):
        desk.password("my-secret-password", "x")

    (entry,) = events(session, "sign_in_failed")
    kept = [entry.object_label, *session.scalars(select(SignInAttempt.subject))]
    assert entry.object_label.startswith("unknown:")
    assert not any("my-secret-password" in text for text in kept)


def test_no_slow_hash_is_computed_while_a_transaction_is_open(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_phone(session, "clerk")
    is_open: list[bool] = []
    seen: list[bool] = []
    inner = steps_in(session)

    @contextmanager
    def writing() -> Iterator[Session]:
        is_open.append(True)
        with inner() as given:
            yield given
        is_open.pop()

    real = SlowHash.is_of
    monkeypatch.setattr(SlowHash, "is_of", lambda self, *args: seen.append(bool(is_open)) or real(self, *args))
    desk = Desk(session)
    desk.writing = writing

    desk.password("clerk")

    assert seen == [False]


def test_a_try_is_written_down_before_it_is_checked(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = passwords.is_right

    def is_right(password: str, kept: str | None) -> bool:
        written.append(len(session.scalars(select(SignInAttempt.id)).all()))
        return real(password, kept)

    monkeypatch.setattr(passwords, "is_right", is_right)

    desk.password("clerk")

    assert written == [1]


def test_a_hash_of_another_strength_is_replaced_at_the_next_sign_in(desk: Desk, session: Session) -> None:
    weak = SlowHash(memory_kib=1024, passes=1).make(PASSWORD)
    session.execute(update(Account).where(Account.username == "clerk").values(password_hash=weak))

    desk.password("clerk")

    kept = account(session, "clerk").password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(PASSWORD, kept)


def test_a_door_is_gone_through_once(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")
    desk.code(door, code_at(NOW))

    with pytest.raises(DoorShut):
        desk.code(door, code_at(NOW + MINUTE), now=NOW + MINUTE)

    assert len(open_sessions(session, "clerk")) == 1


def test_a_door_stays_open_for_ten_minutes(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")
    token_hash = desk.last_hash

    late = session_by_token(session, token_hash, address="", now=NOW + 10 * MINUTE)
    in_time = session_by_token(session, token_hash, address="", now=NOW + 9 * MINUTE)

    assert late is None
    assert in_time is not None
    assert in_time.id == door.id


def test_an_account_disabled_between_password_and_code_does_not_get_in(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")
    session.execute(update(Account).where(Account.username == "clerk").values(state="disabled"))

    with pytest.raises(Invalid):
        desk.code(door, code_at(NOW))

    assert open_sessions(session, "clerk") == []


def test_the_third_session_ends_the_oldest(desk: Desk, session: Session) -> None:
    for minutes in (0, 1, 2):
        desk.sign_in("clerk", now=NOW + minutes * MINUTE)

    assert [row.started_at for row in open_sessions(session, "clerk")] == [NOW + MINUTE, NOW + 2 * MINUTE]
    first = select(SignInSession.end_reason).where(SignInSession.started_at == NOW, SignInSession.stage == "full")
    assert session.scalars(first).all() == ["too_many"]


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_has_one_session(session: Session, username: str) -> None:
    give_phone(session, username)
    desk = Desk(session)

    for minutes in (0, 1):
        desk.sign_in(username, now=NOW + minutes * MINUTE)

    assert [row.started_at for row in open_sessions(session, username)] == [NOW + MINUTE]


def test_an_old_password_is_told_of(session: Session) -> None:
    give_phone(session, "clerk", changed_at=NOW - timedelta(days=91))
    give_phone(session, "manager", changed_at=NOW - timedelta(days=89))
    desk = Desk(session)

    assert desk.sign_in("clerk").password_is_old
    assert not desk.sign_in("manager").password_is_old


def test_wrong_passwords_are_bounded_for_an_account_from_one_address(desk: Desk) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            desk.password("clerk", "Wrong-Horse-7")

    with pytest.raises(TooManyTries) as refused:
        desk.password("clerk")

    assert refused.value.minutes == 15


def test_wrong_passwords_from_elsewhere_lock_nobody_out(desk: Desk, session: Session) -> None:
    stranger = Desk(session, address="10.9.9.9")
    for _ in range(11):
        with pytest.raises((Invalid, TooManyTries)):
            stranger.password("clerk", "Wrong-Horse-7")

    assert desk.password("clerk").stage == "password"


def test_wrong_passwords_are_bounded_for_an_address_whatever_the_account(desk: Desk, session: Session) -> None:
    desk.rules = replace(desk.rules, address_tries_in_window=4)
    for username in ("clerk", "manager", "nobody", "noone"):
        with pytest.raises(Invalid):
            desk.password(username, "Wrong-Horse-7")

    with pytest.raises(TooManyTries):
        desk.password("clerk")

    assert Desk(session, address="10.9.9.9").password("clerk").stage == "password"


def test_an_unknown_user_name_is_bounded_like_a_known_one(desk: Desk) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            desk.password("nobody", "Wrong-Horse-7")

    with pytest.raises(TooManyTries) as refused:
        desk.password("nobody", "Wrong-Horse-7")

    assert refused.value.minutes == 15


def test_the_bound_on_passwords_loosens_after_the_window(desk: Desk) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            desk.password("clerk", "Wrong-Horse-7")

    assert desk.password("clerk", now=NOW + 15 * MINUTE).stage == "password"


def test_right_passwords_use_up_no_budget(desk: Desk) -> None:
    for _ in range(12):
        desk.password("clerk")


def test_throttled_tries_leave_one_entry_in_the_trail(desk: Desk, session: Session) -> None:
    for _ in range(30):
        with pytest.raises((Invalid, TooManyTries)):
            desk.password("clerk", "Wrong-Horse-7")

    reasons = [entry.reason for entry in events(session, "sign_in_failed")]
    assert reasons == ["wrong_password"] * 10 + ["too_many_tries"]


def test_throttled_codes_leave_one_entry_in_the_trail(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")
    for _ in range(30):
        with pytest.raises((Invalid, TooManyTries)):
            desk.code(door, wrong_code(NOW))

    reasons = [entry.reason for entry in events(session, "sign_in_failed")]
    assert reasons == ["wrong_code"] * 5 + ["too_many_tries"]


def test_neither_codes_nor_passwords_are_in_the_trail(desk: Desk, session: Session) -> None:
    door = desk.password("clerk")
    with pytest.raises(Invalid):
        desk.code(door, wrong_code(NOW))
    with pytest.raises(Invalid):
        desk.password("clerk", "Wrong-Horse-7")

    kept = " ".join(f"{entry.object_label} {entry.reason} {entry.after}" for entry in events(session, "sign_in_failed"))
    for secret in (wrong_code(NOW), "Wrong-Horse-7", SECRET):
        assert secret not in kept


def test_old_tries_are_forgotten(desk: Desk, session: Session) -> None:
    with pytest.raises(Invalid):
        desk.password("clerk", "Wrong-Horse-7")

    attempts.forget_old(session, now=NOW + timedelta(days=2, seconds=1))

    assert session.scalars(select(SignInAttempt.id)).all() == []


def test_a_password_changed_while_it_was_being_checked_does_not_open_a_door(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.is_right

    def is_right(password: str, kept: str | None) -> bool:
        session.execute(update(Account).where(Account.username == "clerk").values(password_hash="another"))
        return real(password, kept)

    monkeypatch.setattr(passwords, "is_right", is_right)

    with pytest.raises(Invalid):
        sign_in.give_password(desk.writing, "clerk", PASSWORD, desk.visit(), rules=SignInRules(), now=NOW)
