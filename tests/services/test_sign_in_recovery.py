"""A lost phone: a recovery code, once, and a new phone at once; the old one stays bound until then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.models.accounts import RecoveryCode
from app.models.evidence import Notice
from app.services import doors, recovery
from app.services.doors import DoorShut, pending_secret
from app.services.slow_hash import SlowHash
from tests.cast import NOW, PEOPLE
from tests.phones import SECRET, Desk, account, code_at, events, give_password, give_phone, open_sessions, wrong_code

MINUTE = timedelta(minutes=1)
CODES = recovery.make_codes()
LATER = NOW + MINUTE


@pytest.fixture
def desk(session: Session) -> Desk:
    """The sign-in, with a clerk who has a phone and recovery codes."""
    give_phone(session, "clerk")
    recovery.replace_codes(session, PEOPLE["clerk"][0], CODES.kept)
    return Desk(session)


def test_ten_codes_are_made_and_none_is_kept_in_clear() -> None:
    assert len(set(CODES.shown)) == 10
    assert all(len(shown.replace("-", "")) == 20 for shown in CODES.shown)
    assert all(kept[4:].startswith("$argon2id$") for kept in CODES.kept)
    assert not any(shown.replace("-", "")[4:] in kept for shown in CODES.shown for kept in CODES.kept)


def test_a_recovery_code_leads_to_a_new_phone_and_into_a_session(desk: Desk, session: Session) -> None:
    door = desk.recovery(desk.password("clerk", now=LATER), CODES.shown[3], now=LATER)
    enrolled = desk.new_phone(door, now=LATER)

    assert door.stage == "enrol"
    assert len(open_sessions(session, "clerk")) == 1
    assert account(session, "clerk").totp_secret != SECRET
    assert len(enrolled.codes) == 10
    assert [entry.reason for entry in events(session, "recovery_code_used")] == [""]


def test_the_owner_and_the_security_administrators_are_told_of_a_recovery_code(desk: Desk, session: Session) -> None:
    desk.recovery(desk.password("clerk", now=LATER), CODES.shown[3], now=LATER)

    told = {notice.account_id: (notice.kind, notice.details) for notice in session.scalars(select(Notice))}
    assert told == {
        PEOPLE["clerk"][0]: ("recovery_code_used", {"left": 9}),
        PEOPLE["secadmin"][0]: ("recovery_code_used_by", {"user": "clerk", "left": 9}),
        PEOPLE["secadmin_other"][0]: ("recovery_code_used_by", {"user": "clerk", "left": 9}),
    }


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f" {code}。",
        lambda code: code.translate({ord(str(n)): 0xFF10 + n for n in range(10)}),
        lambda code: code.replace("0", "o").replace("1", "l"),
    ],
)
def test_a_recovery_code_is_known_however_it_is_typed(desk: Desk, typed) -> None:  # type: ignore[no-untyped-def]
    door = desk.recovery(desk.password("clerk"), typed(CODES.shown[0]))

    assert door.stage == "enrol"


def test_a_recovery_code_is_spent_once(desk: Desk) -> None:
    desk.recovery(desk.password("clerk"), CODES.shown[0])

    with pytest.raises(Invalid) as refused:
        desk.recovery(desk.password("clerk"), CODES.shown[0])

    assert refused.value.problems == {"code": ["recovery_wrong"]}


def test_a_recovery_code_of_somebody_else_is_refused(desk: Desk, session: Session) -> None:
    give_phone(session, "manager")

    with pytest.raises(Invalid):
        desk.recovery(desk.password("manager"), CODES.shown[0])


@pytest.mark.parametrize(
    "typed",
    [CODES.shown[0], CODES.shown[0][:4] + "-0000-0000-0000-0000", "nonsense", ""],
    ids=["right", "wrong", "nonsense", "empty"],
)
def test_each_try_costs_one_slow_hash(desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    checked: list[str | None] = []
    real = SlowHash.is_of
    monkeypatch.setattr(SlowHash, "is_of", lambda self, kept, code: checked.append(kept) or real(self, kept, code))
    candidates = recovery.find_candidates(desk.session, PEOPLE["clerk"][0], typed)

    recovery.find_match(candidates, typed)

    assert len(checked) == 1


def test_who_stops_after_the_recovery_code_still_needs_a_second_factor(desk: Desk, session: Session) -> None:
    desk.recovery(desk.password("clerk"), CODES.shown[0])

    assert desk.password("clerk").stage == "password"
    assert desk.code(desk.password("clerk"), code_at(NOW))


def test_binding_a_new_phone_kills_the_old_one_its_sessions_and_the_old_codes(desk: Desk, session: Session) -> None:
    desk.sign_in("clerk")
    door = desk.recovery(desk.password("clerk", now=LATER), CODES.shown[0], now=LATER)

    desk.new_phone(door, now=LATER)

    (only,) = open_sessions(session, "clerk")
    assert only.started_at == LATER
    with pytest.raises(Invalid):
        desk.code(desk.password("clerk", now=LATER + MINUTE), code_at(LATER + MINUTE), now=LATER + MINUTE)
    with pytest.raises(Invalid):
        desk.recovery(desk.password("clerk", now=LATER + MINUTE), CODES.shown[1], now=LATER + MINUTE)
    left = session.scalars(select(RecoveryCode.id).where(RecoveryCode.account_id == PEOPLE["clerk"][0])).all()
    assert len(left) == 10


def test_a_phone_is_bound_only_with_a_code_that_it_shows(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    door = desk.password("newcomer")
    another = code_at(NOW + timedelta(hours=1), pending_secret(session, door.id, now=NOW))

    with pytest.raises(Invalid) as refused:
        desk.enrol(door, another)

    assert refused.value.problems == {"code": ["code_wrong"]}
    assert account(session, "newcomer").totp_secret is None


def test_the_secret_is_not_on_the_account_before_its_first_code(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    door = desk.password("newcomer")

    secret = pending_secret(session, door.id, now=NOW)

    assert len(secret) == 32
    assert account(session, "newcomer").totp_secret is None


def test_enrolment_is_dead_for_those_who_are_enrolled(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    first, second = desk.password("newcomer"), desk.password("newcomer")
    secret = pending_secret(session, second.id, now=NOW)
    desk.new_phone(first)

    with pytest.raises(DoorShut):
        desk.enrol(second, code_at(NOW, secret))
    with pytest.raises(DoorShut):
        desk.enrol(desk.password("newcomer"), code_at(NOW, secret))


def test_a_door_opened_before_somebody_enrolled_is_dead_whatever_kept_it_open(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    desk.new_phone(desk.password("newcomer"))
    doors.open_door(
        session, PEOPLE["newcomer"][0], doors.ENROL, desk.visit(), rules=desk.rules, now=NOW - timedelta(seconds=1)
    )
    overlooked = desk.live()

    with pytest.raises(DoorShut):
        desk.new_phone(overlooked)


def test_a_door_that_asks_for_the_code_cannot_bind_a_phone(desk: Desk) -> None:
    door = desk.password("clerk")

    with pytest.raises(DoorShut):
        desk.enrol(door, code_at(NOW))


def test_the_code_that_bound_the_phone_is_spent(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    door = desk.password("newcomer")
    secret = pending_secret(session, door.id, now=NOW)
    desk.new_phone(door)

    with pytest.raises(Invalid):
        desk.code(desk.password("newcomer"), code_at(NOW, secret))


def test_failures_at_enrolment_do_not_use_up_the_codes_of_sign_in(session: Session) -> None:
    give_password(session, "newcomer")
    desk = Desk(session)
    door = desk.password("newcomer")
    for _ in range(5):
        with pytest.raises(Invalid):
            desk.enrol(door, wrong_code(NOW))
    later = NOW + 16 * MINUTE
    secret = pending_secret(session, desk.password("newcomer", now=later).id, now=later)
    desk.enrol(desk.live(later), code_at(later, secret), now=later)

    afterwards = later + MINUTE
    assert desk.code(desk.password("newcomer", now=afterwards), code_at(afterwards, secret), now=afterwards)
